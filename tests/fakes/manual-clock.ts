/** Owns a clock that stands still until a test moves it. */
import type { Clock } from '../../src/core/kernel/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on by `ms` and wakes who slept until then, in order; what they start by it runs before this resolves. */
  advance(ms: number): Promise<void>;
  /** How long the sleepers still sleep, in milliseconds. */
  sleeping(): readonly number[];
}

export function manualClock(start = 1_800_000_000_000): ManualClock {
  let now = start;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => now,
    elapsed: () => now - start,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        const sleeper = { until: now + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].toSorted((a, b) => a.until - b.until).find(({ until }) => until <= end);
        if (next === undefined) break;
        now = next.until;
        sleepers.delete(next);
        next.wake();
        await settle();
      }
      now = end;
      await settle();
    },
    sleeping: () => [...sleepers].map(({ until }) => until - now),
  };
}

/** Turns of the event loop in which a chain of database transactions comes to its end. */
const SETTLE_TURNS = 30;

/** Lets every promise that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
