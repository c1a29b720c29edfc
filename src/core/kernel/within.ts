/** Owns waiting with an end. */
import type { Clock } from './clock.ts';

/** Resolves when `work` settles, or after `ms` milliseconds, whichever is first; a failure of `work` is not its matter. */
export async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const settled = work.then(
    () => {},
    () => {},
  );
  await Promise.race([settled, clock.sleep(ms, over.signal).catch(() => {})]);
  over.abort();
}
