/** Owns the list of tasks: found by a word, their schedule in words, next and last run. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { Loaded, Nothing } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { TaskActions } from './task-actions.tsx';
import { LastRun, NextCell, ScheduleCell, TaskState } from './task-cells.tsx';
import type { Task } from './task-words.ts';

type Last = Result<'GET /task-last-runs'>[number];

interface Wanted {
  readonly text: string;
  /** Empty: those that are not over. */
  readonly state: string;
  readonly type: string;
  readonly owner: string;
}

const STATES = ['active', 'paused', 'disabled', 'done', 'cancelled', 'all'] as const;
const TYPES = ['cron', 'interval', 'once'] as const;
const PAGE = 50;

export function TaskList(): ReactNode {
  const { tasks } = useTexts();
  const [wanted, setWanted] = useState<Wanted>({ text: '', state: '', type: '', owner: '' });
  const all = ['done', 'cancelled', 'all'].includes(wanted.state);
  const list = useRead('GET /tasks', { query: all ? { all: 'true' } : {} });
  const last = useRead('GET /task-last-runs', { query: all ? { all: 'true' } : {} });
  const lastOf = new Map((last.data ?? []).map((each) => [each.uid, each]));
  const owners = [...new Set((last.data ?? []).flatMap(({ owner }) => (owner === null ? [] : [owner])))];
  const isUntouched = wanted.text === '' && wanted.type === '' && wanted.owner === '' && wanted.state === '';
  return (
    <Loaded of={list} isEmpty={() => isUntouched} empty={tasks.none}>
      {(rows) => (
        <>
          <Filter wanted={wanted} owners={owners} onWanted={setWanted} />
          <TaskTable rows={rows.filter((task) => isWanted(task, lastOf.get(task.uid), wanted))} lastOf={lastOf} />
        </>
      )}
    </Loaded>
  );
}

function isWanted(task: Task, last: Last | undefined, wanted: Wanted): boolean {
  const all = `${task.id} ${task.prompt ?? ''} ${task.tool ?? ''}`.toLowerCase();
  const hasWords = wanted.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
  return (
    hasWords &&
    ['', 'all', task.state].includes(wanted.state) &&
    ['', task.schedule_type].includes(wanted.type) &&
    ['', last?.owner].includes(wanted.owner)
  );
}

interface FilterProps {
  readonly wanted: Wanted;
  readonly owners: readonly string[];
  readonly onWanted: (wanted: Wanted) => void;
}

function Filter({ wanted, owners, onWanted }: FilterProps): ReactNode {
  const { tasks, words } = useTexts();
  return (
    <div className="bar tasks-filter" role="search">
      <label className="field">
        {tasks.find}
        <input
          type="search"
          value={wanted.text}
          onChange={({ target }) => onWanted({ ...wanted, text: target.value })}
        />
      </label>
      <label className="field">
        {words.state}
        <select value={wanted.state} onChange={({ target }) => onWanted({ ...wanted, state: target.value })}>
          <option value="">{tasks.open}</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {state === 'all' ? words.all : tasks.states[state]}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {words.kind}
        <select value={wanted.type} onChange={({ target }) => onWanted({ ...wanted, type: target.value })}>
          <option value="">{words.all}</option>
          {TYPES.map((type) => (
            <option key={type} value={type}>
              {tasks.types[type]}
            </option>
          ))}
        </select>
      </label>
      {owners.length < 2 ? null : (
        <label className="field">
          {tasks.whose}
          <select value={wanted.owner} onChange={({ target }) => onWanted({ ...wanted, owner: target.value })}>
            <option value="">{words.all}</option>
            {owners.map((owner) => (
              <option key={owner} value={owner}>
                {owner}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

interface TaskTableProps {
  readonly rows: readonly Task[];
  readonly lastOf: ReadonlyMap<string, Last>;
}

function TaskTable({ rows, lastOf }: TaskTableProps): ReactNode {
  const { nav, tasks, words } = useTexts();
  const isAdmin = useMay('admin');
  const [shown, setShown] = useState(PAGE);
  if (rows.length === 0) return <Nothing>{tasks.noneFits}</Nothing>;
  // Two people may call their tasks the same.
  const keyOf = ({ id, uid }: Task): string => (isAdmin ? uid : id);
  const hasOwners = new Set(rows.map(({ owner_id: owner }) => owner)).size > 1;
  return (
    <>
      <Table
        caption={nav.tasks}
        rows={rows.slice(0, shown)}
        keyOf={({ uid }) => uid}
        columns={[
          {
            title: words.id,
            cell: (task) => (
              <>
                <Link to={`/dashboard/tasks/${encodeURIComponent(keyOf(task))}`}>{task.id}</Link>
                {hasOwners ? <p className="tasks-about">{lastOf.get(task.uid)?.owner}</p> : null}
              </>
            ),
          },
          { title: tasks.prompt, cell: (task) => <WhatCell task={task} /> },
          { title: tasks.schedule, cell: (task) => <ScheduleCell task={task} /> },
          { title: tasks.next, cell: (task) => <NextCell task={task} /> },
          { title: tasks.last, cell: ({ uid }) => <LastRun run={lastOf.get(uid)?.run} /> },
          { title: words.state, cell: (task) => <TaskState task={task} /> },
          { title: words.actions, cell: (task) => <TaskActions task={task} taskKey={keyOf(task)} /> },
        ]}
      />
      {rows.length > shown ? (
        <button type="button" onClick={() => setShown(shown + PAGE)}>
          {tasks.more}
        </button>
      ) : null}
    </>
  );
}

function WhatCell({ task: { prompt, tool } }: { readonly task: Task }): ReactNode {
  return <div className="tasks-what">{prompt === null ? <code>{tool}</code> : <VisibleText text={prompt} />}</div>;
}
