/** Owns why a task ran or did not, in words. */
import type { Clock } from '../kernel/clock.ts';
import type { Store } from '../store/store.ts';
import type { TaskRow, TaskRunRow } from '../store/tasks-table.ts';
import { scheduleOf } from './ledger.ts';

export interface Explained {
  readonly task: TaskRow;
  readonly run: TaskRunRow | undefined;
  readonly text: string;
}

interface ExplainDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** How it stands now, or what became of the instant `at` (milliseconds UTC). */
export function explainTask(deps: ExplainDeps, task: TaskRow, at?: number): Promise<Explained> {
  return at === undefined ? explainNow(deps, task) : explainInstant(deps.store, task, at);
}

async function explainNow({ store, clock }: ExplainDeps, task: TaskRow): Promise<Explained> {
  const [run] = await store.tasks.history(task.id, 1);
  const { state, reason, next_at: next, backoff_until: wait, failures } = task;
  const parts = [
    reason === null ? state : `${state} (${reason})`,
    next === null ? 'no instant is left' : `next at ${iso(next)}`,
    ...(wait !== null && wait > clock.now() ? [`waits until ${iso(wait)} after ${failures} failures`] : []),
    run === undefined ? 'it has not been due yet' : `last: ${iso(run.due_at)} ${told(run)}`,
  ];
  return { task, run, text: parts.join('; ') };
}

async function explainInstant(store: Store, task: TaskRow, asked: number): Promise<Explained> {
  // Instants are shown without their milliseconds.
  const due = scheduleOf(task).next(asked - 1) ?? Infinity;
  const isDue = asked + 999 > task.anchor_at && due - asked < 1000;
  const at = isDue ? due : asked;
  const run = await store.tasks.runAt(task.id, at);
  if (run !== undefined) return { task, run, text: `${iso(at)}: ${told(run)}` };
  if (!isDue) return { task, run, text: `${iso(at)} is not an instant of its schedule` };
  const why =
    task.state === 'active'
      ? 'not due yet, or due and not looked at yet: is `claw serve` running?'
      : `the task is ${task.state}`;
  return { task, run, text: `${iso(at)}: ${why}` };
}

function told({ state, reason }: TaskRunRow): string {
  return reason === null ? state : `${state}: ${reason}`;
}

const iso = (instant: number): string => new Date(instant).toISOString();
