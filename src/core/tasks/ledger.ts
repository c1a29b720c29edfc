/** Owns the ledger: claims what is due, so that every due instant has exactly one row and no instant runs twice, over all processes. A row and the next instant are written in one transaction. */
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { currentProcess, isProcessAlive } from '../kernel/process-identity.ts';
import type { Store, Tables } from '../store/store.ts';
import type { TaskRow, TaskRunRow } from '../store/tasks-table.ts';
import { type Accounted, accountFor } from './account.ts';
import { readSchedule } from './schedule.ts';
import { refusalOf, tellOwner } from './task-owner.ts';

export interface LedgerDeps {
  readonly store: Store;
  readonly clock: Clock;
}

export interface Claimed {
  readonly task: TaskRow;
  readonly run: TaskRunRow;
}

/** Accounts for everything that is due, and claims what is to run now: at most one run per task, and `most` of them. */
export async function claimDue({ store, clock }: LedgerDeps, most = Infinity): Promise<Claimed[]> {
  const now = clock.now();
  const claimed: Claimed[] = [];
  for (const { id } of await store.tasks.due(now)) {
    if (claimed.length >= most) break;
    const found = await store.transaction((tables) => claimTask(tables, id, now));
    if (found !== undefined) claimed.push(found);
  }
  return claimed;
}

async function claimTask(tables: Tables, id: string, now: number): Promise<Claimed | undefined> {
  // Another process may have been here between the list and this transaction.
  const task = (await tables.tasks.due(now)).find((each) => each.id === id);
  if (task === undefined || task.next_at === null) return undefined;
  const refusal = await refusalOf(tables, task);
  const { rows, next } = accountFor({
    schedule: scheduleOf(task),
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
  await tellMissed(tables, task, rows, now);
  if (refusal !== undefined) {
    await tables.tasks.update(id, { state: 'disabled', reason: refusal, next_at: next ?? null, updated_at: now });
    await tellOwner(tables, task, { text: `It is disabled: ${refusal}.`, key: `disabled ${now}`, now });
    return undefined;
  }
  const end = next === undefined && open === undefined ? { state: 'done' as const, reason: 'no instant is left' } : {};
  await tables.tasks.update(id, { next_at: next ?? null, ...end });
  return open === undefined ? undefined : { task, run: open };
}

async function tellMissed(tables: Tables, task: TaskRow, rows: readonly Accounted[], now: number): Promise<void> {
  const missed = rows.filter(({ state }) => state === 'missed');
  const first = missed[0];
  if (first === undefined) return;
  const count = missed.reduce((sum, { instants }) => sum + instants, 0);
  const since = new Date(first.dueAt).toISOString();
  const text = `${count === 1 ? 'A run was' : `${count} runs were`} missed, due ${since}: ${first.reason ?? ''}.`;
  await tellOwner(tables, task, { text, key: `missed ${first.dueAt}`, now });
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

/** Takes over what a process that died left open. */
export async function takeOver({ store }: LedgerDeps): Promise<Claimed[]> {
  const taken: Claimed[] = [];
  for (const run of await store.tasks.openRuns()) {
    if (isProcessAlive(run.runner ?? '')) continue;
    const task = await store.tasks.find(run.task_id);
    const runner = currentProcess();
    if (task === undefined || !(await store.tasks.updateRun(run.id, run.runner ?? '', { runner }))) continue;
    taken.push({ task, run: { ...run, runner } });
  }
  return taken;
}

/** Claims a run by hand, whatever the schedule says. Call inside a transaction. */
export async function claimByHand(tables: Tables, task: TaskRow, now: number): Promise<Claimed> {
  const row = { dueAt: now, instants: 1, lastDueAt: now, state: 'running' as const, reason: 'run by hand' };
  const run = { ...runRow(task.id, row, now), is_manual: 1 };
  await tables.tasks.insertRuns([run]);
  return { task, run };
}

export function scheduleOf(task: TaskRow): ReturnType<typeof readSchedule> {
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
    conversation_id: null,
    inbound_id: isOpen ? newId(now) : null,
    turn_id: null,
    is_tool_begun: 0,
    output: null,
    claimed_at: now,
    ended_at: isOpen ? null : now,
  };
}
