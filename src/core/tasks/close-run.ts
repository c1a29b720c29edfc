/** Owns the end of a run: its row of the ledger, what goes out, and what becomes of the task, in one transaction. */
import { queueOutgoing } from '../conversations/outgoing.ts';
import type { Clock } from '../kernel/clock.ts';
import { ENGLISH, type Catalogue } from '../kernel/language/catalogue.ts';
import { toError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store, Tables } from '../store/store.ts';
import type { Claimed } from './ledger.ts';
import { destinationOfTask, tellFailure } from './task-owner.ts';

export interface Outcome {
  readonly state: 'ran' | 'skipped' | 'failed';
  readonly reason: string | null;
  readonly output: string | null;
  readonly turnId?: string | null;
}

/** So many failures in a row before the task waits, then 5 minutes, doubled each time, a day at most (milliseconds). */
const FAILURES_BEFORE_WAIT = 3;
const FIRST_WAIT_MS = 300_000;
const LONGEST_WAIT_MS = 86_400_000;
/** How long it waits before each further try to write, in milliseconds. */
const WAITS_MS = [200, 1_000, 5_000];

interface CloseDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The words owners are spoken to in; English when absent. */
  readonly catalogue?: Catalogue;
}

/** Writes the end. When the store refuses it again and again, the row alone is closed, and says so. Throws when not even that can be written. */
export async function closeRun(
  { store, clock, catalogue = ENGLISH }: CloseDeps,
  claimed: Claimed,
  outcome: Outcome,
): Promise<void> {
  let refusal: Error | undefined;
  for (const waitMs of [0, ...WAITS_MS]) {
    if (waitMs > 0) await clock.sleep(waitMs);
    try {
      await store.transaction((tables) => close(tables, claimed, outcome, { now: clock.now(), catalogue }));
      return;
    } catch (error) {
      refusal = toError(error);
    }
  }
  const unsent = `what follows from it could not be written: ${refusal?.message ?? ''}`;
  const reason = outcome.reason === null ? unsent : `${outcome.reason}; ${unsent}`;
  await store.transaction((tables) => closeRow(tables, claimed, { ...outcome, reason }, clock.now()));
}

async function close(
  tables: Tables,
  claimed: Claimed,
  outcome: Outcome,
  { now, catalogue }: { readonly now: number; readonly catalogue: Catalogue },
): Promise<void> {
  const { task, run } = claimed;
  const { state, reason, output, turnId = null } = outcome;
  const end = await closeRow(tables, claimed, outcome, now);
  if (end === undefined) return;
  const data = { task_id: task.name, run_id: run.id, due_at: new Date(run.due_at).toISOString(), state, reason };
  await tables.webhooks.queue(task.owner_id, 'task.run', data, now);
  const to = destinationOfTask(task);
  const isSaid = turnId !== null && (await tables.outbox.countOfTurn(turnId)) > 0;
  if (state === 'ran' && to !== undefined && !isSaid && output !== null && output.trim() !== '') {
    await queueOutgoing(tables, to, { kind: 'answer', text: output, turnId }, now);
  }
  if (end.failures > 0) {
    const text = phrase('taskFailed', reason ?? '', end.isOver ? 0 : 1);
    await tellFailure(tables, task, { text, ...end, now }, catalogue);
  }
}

/** The row of the ledger and that of the task; undefined when the run is not this process's any more. */
async function closeRow(
  tables: Pick<Tables, 'tasks'>,
  { task, run }: Claimed,
  { state, reason, output, turnId = null }: Outcome,
  now: number,
): Promise<{ readonly failures: number; readonly failingSince: number; readonly isOver: boolean } | undefined> {
  const end = { state, reason, output, turn_id: turnId, ended_at: now };
  if (!(await tables.tasks.updateRun(run.id, run.runner ?? '', end))) return undefined;
  const current = await tables.tasks.find(task.id);
  if (current === undefined) return undefined;
  const failures = state === 'failed' ? current.failures + 1 : 0;
  const failingSince = current.failing_since ?? now;
  const isOver = current.state === 'active' && current.next_at === null;
  await tables.tasks.update(task.id, {
    failures,
    failing_since: failures === 0 ? null : failingSince,
    backoff_until: waitUntil(failures, now),
    ...(isOver ? { state: 'done', reason: state === 'failed' ? reason : 'its last instant has run' } : {}),
  });
  return { failures, failingSince, isOver };
}

function waitUntil(failures: number, now: number): number | null {
  if (failures < FAILURES_BEFORE_WAIT) return null;
  return now + Math.min(FIRST_WAIT_MS * 2 ** (failures - FAILURES_BEFORE_WAIT), LONGEST_WAIT_MS);
}
