/** Owns what happens after a server that did not end in order: the next starts wait longer and longer, and after too many in a row the channels stay off. The record is a file of the home; only the holder of the server's lock touches it. */
import { z } from 'zod';
import { readIfThere } from '../core/kernel/read-if-there.ts';
import { replaceFile } from '../core/kernel/replace-file.ts';

/** Unclean ends that lie further back do not count, in milliseconds. */
const WINDOW_MS = 5 * 60_000;
const SLOW_FROM = 3;
const SAFE_MODE_FROM = 6;
const MAX_DELAY_MS = 30_000;

const recordSchema = z.object({
  /** Milliseconds UTC at which starts found that the one before them had not ended in order. */
  crashes: z.array(z.number()),
  /** Whether a server runs, or ended without saying so. */
  open: z.boolean(),
});

type StartRecord = z.infer<typeof recordSchema>;

export interface StartVerdict {
  /** Unclean ends within the window. */
  readonly recentCrashes: number;
  /** Milliseconds to wait before anything that may have been the reason starts. */
  readonly delayMs: number;
  readonly isSafeMode: boolean;
}

/** Writes down that a server starts at `now` (milliseconds UTC) and judges by how the ones before it ended. */
export async function recordStart(file: string, now: number): Promise<StartVerdict> {
  const before = await readRecord(file);
  const crashes = (before.open ? [...before.crashes, now] : before.crashes).filter(
    (at) => at <= now && at > now - WINDOW_MS,
  );
  await writeRecord(file, { crashes, open: true });
  return judge(crashes.length);
}

/** Writes down that the server ended in order: earlier crashes are forgotten. */
export async function recordCleanStop(file: string): Promise<void> {
  await writeRecord(file, { crashes: [], open: false });
}

/** Writes down that the server refused to go on, with a reason: that is no crash, and mends none. */
export async function recordRefusal(file: string): Promise<void> {
  await writeRecord(file, { ...(await readRecord(file)), open: false });
}

/** Unclean ends within the window before `now`, one that no start has found yet included. Only while no server runs. */
export async function recentCrashes(file: string, now: number): Promise<number> {
  const { crashes, open } = await readRecord(file);
  return crashes.filter((at) => at <= now && at > now - WINDOW_MS).length + (open ? 1 : 0);
}

function judge(recentCrashes: number): StartVerdict {
  const isSafeMode = recentCrashes >= SAFE_MODE_FROM;
  const isSlow = recentCrashes >= SLOW_FROM && !isSafeMode;
  const delayMs = isSlow ? Math.min(1000 * 2 ** (recentCrashes - SLOW_FROM), MAX_DELAY_MS) : 0;
  return { recentCrashes, isSafeMode, delayMs };
}

/** A record that is not whole is no record: it must never keep a server from starting. */
async function readRecord(file: string): Promise<StartRecord> {
  try {
    return recordSchema.parse(JSON.parse((await readIfThere(file)) ?? ''));
  } catch {
    return { crashes: [], open: false };
  }
}

async function writeRecord(file: string, record: StartRecord): Promise<void> {
  await replaceFile(file, `${JSON.stringify(record)}\n`, 0o600);
}
