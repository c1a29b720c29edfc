/** Owns the history of what was typed, across runs and processes: JSON lines in a 0600 file, appended in one write, bounded by keeping at most two files of a fixed size. */
import { appendFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes; a longer file becomes the older one. */
const MAX_BYTES = 256 * 1024;
const MAX_ENTRIES = 1000;
/** Characters; longer messages are not worth finding again by arrow keys. */
const MAX_ENTRY = 8000;
/** Milliseconds after which the lock of a rotation was left behind by a process that died. */
const STALE_LOCK_MS = 10_000;

export interface InputHistory {
  /** Oldest first. */
  readonly entries: readonly string[];
  /** Remembers `text` now and for later runs; a repetition of the last entry is left out. Rejects when the file cannot be written. */
  add(text: string): Promise<void>;
}

/** Loads the history at `file`. `mask` takes secrets out before anything is written. */
export async function loadHistory(file: string, mask: (text: string) => string): Promise<InputHistory> {
  const entries = [...(await readEntries(`${file}.1`)), ...(await readEntries(file))].slice(-MAX_ENTRIES);
  return {
    entries,
    async add(text) {
      const entry = mask(text);
      if (entry.trim() === '' || entry.length > MAX_ENTRY || entry === entries.at(-1)) return;
      entries.push(entry);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      if ((await sizeOf(file)) > MAX_BYTES) await rotate(file);
    },
  };
}

/** A line that is no JSON string (a write cut short by a crash) is skipped. */
async function readEntries(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => {
    const entry = parseLine(line);
    return typeof entry === 'string' ? [entry] : [];
  });
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Makes `file` the older one; one process at a time, the others go on appending. */
async function rotate(file: string): Promise<void> {
  const lock = `${file}.lock`;
  const held = await open(lock, 'wx', 0o600).catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const age =
      Date.now() -
      (await stat(lock).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      ));
    if (age > STALE_LOCK_MS) await rm(lock, { force: true });
    return undefined;
  });
  if (held === undefined) return;
  try {
    if ((await sizeOf(file)) > MAX_BYTES) await rename(file, `${file}.1`);
  } finally {
    await held.close();
    await rm(lock, { force: true });
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
