/** Owns the page of scheduled work: what runs next, what became of each due moment, and a form that shows the next times while one types. */
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog, type Typed } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

type Task = Result<'GET /tasks'>[number];
const TOUCHED = ['GET /tasks', 'GET /tasks/{id}', 'GET /tasks/{id}/history'] as const;
const FRESH_MS = 10_000;
const KINDS = ['cron', 'interval', 'once'] as const;
const MISFIRES = ['skip', 'once', 'all'] as const;

export function Tasks(): ReactNode {
  const { nav } = useTexts();
  const { id } = useParams();
  const list = useRead('GET /tasks', { query: {} }, { everyMs: FRESH_MS });
  return (
    <>
      <div className="bar">
        <h1>{nav.tasks}</h1>
        <NewTask />
      </div>
      <Loaded of={list}>{(rows) => <TaskTable rows={rows} />}</Loaded>
      {id === undefined ? null : <Ledger key={id} id={id} />}
    </>
  );
}

function TaskTable({ rows }: { readonly rows: readonly Task[] }): ReactNode {
  const { nav, tasks, words } = useTexts();
  return (
    <Table
      caption={nav.tasks}
      rows={rows}
      keyOf={({ uid }) => uid}
      columns={[
        { title: words.id, cell: ({ id }) => <Link to={`/dashboard/tasks/${encodeURIComponent(id)}`}>{id}</Link> },
        { title: tasks.prompt, cell: ({ prompt, tool }) => prompt ?? <code>{tool}</code> },
        {
          title: tasks.schedule,
          cell: (task) => (
            <>
              <code>{task.schedule_value}</code> <span className="quiet">{task.tz}</span>
            </>
          ),
        },
        { title: tasks.next, cell: ({ next_at: at }) => (at == null ? '–' : instant(at)) },
        { title: words.state, cell: ({ state, reason }) => `${state}${reason === null ? '' : `: ${reason}`}` },
        { title: words.actions, cell: (task) => <TaskActions task={task} /> },
      ]}
    />
  );
}

function TaskActions({ task: { id, state } }: { readonly task: Task }): ReactNode {
  const { tasks } = useTexts();
  const params = { id };
  if (state === 'cancelled' || state === 'done') return null;
  return (
    <div className="actions">
      <ActionButton route="POST /tasks/{id}/run" parts={{ params }} touches={TOUCHED}>
        {tasks.runNow}
      </ActionButton>
      {state === 'active' ? (
        <ActionButton route="POST /tasks/{id}/pause" parts={{ params }} touches={TOUCHED}>
          {tasks.pause}
        </ActionButton>
      ) : (
        <ActionButton route="POST /tasks/{id}/resume" parts={{ params, body: {} }} touches={TOUCHED}>
          {tasks.resume}
        </ActionButton>
      )}
      <ActionButton
        route="POST /tasks/{id}/cancel"
        parts={{ params }}
        touches={TOUCHED}
        question={tasks.cancelQuestion}
      >
        {tasks.cancel}
      </ActionButton>
    </div>
  );
}

function NewTask(): ReactNode {
  const { tasks, words } = useTexts();
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <FormDialog
      title={tasks.create}
      opensBy="new"
      isMain
      fields={[
        { name: 'id', label: words.id, hint: 'morning-news' },
        { name: 'prompt', label: tasks.prompt, kind: 'textarea', isRequired: true },
        { name: 'schedule_type', label: tasks.type, kind: 'select', options: KINDS },
        { name: 'schedule_value', label: tasks.scheduleValue, isRequired: true, hint: '0 9 * * 1-5' },
        { name: 'tz', label: tasks.zone, value: zone },
        { name: 'misfire', label: tasks.misfire, kind: 'select', options: MISFIRES },
      ]}
      route="POST /tasks"
      toParts={(typed) => ({
        body: {
          ...scheduleOf(typed),
          ...(typed('id') === '' ? {} : { id: typed('id') }),
          prompt: typed('prompt'),
          misfire: MISFIRES.find((each) => each === typed('misfire')) ?? 'skip',
        },
      })}
      touches={TOUCHED}
      preview={(typed) => <NextTimes schedule={scheduleOf(typed)} />}
    />
  );
}

interface Schedule {
  readonly schedule_type: (typeof KINDS)[number];
  readonly schedule_value: string;
  readonly tz: string;
}

function scheduleOf(typed: Typed): Schedule {
  return {
    schedule_type: KINDS.find((each) => each === typed('schedule_type')) ?? 'cron',
    schedule_value: typed('schedule_value'),
    tz: typed('tz'),
  };
}

function NextTimes({ schedule }: { readonly schedule: Schedule }): ReactNode {
  const { tasks, state } = useTexts();
  const times = useRead(
    'GET /task-preview',
    { query: { ...schedule, count: 3 } },
    { isEnabled: schedule.schedule_value.trim() !== '' },
  );
  return (
    <output className="quiet">
      {tasks.preview}:{' '}
      {times.error === null
        ? (times.data ?? []).map((at) => instant(at)).join(' · ')
        : state.failed(times.error.message)}
    </output>
  );
}

function Ledger({ id }: { readonly id: string }): ReactNode {
  const { tasks, words } = useTexts();
  const runs = useRead('GET /tasks/{id}/history', { params: { id }, query: { limit: 100 } }, { everyMs: FRESH_MS });
  return (
    <section>
      <h2>
        {tasks.ledger}: {id}
      </h2>
      <Loaded of={runs}>
        {(rows) => (
          <Table
            caption={tasks.ledger}
            rows={rows}
            keyOf={(run) => run.id}
            columns={[
              { title: tasks.due, cell: ({ due_at: at }) => instant(at) },
              { title: words.state, cell: ({ state }) => state },
              { title: words.reason, cell: ({ reason }) => reason ?? '' },
              { title: words.text, cell: ({ output }) => output ?? '' },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
