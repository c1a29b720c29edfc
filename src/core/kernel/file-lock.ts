/** Owns a lock between processes that outlives no crash: a file with the identity of its owner, which counts only while that process lives. */
import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClawError } from './errors.ts';
import { currentProcess, isProcessAlive } from './process-identity.ts';
import { readIfThere } from './read-if-there.ts';
import { writeFailure } from './replace-file.ts';

const DEFAULT_WAIT_MS = 10_000;
/** A takeover takes microseconds; one that has stood so long belongs to a process that died in it. */
const ABANDONED_TAKEOVER_MS = 5000;
/** Ends in the UUID that `tryCreate` adds. */
const HALF_MADE = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Runs `work` while holding the lock file at `path`, which is created and removed. Throws `locked` after `waitMs` (milliseconds). */
export async function withFileLock<T>(path: string, work: () => Promise<T>, waitMs = DEFAULT_WAIT_MS): Promise<T> {
  await acquire(path, waitMs).catch((error: unknown) => {
    throw writeFailure(path, error);
  });
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, waitMs: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const deadline = performance.now() + waitMs;
  for (;;) {
    if (await tryCreate(path)) return;
    const holder = await readIfThere(path);
    if (holder === undefined) continue;
    if (!isProcessAlive(identityIn(holder))) {
      await takeOver(path, holder);
      continue;
    }
    if (performance.now() > deadline) {
      const [pid] = identityIn(holder).split(':');
      throw new ClawError('locked', `${path} is held by process ${pid}.`, {
        hint: 'Try again when that process is done.',
      });
    }
    await sleep(2 + Math.random() * 8);
  }
}

/** Creates the lock with its content in one step, so that nobody ever sees it empty. */
async function tryCreate(path: string): Promise<boolean> {
  const nonce = randomUUID();
  const own = `${path}.${nonce}`;
  await writeFile(own, `${currentProcess()} ${nonce}\n`, { flag: 'wx', mode: 0o600 });
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

function identityIn(holder: string): string {
  return holder.split(/\s/)[0] ?? '';
}

/** Removes the lock of a dead `holder`. Only who holds that holder's tombstone may, so that nobody removes the lock of the next one. */
async function takeOver(path: string, holder: string): Promise<void> {
  const tombstone = `${path}.dead-${createHash('sha256').update(holder).digest('hex').slice(0, 32)}`;
  if (!(await tryCreate(tombstone))) {
    await removeAbandoned(tombstone);
    await sleep(2);
    return;
  }
  try {
    if ((await readIfThere(path)) === holder) await rm(path, { force: true });
    await clearHalfMade(path);
  } finally {
    await rm(tombstone, { force: true });
  }
}

/** Removes what processes that were killed while they created the lock left beside it. */
async function clearHalfMade(path: string): Promise<void> {
  const folder = dirname(path);
  const half = (await readdir(folder)).filter((name) => HALF_MADE.test(name) && name.startsWith(`${basename(path)}.`));
  for (const name of half) {
    const holder = await readIfThere(join(folder, name));
    if (holder !== undefined && holder !== '' && !isProcessAlive(identityIn(holder)))
      await rm(join(folder, name), { force: true });
  }
}

async function removeAbandoned(tombstone: string): Promise<void> {
  const holder = await readIfThere(tombstone);
  if (holder === undefined || isProcessAlive(identityIn(holder))) return;
  const { mtimeMs } = await stat(tombstone).catch(() => ({ mtimeMs: Date.now() }));
  if (Date.now() - mtimeMs > ABANDONED_TAKEOVER_MS) await rm(tombstone, { force: true });
}
