/** Owns a button that changes something by the API: asked for first where it cannot be undone, and its failure shown beside it. */
import { type ReactNode, useRef, useState } from 'react';
import type { Endpoint, Parts, Result } from '../api/client.ts';
import type { Guess } from '../api/guess.ts';
import { useChange } from '../api/use-api.ts';
import { useTexts } from '../language/use-texts.ts';
import { type Needed, useMay } from '../session-gate.tsx';
import { Dialog } from './dialog.tsx';

interface ActionButtonProps<Name extends Endpoint> {
  readonly route: Name;
  readonly parts: Parts<Name>;
  /** Routes whose answers change by it. */
  readonly touches: readonly Endpoint[];
  /** What it will most likely come to, shown at once. */
  readonly guesses?: readonly Guess<Name>[];
  readonly children: ReactNode;
  /** The question before it; none for what can be taken back. */
  readonly question?: string;
  readonly isMain?: boolean;
  /** Who sees it; everybody but those who only read when absent. */
  readonly needs?: Needed;
  readonly onDone?: (result: Result<Name>) => void;
}

export function ActionButton<Name extends Endpoint>(props: ActionButtonProps<Name>): ReactNode {
  const { route, parts, touches, guesses = [], children, question, isMain = false, needs = 'user', onDone } = props;
  const may = useMay(needs);
  const { state } = useTexts();
  const change = useChange(route, touches, guesses);
  const [isAsking, setAsking] = useState(false);
  const isActing = useRef(false);
  if (!may) return null;
  const act = (): void => {
    // The second press of a double click comes before the button is drawn as busy.
    if (isActing.current) return;
    isActing.current = true;
    // Told even when the row with this button is gone by then; a failure stands in `change`.
    const done = change.mutateAsync(parts).then(onDone, () => undefined);
    void done.finally(() => {
      isActing.current = false;
    });
  };
  return (
    <>
      <button
        type="button"
        className={isMain ? 'main' : undefined}
        disabled={change.isPending}
        onClick={() => (question === undefined ? act() : setAsking(true))}
      >
        {children}
      </button>
      {change.error === null ? null : (
        <span className="bad-text" role="alert">
          {state.failed(change.error.message)}
        </span>
      )}
      {isAsking && question !== undefined ? (
        <Confirm question={question} onYes={act} onClose={() => setAsking(false)} />
      ) : null}
    </>
  );
}

interface ConfirmProps {
  readonly question: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

function Confirm({ question, onYes, onClose }: ConfirmProps): ReactNode {
  const { state } = useTexts();
  return (
    <Dialog title={question} onClose={onClose}>
      <form method="dialog" className="actions">
        <button type="submit">{state.cancel}</button>
        <button type="submit" className="main" onClick={onYes}>
          {state.yes}
        </button>
      </form>
    </Dialog>
  );
}
