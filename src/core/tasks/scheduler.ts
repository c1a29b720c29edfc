/** Owns the loop that runs what is due. It keeps nothing in memory that the ledger does not say, so that restarts and jumps of the clock change nothing; changes of other processes are seen at its next look. */
import { toError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { within } from '../kernel/within.ts';
import { createTakeOver } from './claims.ts';
import { type Claimed, claimDue } from './ledger.ts';
import { type RunDeps, runTask } from './run-task.ts';

/** How often it looks at the least, in milliseconds: also how soon a jump of the clock is seen. */
const LOOK_MS = 1_000;
/** How often it looks for what a process that died left open, in looks. */
const LOOKS_PER_TAKE_OVER = 10;

export interface Scheduler {
  /** Resolves at once; runs until `stop`. */
  start(): void;
  /** Begins nothing new and waits `graceMs` milliseconds for what runs; the next start goes on with the rest. */
  stop(graceMs: number): Promise<void>;
}

export interface SchedulerDeps extends RunDeps {
  /** Rows may have been added to the outbox. */
  readonly onOutbox: () => void;
  readonly log: Pick<Log, 'info' | 'error'>;
  /** Most runs at once. */
  readonly cap: number;
}

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { clock, store, log, cap } = deps;
  const stopped = new AbortController();
  const takeOver = createTakeOver(deps, deps.live);
  const running = new Set<Promise<void>>();
  const begin = (claimed: Claimed): void => {
    const { task, run } = claimed;
    log.info({ task: task.name, run: run.id, due: new Date(run.due_at).toISOString() }, 'task runs');
    // A run is not interrupted when the server stops: it goes on from its journal.
    const done = runTask(deps, claimed, new AbortController().signal)
      .catch((error: unknown) => log.error({ task: task.name, error: toError(error).message }, 'task could not run'))
      .finally(() => {
        running.delete(done);
        deps.onOutbox();
      });
    running.add(done);
  };
  let known: { readonly mark: string; readonly at: number | null } | undefined;
  /** The ledger is asked only when somebody has written since. */
  const nextAt = async (): Promise<number | null> => {
    const mark = store.writeMark();
    if (known?.mark !== mark) known = { mark, at: await store.tasks.nextAt() };
    return known.at;
  };
  const look = async (looks: number): Promise<void> => {
    if (looks % LOOKS_PER_TAKE_OVER === 0) (await takeOver()).forEach(begin);
    const at = await nextAt();
    if (at !== null && at <= clock.now() && running.size < cap) {
      const onTrouble = (error: Error, task: string): void =>
        log.error({ task, error: error.message }, 'task could not be claimed');
      (await claimDue(deps, { most: cap - running.size, onTrouble })).forEach(begin);
      deps.onOutbox();
    }
  };
  const loop = async (): Promise<void> => {
    for (let looks = 0; !stopped.signal.aborted; looks += 1) {
      await look(looks).catch((error: unknown) =>
        log.error({ error: toError(error).message }, 'tasks could not be looked at'),
      );
      const at = await nextAt().catch(() => null);
      const wait = at === null || at <= clock.now() ? LOOK_MS : Math.min(LOOK_MS, at - clock.now());
      await clock.sleep(wait, stopped.signal).catch(() => {});
    }
  };
  let looping: Promise<void> | undefined;
  return {
    start: () => {
      looping = loop();
    },
    async stop(graceMs) {
      stopped.abort(new Error('the server stops'));
      await looping;
      await within(clock, graceMs, Promise.all(running));
    },
  };
}
