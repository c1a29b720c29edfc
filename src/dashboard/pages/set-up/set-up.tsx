/** Owns the set-up of a new home: the owner's account by the link that is good once, then steps that can be skipped, then the chat. */
import './set-up.css';
import { type ReactNode, useEffect, useState } from 'react';
import { useChange } from '../../api/use-api.ts';
import { Failure, Loading } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { AssistantStep } from './assistant-step.tsx';
import { ModelStep } from './model-step.tsx';
import { OwnerStep } from './owner-step.tsx';

interface SetUpProps {
  readonly secret: string;
  /** Leads away, to a path. */
  readonly onLeave: (path: string) => void;
}

const STEPS = ['owner', 'model', 'assistant'] as const;

export function SetUp({ secret, onLeave }: SetUpProps): ReactNode {
  const { setUp } = useTexts();
  const [step, setStep] = useState<(typeof STEPS)[number]>('owner');
  const [owner, setOwner] = useState<string>();
  return (
    <main className="centre">
      <div className="card set-up">
        <Steps now={step} />
        {owner === undefined ? null : <p role="status">{setUp.signedIn(owner)}</p>}
        {step === 'owner' ? (
          <Welcome
            secret={secret}
            onLeave={onLeave}
            onDone={(name) => {
              setOwner(name);
              setStep('model');
            }}
          />
        ) : null}
        {step === 'model' ? (
          <>
            <h1>{setUp.model}</h1>
            <p className="quiet">{setUp.modelLead}</p>
            <ModelStep
              again={setUp.next}
              onDone={() => setStep('assistant')}
              aside={
                <button type="button" onClick={() => setStep('assistant')}>
                  {setUp.skip}
                </button>
              }
            />
          </>
        ) : null}
        {step === 'assistant' ? <AssistantStep onDone={() => onLeave('/dashboard/chat')} /> : null}
      </div>
    </main>
  );
}

function Steps({ now }: { readonly now: (typeof STEPS)[number] }): ReactNode {
  const { setUp } = useTexts();
  return (
    <ol className="set-up-steps" aria-label={setUp.steps}>
      {STEPS.map((step) => (
        <li key={step} aria-current={step === now ? 'step' : undefined}>
          {setUp[step]}
        </li>
      ))}
    </ol>
  );
}

interface WelcomeProps extends SetUpProps {
  readonly onDone: (name: string) => void;
}

/** Looks how the link stands before anybody types. */
function Welcome({ secret, onLeave, onDone }: WelcomeProps): ReactNode {
  const look = useChange('POST /auth/set-up/state');
  const { mutate, data, error, isIdle } = look;
  useEffect(() => {
    if (isIdle) mutate({ body: { secret } });
  }, [isIdle, mutate, secret]);
  if (error !== null) return <Failure error={error} onRetry={() => mutate({ body: { secret } })} />;
  if (data === undefined) return <Loading />;
  if (data.state === 'good') {
    return (
      <OwnerStep
        secret={secret}
        name={data.username ?? ''}
        onDone={onDone}
        onRefused={() => mutate({ body: { secret } })}
      />
    );
  }
  return <NoGood state={data.state} onLeave={onLeave} />;
}

type Bad = 'used' | 'expired' | 'replaced' | 'done' | 'unknown';

function NoGood({ state, onLeave }: Pick<SetUpProps, 'onLeave'> & { readonly state: Bad }): ReactNode {
  const { setUp } = useTexts();
  const isOver = state === 'used' || state === 'done';
  return (
    <>
      <h1>{setUp.refused}</h1>
      <p role="alert">{setUp.states[state]}</p>
      {isOver ? null : (
        <div>
          <p className="quiet">{setUp.newLink}</p>
          <pre>claw dashboard</pre>
        </div>
      )}
      <div className="actions">
        <button type="button" className={isOver ? 'main' : undefined} onClick={() => onLeave('/')}>
          {setUp.toSignIn}
        </button>
      </div>
    </>
  );
}
