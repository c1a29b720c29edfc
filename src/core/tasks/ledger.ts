/** Owns the ledger: claims what is due, so that every due instant has exactly one row and no instant runs twice, over all processes. A row and the next instant are written in one transaction. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import { ENGLISH, type Catalogue } from '../kernel/language/catalogue.ts';
import { newId } from '../kernel/ids.ts';
import { currentProcess } from '../kernel/process-identity.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store, Tables } from '../store/store.ts';
import type { TaskRow, TaskRunRow } from '../store/tasks-table.ts';
import { type Accounted, accountFor } from './account.ts';
import { readSchedule, type Schedule } from './schedule.ts';
import { refusalOf, tellOwner } from './task-owner.ts';

export interface LedgerDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The words owners are spoken to in; English when absent. */
  readonly catalogue?: Catalogue;
}

export interface Claimed {
  readonly task: TaskRow;
  readonly run: TaskRunRow;
}

/** Accounts for everything that is due, and claims what is to run now: at most one run per task, and `most` of them. What goes wrong with one task goes to `onTrouble` and keeps no other from its turn. */
export async function claimDue(
  { store, clock, catalogue = ENGLISH }: LedgerDeps,
  { most = Infinity, onTrouble }: { readonly most?: number; readonly onTrouble: (error: Error, id: string) => void },
): Promise<Claimed[]> {
  const now = clock.now();
  const claimed: Claimed[] = [];
  for (const id of await store.tasks.due(now)) {
    if (claimed.length >= most) break;
    try {
      const found = await store.transaction((tables) => claimTask(tables, id, now, catalogue));
      if (found !== undefined) claimed.push(found);
    } catch (error) {
      onTrouble(toError(error), id);
    }
  }
  return claimed;
}

async function claimTask(tables: Tables, id: string, now: number, catalogue: Catalogue): Promise<Claimed | undefined> {
  // Another process may have been here between the list and this transaction.
  const task = await tables.tasks.dueTask(id, now);
  if (task === undefined || task.next_at === null) return undefined;
  const schedule = readableSchedule(task);
  if (schedule instanceof Error)
    return disableUnreadable(tables, task, { dueAt: task.next_at, now, error: schedule, catalogue });
  const refusal = await refusalOf(tables, task);
  const { rows, next } = accountFor({
    schedule,
    from: task.next_at,
    now,
    misfire: task.misfire,
    maxLatenessMs: task.max_lateness_ms,
    backoffUntil: task.backoff_until,
  });
  const ledger = rows.map((row) => runRow(task.id, row, now));
  const open = ledger.find((row) => row.state === 'running');
  if (open !== undefined && refusal !== undefined) {
    Object.assign(open, { state: 'failed', reason: refusal, runner: null, ended_at: now });
  }
  await tables.tasks.insertRuns(ledger);
  await tellMissed(tables, task, rows, { now, catalogue });
  if (refusal !== undefined) {
    await disable(tables, task, { reason: refusal, next: next ?? null, now, catalogue });
    return undefined;
  }
  const end = next === undefined && open === undefined ? { state: 'done' as const, reason: 'no instant is left' } : {};
  await tables.tasks.update(id, { next_at: next ?? null, ...end });
  return open === undefined ? undefined : { task, run: open };
}

async function disable(
  tables: Tables,
  task: TaskRow,
  {
    reason,
    next,
    now,
    catalogue,
  }: {
    readonly reason: string;
    readonly next: number | null;
    readonly now: number;
    readonly catalogue: Catalogue;
  },
): Promise<void> {
  await tables.tasks.update(task.id, { state: 'disabled', reason, next_at: next, updated_at: now });
  await tellOwner(tables, task, { text: phrase('taskDisabled', reason), key: `disabled ${now}`, now }, catalogue);
}

/** What was valid at its creation may be no more: zones come and go with the system. */
function readableSchedule(task: TaskRow): Schedule | ClawError {
  try {
    return scheduleOf(task);
  } catch (error) {
    if (error instanceof ClawError) return error;
    throw error;
  }
}

async function disableUnreadable(
  tables: Tables,
  task: TaskRow,
  {
    dueAt,
    now,
    error,
    catalogue,
  }: {
    readonly dueAt: number;
    readonly now: number;
    readonly error: ClawError;
    readonly catalogue: Catalogue;
  },
): Promise<undefined> {
  const reason = `its schedule cannot be read any more: ${error.message}`;
  const row = { dueAt, instants: 1, lastDueAt: dueAt, state: 'missed' as const, reason };
  await tables.tasks.insertRuns([runRow(task.id, row, now)]);
  await disable(tables, task, { reason, next: null, now, catalogue });
}

async function tellMissed(
  tables: Tables,
  task: TaskRow,
  rows: readonly Accounted[],
  { now, catalogue }: { readonly now: number; readonly catalogue: Catalogue },
): Promise<void> {
  const missed = rows.filter(({ state }) => state === 'missed');
  const first = missed[0];
  if (first === undefined) return;
  const count = missed.reduce((sum, { instants }) => sum + instants, 0);
  const since = new Date(first.dueAt).toISOString();
  const text = phrase('runsMissed', count, since, first.reason ?? '');
  await tellOwner(tables, task, { text, key: `missed ${first.dueAt}`, now }, catalogue);
}

/** Accounts for what is due without running any of it, for `reason`; returns the next instant. Call inside a transaction. */
export async function skipDue(tables: Tables, task: TaskRow, reason: string, now: number): Promise<number | null> {
  if (task.next_at === null) return null;
  const { rows, next } = accountFor({
    schedule: scheduleOf(task),
    from: task.next_at,
    now,
    misfire: task.misfire,
    maxLatenessMs: null,
    backoffUntil: null,
    onlySkip: reason,
  });
  await tables.tasks.insertRuns(rows.map((row) => runRow(task.id, row, now)));
  return next ?? null;
}

/** Claims a run by hand, whatever the schedule says. Call inside a transaction. Throws `conflict` while it runs, and when it may not run at all. */
export async function claimByHand(tables: Tables, task: TaskRow, now: number): Promise<Claimed> {
  const isOpen = (await tables.tasks.openRuns()).some((run) => run.task_id === task.id);
  const refusal = task.state === 'cancelled' ? 'it is cancelled' : await refusalOf(tables, task);
  const why = isOpen ? 'it runs at this moment' : refusal;
  if (why !== undefined) throw new ClawError('conflict', `Task ${task.name} cannot be run: ${why}.`);
  const row = { dueAt: now, instants: 1, lastDueAt: now, state: 'running' as const, reason: 'run by hand' };
  const run = { ...runRow(task.id, row, now), is_manual: 1 };
  await tables.tasks.insertRuns([run]);
  return { task, run };
}

export function scheduleOf(task: TaskRow): Schedule {
  return readSchedule({
    type: task.schedule_type,
    value: task.schedule_value,
    zone: task.zone,
    anchor: task.anchor_at,
  });
}

function runRow(taskId: string, row: Accounted, now: number): TaskRunRow {
  const isOpen = row.state === 'running';
  return {
    id: newId(now),
    task_id: taskId,
    due_at: row.dueAt,
    is_manual: 0,
    instants: row.instants,
    last_due_at: row.lastDueAt,
    state: row.state,
    reason: row.reason,
    runner: isOpen ? currentProcess() : null,
    beat: 0,
    conversation_id: null,
    inbound_id: isOpen ? newId(now) : null,
    turn_id: null,
    is_tool_begun: 0,
    output: null,
    claimed_at: now,
    ended_at: isOpen ? null : now,
  };
}
