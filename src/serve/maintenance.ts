/** Owns the housekeeping of a running server: every ten minutes, a little earlier or later, each task by itself, with one line in the log that counts what was done. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/kernel/clock.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log, LogFields } from '../core/kernel/log.ts';

/** Does its work and counts it, by name; `signal` aborts when the server stops. */
export type MaintenanceTask = (signal: AbortSignal) => Promise<LogFields>;

interface MaintenanceDeps {
  readonly tasks: Readonly<Record<string, MaintenanceTask>>;
  readonly clock: Clock;
  readonly log: Log;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

const INTERVAL_MS = 10 * 60_000;
/** The interval varies by this part of it, so that many servers of one machine do not work at the same moment. */
const JITTER = 0.2;

/** Runs the tasks again and again until `signal` aborts. */
export async function runMaintenance(deps: MaintenanceDeps, signal: AbortSignal): Promise<void> {
  const { clock, random } = deps;
  while (!signal.aborted) {
    await clock.sleep(INTERVAL_MS * (1 + JITTER * (random() - 0.5)), signal).catch(() => {});
    if (!signal.aborted) await runTasks(deps, signal);
  }
}

async function runTasks({ tasks, clock, log }: MaintenanceDeps, signal: AbortSignal): Promise<void> {
  const started = clock.elapsed();
  const counts: Record<string, LogFields[string]> = {};
  for (const [task, run] of Object.entries(tasks)) {
    try {
      Object.assign(counts, await run(signal));
    } catch (error) {
      log.error({ task, error: toError(error).message }, 'maintenance task failed');
    }
  }
  log.info({ ...counts, ms: Math.round(clock.elapsed() - started) }, 'maintenance done');
}

/** Files of a write that never came to its end: `.tmp-NAME`, and locks that a killed process was about to take. */
const LEFTOVER = /^\.tmp-|\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LEFTOVER_AGE_MS = 60 * 60_000;

/** Deletes what killed processes left in `folder` more than an hour before `now` (milliseconds UTC); counts it. */
export async function pruneLeftovers(folder: string, now: number): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  let pruned = 0;
  for (const name of names.filter((each) => LEFTOVER.test(each))) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs <= LEFTOVER_AGE_MS) continue;
    await rm(path, { force: true });
    pruned += 1;
  }
  return pruned;
}
