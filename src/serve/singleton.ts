/** Owns that one home has one server: the kernel's lock decides; the owner row beside it says who. Stale rows never block. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ClawError } from '../core/kernel/errors.ts';
import { currentProcess, isProcessAlive } from '../core/kernel/process-identity.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import type { ProcessLock } from '../core/store/sqlite/process-lock.ts';
import { readServerState, type ServerState } from './server-state.ts';

export interface SingletonDeps {
  readonly lock: { hold(): ProcessLock | undefined; isHeld(): boolean };
  /** Path of the owner row. */
  readonly stateFile: string;
}

/** How long a start waits for the holder of the lock to write its row, or to be gone, in milliseconds. */
const ROW_WAIT_MS = 2000;

/** Makes this process the server. Throws `locked` naming the process that is. */
export async function becomeServer({ lock, stateFile }: SingletonDeps): Promise<ProcessLock> {
  for (const deadline = performance.now() + ROW_WAIT_MS; ;) {
    const held = lock.hold();
    const row = await readServerState(stateFile);
    if (held !== undefined) {
      if (row === undefined || !isSurelyAlive(row.owner)) return held;
      // The lock file was removed under a living server: its row still says so.
      held.release();
    }
    if (row !== undefined && isProcessAlive(row.owner)) throw alreadyRuns(row);
    if (performance.now() > deadline) throw alreadyRuns(undefined);
    await sleep(20);
  }
}

/** The running server, with what it says of itself once it has said so; undefined when none runs. */
export async function runningServer({
  lock,
  stateFile,
}: SingletonDeps): Promise<{ readonly row: ServerState | undefined } | undefined> {
  return lock.isHeld() ? { row: await waitForRow(stateFile) } : undefined;
}

/** The row of a living owner. One that was just killed may leave its row behind, one that just started has none yet. */
async function waitForRow(stateFile: string): Promise<ServerState | undefined> {
  for (const deadline = performance.now() + ROW_WAIT_MS; ;) {
    const row = await readServerState(stateFile);
    if (row !== undefined && isProcessAlive(row.owner)) return row;
    if (performance.now() > deadline) return undefined;
    await sleep(20);
  }
}

/** Alive by its PID and its start time; where the platform tells no start time, the lock alone decides. */
function isSurelyAlive(owner: string): boolean {
  return owner !== currentProcess() && !owner.endsWith(':-') && isProcessAlive(owner);
}

function alreadyRuns(row: ServerState | undefined): ClawError {
  const who = row === undefined ? 'another process' : `process ${row.pid}`;
  return new ClawError('locked', phrase('serveRuns', who), {
    hint: `See "claw status"; stop it with "claw service stop"${row === undefined ? '' : ` or "kill ${row.pid}"`}.`,
  });
}
