/** Owns how a log file is moved aside when it is large or old: `claw.log` becomes `claw.log.1`, up to `.5`. Safe while several processes write, who open the file for each line. */
import { closeSync, openSync, readSync, renameSync, rmSync, statSync, type Stats } from 'node:fs';

export interface LogLimits {
  /** Bytes from which the file is moved aside; 0: never. */
  readonly maxBytes: number;
  /** Days that lines are kept; 0: for ever. */
  readonly keepDays: number;
}

export interface Rotation {
  readonly rotated: boolean;
  /** Files that were deleted for their age. */
  readonly removed: number;
}

/** Files that are kept beside the current one. */
const KEPT_FILES = 5;
const DAY_MS = 86_400_000;
/** A rotation takes less than a millisecond; one that has stood so long belongs to a process that died in it. */
const ABANDONED_MS = 10_000;

/** Moves the file aside when it is over a limit at `now` (milliseconds UTC) and deletes what is too old. */
export function rotateLog(file: string, limits: LogLimits, now: number): Rotation {
  if (!isDue(file, limits, now)) return { rotated: false, removed: removeOld(file, limits, now) };
  const lock = `${file}.lock`;
  if (!takeLock(lock, now)) return { rotated: false, removed: 0 };
  try {
    // Another process may have been first.
    const rotated = isDue(file, limits, now);
    if (rotated) shift(file);
    return { rotated, removed: removeOld(file, limits, now) };
  } finally {
    rmSync(lock, { force: true });
  }
}

function shift(file: string): void {
  for (let number = KEPT_FILES - 1; number >= 1; number -= 1) {
    if (statOf(`${file}.${number}`) !== undefined) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  }
  renameSync(file, `${file}.1`);
}

/** Too large, or its first line so old that all lines are gone in time although only whole files are deleted. */
function isDue(file: string, { maxBytes, keepDays }: LogLimits, now: number): boolean {
  const size = statOf(file)?.size ?? 0;
  if (size === 0) return false;
  if (maxBytes > 0 && size >= maxBytes) return true;
  return keepDays > 0 && now - (firstTime(file) ?? now) > (keepDays * DAY_MS) / KEPT_FILES;
}

function removeOld(file: string, { keepDays }: LogLimits, now: number): number {
  if (keepDays === 0) return 0;
  let removed = 0;
  for (let number = 1; number <= KEPT_FILES; number += 1) {
    const last = statOf(`${file}.${number}`)?.mtimeMs;
    if (last === undefined || now - last <= keepDays * DAY_MS) continue;
    rmSync(`${file}.${number}`, { force: true });
    removed += 1;
  }
  return removed;
}

/** The instant in the first line, milliseconds UTC. */
function firstTime(file: string): number | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(256);
    const length = readSync(descriptor, start, 0, start.length, 0);
    const found = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/.exec(start.toString('latin1', 0, length));
    return found === null ? undefined : Date.parse(found[0]);
  } finally {
    closeSync(descriptor);
  }
}

function takeLock(lock: string, now: number): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (now - (statOf(lock)?.mtimeMs ?? now) > ABANDONED_MS) rmSync(lock, { force: true });
    return false;
  }
}

function statOf(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}
