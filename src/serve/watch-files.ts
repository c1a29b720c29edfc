/** Owns noticing that one of a few small files was changed, replaced, made or removed by anybody. It looks rather than listens: that holds for files that are replaced, and on every platform. */
import { statSync } from 'node:fs';
import type { Clock } from '../core/kernel/clock.ts';

const LOOK_MS = 2000;

/** Calls `onChange` after the files changed, never twice at once, until `signal` aborts. Resolves then. */
export async function watchFiles(
  files: readonly string[],
  { clock, onChange, signal }: { clock: Clock; onChange: () => Promise<void>; signal: AbortSignal },
): Promise<void> {
  let before = stampsOf(files);
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, signal).catch(() => {});
    const now = stampsOf(files);
    if (signal.aborted || now === before) continue;
    before = now;
    await onChange();
  }
}

function stampsOf(files: readonly string[]): string {
  return files.map(fileStamp).join(' ');
}

/** Another text when the file is another one or has changed. It is asked for directly: that takes microseconds, and waking threads for it took more than all else that an idle server does. */
export function fileStamp(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs}:${size}:${ino}`;
  } catch {
    return '-';
  }
}
