/** Owns making and changing a task: what it does, when, where its answer goes, and the next times while one types. */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ApiError } from '../../api/client.ts';
import { useChange } from '../../api/use-api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import { typeOfText } from './schedule-plan.ts';
import { changeBody, createBody, draftOf, newDraft, type TaskDraft, toolInputOf } from './task-draft.ts';
import { MoreFields, ToolFields } from './task-form-fields.tsx';
import { type Task, TASK_ROUTES } from './task-words.ts';

interface NewTaskProps {
  readonly onSaid: (said: string) => void;
}

export function NewTask({ onSaid }: NewTaskProps): ReactNode {
  const { tasks } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useSearchParams();
  // So the palette opens it.
  const isAsked = asked.get('do') === 'new';
  const create = useChange('POST /tasks', TASK_ROUTES);
  const mayMake = useMay('user');
  if (!mayMake) return null;
  const close = (): void => {
    create.reset();
    setOpen(false);
    if (isAsked) setAsked({}, { replace: true });
  };
  const submit = (draft: TaskDraft): void =>
    create.mutate(
      { body: createBody(draft) },
      {
        onSuccess: ({ id }) => {
          close();
          onSaid(tasks.made(id));
        },
      },
    );
  return (
    <>
      <button type="button" className="main" onClick={() => setOpen(true)}>
        {tasks.create}
      </button>
      {isOpen || isAsked ? (
        <Dialog title={tasks.create} onClose={close}>
          <TaskForm
            start={newDraft()}
            isNew
            error={create.error}
            isBusy={create.isPending}
            onSubmit={submit}
            onClose={close}
          />
        </Dialog>
      ) : null}
    </>
  );
}

interface EditTaskProps extends NewTaskProps {
  readonly task: Task;
  readonly taskKey: string;
}

export function EditTask({ task, taskKey, onSaid }: EditTaskProps): ReactNode {
  const { tasks } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const change = useChange('PATCH /tasks/{id}', TASK_ROUTES);
  const mayChange = useMay('user');
  if (!mayChange) return null;
  const close = (): void => {
    change.reset();
    setOpen(false);
  };
  const submit = (draft: TaskDraft): void => {
    const body = changeBody(draft, task);
    if (Object.keys(body).length === 0) return close();
    change.mutate(
      { params: { id: taskKey }, body },
      {
        onSuccess: () => {
          close();
          onSaid(tasks.changed(task.id));
        },
      },
    );
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {tasks.edit}
      </button>
      {isOpen ? (
        <Dialog title={task.id} onClose={close}>
          <TaskForm
            start={draftOf(task)}
            isNew={false}
            error={change.error}
            isBusy={change.isPending}
            onSubmit={submit}
            onClose={close}
          />
        </Dialog>
      ) : null}
    </>
  );
}

interface TaskFormProps {
  readonly start: TaskDraft;
  readonly isNew: boolean;
  readonly error: ApiError | null;
  readonly isBusy: boolean;
  readonly onSubmit: (draft: TaskDraft) => void;
  readonly onClose: () => void;
}

function TaskForm({ start, isNew, error, isBusy, onSubmit, onClose }: TaskFormProps): ReactNode {
  const { tasks, state } = useTexts();
  const [draft, setDraft] = useState(start);
  const take = (part: Partial<TaskDraft>): void => setDraft({ ...draft, ...part });
  const isToolInputWrong = draft.way === 'tool' && toolInputOf(draft) === undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isToolInputWrong) onSubmit(draft);
  };
  return (
    <form className="fields tasks-form" onSubmit={submit}>
      {isNew ? <Ways draft={draft} onDraft={take} /> : null}
      {draft.way === 'prompt' ? (
        <PromptField prompt={draft.prompt} onPrompt={(prompt) => take({ prompt })} problem={error?.fields['prompt']} />
      ) : (
        <ToolFields draft={draft} isNew={isNew} isWrong={isToolInputWrong} onDraft={take} />
      )}
      <ScheduleFields
        schedule={draft.schedule}
        onSchedule={(schedule) => take({ schedule })}
        problem={error?.fields['schedule_value']}
      />
      {isNew ? <OnceFields draft={draft} onDraft={take} /> : null}
      {isNew ? <IdField id={draft.id} onId={(id) => take({ id })} problem={error?.fields['id']} /> : null}
      <details>
        <summary>{tasks.options}</summary>
        <MoreFields draft={draft} onDraft={take} />
      </details>
      {error === null ? null : <Failure error={error} />}
      <div className="actions">
        <button type="button" onClick={onClose}>
          {state.cancel}
        </button>
        <button type="submit" className="main" disabled={isBusy}>
          {state.save}
        </button>
      </div>
    </form>
  );
}

interface DraftProps {
  readonly draft: TaskDraft;
  readonly onDraft: (part: Partial<TaskDraft>) => void;
}

function Ways({ draft, onDraft }: DraftProps): ReactNode {
  const { tasks } = useTexts();
  const name = useId();
  return (
    <fieldset className="choice-list">
      <legend>{tasks.what}</legend>
      {(['prompt', 'tool'] as const).map((way) => (
        <label key={way}>
          <input type="radio" name={name} checked={draft.way === way} onChange={() => onDraft({ way })} />
          {tasks.ways[way]}
        </label>
      ))}
    </fieldset>
  );
}

interface PromptFieldProps {
  readonly prompt: string;
  readonly onPrompt: (prompt: string) => void;
  readonly problem: string | undefined;
}

function PromptField({ prompt, onPrompt, problem }: PromptFieldProps): ReactNode {
  const { tasks } = useTexts();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{tasks.prompt}</label>
      <textarea
        id={id}
        data-kind="textarea"
        required
        rows={4}
        value={prompt}
        aria-invalid={problem !== undefined}
        onChange={({ target }) => onPrompt(target.value)}
      />
      {problem === undefined ? null : <span className="bad-text">{problem}</span>}
    </div>
  );
}

interface IdFieldProps {
  readonly id: string;
  readonly onId: (id: string) => void;
  readonly problem: string | undefined;
}

function IdField({ id, onId, problem }: IdFieldProps): ReactNode {
  const { tasks, words } = useTexts();
  const field = useId();
  return (
    <div className="field">
      <label htmlFor={field}>{words.id}</label>
      <input
        id={field}
        data-kind="text"
        pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
        autoComplete="off"
        value={id}
        aria-describedby={`${field}-about`}
        aria-invalid={problem !== undefined}
        onChange={({ target }) => onId(target.value)}
      />
      <span id={`${field}-about`} className={problem === undefined ? 'quiet' : 'bad-text'}>
        {problem ?? tasks.idHint}
      </span>
    </div>
  );
}

/** What is asked of a single moment alone. */
function OnceFields({ draft, onDraft }: DraftProps): ReactNode {
  const { tasks } = useTexts();
  if (typeOfText(draft.schedule.value) !== 'once') return null;
  const choice = (label: string, isOn: boolean, part: (isOn: boolean) => Partial<TaskDraft>): ReactNode => (
    <label className="tasks-choice">
      <input type="checkbox" checked={isOn} onChange={({ target }) => onDraft(part(target.checked))} /> {label}
    </label>
  );
  return (
    <>
      {choice(tasks.allowPast, draft.allowPast, (allowPast) => ({ allowPast }))}
      {choice(tasks.allowGap, draft.allowGap, (allowGap) => ({ allowGap }))}
    </>
  );
}
