/** Owns the buttons on a task: run it now and see what came of it, let it rest, go on, end it, take it away. */
import type { ReactNode } from 'react';
import { TASK_PAUSED, TASK_RESUMED } from '../../api/guesses.ts';
import { useChange } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/states.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { RunBadge } from './task-cells.tsx';
import { type Task, TASK_ROUTES } from './task-words.ts';

interface TaskActionsProps {
  readonly task: Task;
  /** By which the API finds it. */
  readonly taskKey: string;
  readonly onGone?: () => void;
}

export function TaskActions({ task: { id, state }, taskKey: key, onGone }: TaskActionsProps): ReactNode {
  const { tasks } = useTexts();
  const params = { id: key };
  if (state === 'cancelled' || state === 'done') {
    return (
      <div className="actions">
        <ActionButton
          route="DELETE /tasks/{id}"
          parts={{ params }}
          touches={TASK_ROUTES}
          question={tasks.removeQuestion(id)}
          onDone={() => onGone?.()}
        >
          {tasks.remove}
        </ActionButton>
      </div>
    );
  }
  return (
    <div className="actions">
      <RunNow taskKey={key} title={id} />
      {state === 'active' ? (
        <ActionButton route="POST /tasks/{id}/pause" parts={{ params }} touches={TASK_ROUTES} guesses={TASK_PAUSED}>
          {tasks.pause}
        </ActionButton>
      ) : (
        <ActionButton
          route="POST /tasks/{id}/resume"
          parts={{ params, body: {} }}
          touches={TASK_ROUTES}
          guesses={TASK_RESUMED}
        >
          {tasks.resume}
        </ActionButton>
      )}
      <ActionButton
        route="POST /tasks/{id}/cancel"
        parts={{ params }}
        touches={TASK_ROUTES}
        question={tasks.cancelQuestion(id)}
      >
        {tasks.cancel}
      </ActionButton>
    </div>
  );
}

/** Waits for the run with the person who asked for it. */
function RunNow({ taskKey, title }: { readonly taskKey: string; readonly title: string }): ReactNode {
  const { tasks, state } = useTexts();
  const mayRun = useMay('user');
  const run = useChange('POST /tasks/{id}/run', TASK_ROUTES);
  if (!mayRun) return null;
  const close = (): void => run.reset();
  return (
    <>
      <button type="button" disabled={run.isPending} onClick={() => run.mutate({ params: { id: taskKey } })}>
        {run.isPending ? tasks.running : tasks.runNow}
      </button>
      {run.data === undefined && run.error === null ? null : (
        <Dialog title={`${title}: ${tasks.ranNow}`} onClose={close}>
          {run.error === null ? null : <Failure error={run.error} />}
          {run.data === undefined ? null : (
            <div role="status">
              <RunBadge state={run.data.state} />
              {run.data.reason === null || run.data.state === 'ran' ? null : (
                <p>
                  <VisibleText text={run.data.reason} />
                </p>
              )}
              {run.data.output === null ? null : (
                <pre className="tasks-output" tabIndex={0}>
                  <VisibleText text={run.data.output} />
                </pre>
              )}
            </div>
          )}
          <div className="actions">
            <button type="button" onClick={close}>
              {state.close}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
