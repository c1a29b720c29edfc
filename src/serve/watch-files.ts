/** Owns noticing that one of a few small files was changed, replaced, made or removed by anybody. It looks rather than listens: that holds for files that are replaced, and on every platform. */
import { stat } from 'node:fs/promises';
import type { Clock } from '../core/kernel/clock.ts';

const LOOK_MS = 2000;

/** Calls `onChange` after the files changed, never twice at once, until `signal` aborts. Resolves then. */
export async function watchFiles(
  files: readonly string[],
  { clock, onChange, signal }: { clock: Clock; onChange: () => Promise<void>; signal: AbortSignal },
): Promise<void> {
  let before = await stampsOf(files);
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, signal).catch(() => {});
    const now = await stampsOf(files);
    if (signal.aborted || now === before) continue;
    before = now;
    await onChange();
  }
}

async function stampsOf(files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs, size, ino }) => `${mtimeMs}:${size}:${ino}`,
        () => '-',
      ),
    ),
  );
  return stamps.join(' ');
}
