/** Owns the card that tells an admin what a new home still lacks; gone when a model answers, or when it is hidden in this browser. */
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { useRead } from '../api/use-api.ts';
import { useTexts } from '../language/use-texts.ts';
import { keepHidden, readHidden } from '../preferences.ts';
import { useMay } from '../session-gate.tsx';
import { Dialog } from './dialog.tsx';
import { Section } from './section.tsx';
import { Loading } from './states.tsx';

const ModelStep = lazy(async () => ({ default: (await import('../pages/set-up/model-step.tsx')).ModelStep }));

/** Nothing for those who may not change settings, and nothing while it is not known. */
export function FirstSteps(): ReactNode {
  const { firstSteps } = useTexts();
  const isAdmin = useMay('admin');
  const [isHidden, setHidden] = useState(() => readHidden('first-steps'));
  const [isChoosing, setChoosing] = useState(false);
  const steps = useRead('GET /first-steps', {}, { isEnabled: isAdmin && !isHidden });
  if (!isAdmin || isHidden || (steps.data?.model_ready !== false && !isChoosing)) return null;
  return (
    <Section
      title={firstSteps.title}
      actions={
        <button
          type="button"
          onClick={() => {
            keepHidden('first-steps');
            setHidden(true);
          }}
        >
          {firstSteps.hide}
        </button>
      }
    >
      <p>{firstSteps.model}</p>
      <div className="actions">
        <Link className="button" to="/dashboard/channels">
          {firstSteps.channels}
        </Link>
        <Link className="button" to="/dashboard/chat">
          {firstSteps.talk}
        </Link>
        <button type="button" className="main" onClick={() => setChoosing(true)}>
          {firstSteps.chooseModel}
        </button>
      </div>
      {isChoosing ? <Choosing onClose={() => setChoosing(false)} /> : null}
    </Section>
  );
}

function Choosing({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { firstSteps, state } = useTexts();
  return (
    <Dialog title={firstSteps.chooseModel} onClose={onClose}>
      <Suspense fallback={<Loading />}>
        <ModelStep
          again={state.close}
          onDone={onClose}
          aside={
            <button type="button" onClick={onClose}>
              {state.cancel}
            </button>
          }
        />
      </Suspense>
    </Dialog>
  );
}
