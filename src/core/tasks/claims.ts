/** Owns that a claim is renewed while its run lives, and taken over when it is not. No wall clock decides: a clock that is set changes nothing here. */
import type { Clock } from '../kernel/clock.ts';
import { currentProcess, isProcessAlive } from '../kernel/process-identity.ts';
import type { Store } from '../store/store.ts';
import type { TaskRunRow } from '../store/tasks-table.ts';
import type { Claimed } from './ledger.ts';

/** How often a run renews its claim, in milliseconds. */
const BEAT_MS = 10_000;
/** How long a claim holds that is not renewed, in milliseconds by the watch of whoever looks. */
const LEASE_MS = 60_000;

interface ClaimDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** The runs that this process really runs. */
export type LiveRuns = Set<string>;

/** Renews the claim of the run until the function it returns is called. */
export function keepClaim({ store, clock }: ClaimDeps, live: LiveRuns, run: TaskRunRow): () => void {
  const ended = new AbortController();
  const beat = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(BEAT_MS, ended.signal);
      // A store that is busy now is asked again; the claim holds for several beats.
      await store.tasks.beat(run.id, run.runner ?? '').catch(() => false);
    }
  };
  live.add(run.id);
  beat().catch(() => {});
  return () => {
    ended.abort(new Error('the run is over'));
    live.delete(run.id);
  };
}

/** Gives a function that takes over what nobody runs any more, each time it is called: of a process that died, at once; of one that stands still, when its lease is over; and what this process lost by an error. */
export function createTakeOver({ store, clock }: ClaimDeps, live: LiveRuns): () => Promise<Claimed[]> {
  const seen = new Map<string, { readonly mark: string; readonly since: number }>();
  const reasonOf = ({ id, runner, beat }: TaskRunRow): string | undefined => {
    if (live.has(id)) return undefined;
    const isOwn = runner === currentProcess();
    if (!isOwn && !isProcessAlive(runner ?? '')) return 'its process ended';
    const mark = `${runner} ${beat}`;
    const known = seen.get(id);
    if (known?.mark !== mark) seen.set(id, { mark, since: clock.elapsed() });
    // At the first look it may be on its way from its claim to its run.
    else if (isOwn) return 'its end could not be written';
    else if (clock.elapsed() - known.since > LEASE_MS) return 'its process stood still';
    return undefined;
  };
  return async () => {
    const open = await store.tasks.openRuns();
    const taken: Claimed[] = [];
    for (const run of open) {
      const reason = reasonOf(run);
      if (reason === undefined) continue;
      const found = await takeRun(store, run, `taken up again: ${reason}`);
      if (found !== undefined) taken.push(found);
    }
    const ids = new Set(open.map(({ id }) => id));
    for (const id of seen.keys()) if (!ids.has(id)) seen.delete(id);
    return taken;
  };
}

async function takeRun({ tasks }: Store, run: TaskRunRow, why: string): Promise<Claimed | undefined> {
  const task = await tasks.find(run.task_id);
  const runner = currentProcess();
  const reason = run.reason === null || run.reason.endsWith(why) ? why : `${run.reason}; ${why}`;
  const isTaken = await tasks.updateRun(run.id, run.runner ?? '', { runner, reason });
  return task !== undefined && isTaken ? { task, run: { ...run, runner, reason } } : undefined;
}
