/** Owns showing the end of the log of a home, and what is added to it from then on, also after it was moved aside. */
import { open, stat } from 'node:fs/promises';
import type { Clock } from '../../core/kernel/clock.ts';
import { readIfThere } from '../../core/kernel/read-if-there.ts';

const LOOK_MS = 500;
const BLOCK = 65_536;

/** The last `count` lines of the log at `file`, of the file before it too when they reach that far. Empty when there is none. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  const lines = linesOf(await readIfThere(file));
  const older = lines.length < count ? linesOf(await readIfThere(`${file}.1`)) : [];
  const all = [...older, ...lines];
  return all.slice(Math.max(0, all.length - count));
}

function linesOf(text = ''): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Levels that lines have, the least first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** The level and instant of a line, in either of the two formats that a log is written in. */
const LEVEL = /^\S+ (TRACE|DEBUG|INFO|WARN|ERROR|FATAL) |"level":"(\w+)"/;
const INSTANT = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)|"time":"([^"]+)"/;

/** Whether a line is of this level or a worse one; a line that tells no level belongs to what went wrong. */
export function isAtLeast(line: string, level: (typeof LOG_LEVELS)[number] | undefined): boolean {
  if (level === undefined) return true;
  const [, text, json] = LEVEL.exec(line) ?? [];
  const rank = LOG_LEVELS.findIndex((each) => each === (text ?? json ?? 'error').toLowerCase());
  const own = (text ?? json)?.toLowerCase() === 'trace' ? -1 : rank === -1 ? LOG_LEVELS.length : rank;
  return own >= LOG_LEVELS.indexOf(level);
}

/** At most `count` lines of which half are older than `instant` (ISO 8601). */
export function linesAround(lines: readonly string[], instant: string, count: number): string[] {
  const at = Date.parse(instant);
  const found = lines.findIndex((line) => {
    const [, text, json] = INSTANT.exec(line) ?? [];
    return Date.parse(text ?? json ?? '') >= at;
  });
  const from = Math.max(0, (found === -1 ? lines.length : found) - Math.floor(count / 2));
  return lines.slice(from, from + count);
}

/** Hands over what is added to `file` from `from` (bytes) on, until `signal` aborts. */
export async function followLog(
  file: string,
  from: number,
  { clock, show, signal }: { clock: Clock; show: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  let at = { position: from, inode: (await stat(file).catch(() => undefined))?.ino };
  while (!signal.aborted) {
    const now = await stat(file).catch(() => undefined);
    if (now !== undefined) {
      if (now.ino !== at.inode || now.size < at.position) {
        // Moved aside: what was added to it since the last look is in there.
        if (at.inode !== undefined) await readFrom(`${file}.1`, at.position, show);
        at = { position: 0, inode: now.ino };
      }
      at.position = await readFrom(file, at.position, show);
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}

/** Shows the bytes from `position` on and returns where they end. */
async function readFrom(file: string, position: number, show: (text: string) => void): Promise<number> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return position;
  const decoder = new TextDecoder();
  try {
    let at = position;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(BLOCK), 0, BLOCK, at);
      if (bytesRead === 0) return at;
      at += bytesRead;
      show(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
    }
  } finally {
    await handle.close();
  }
}
