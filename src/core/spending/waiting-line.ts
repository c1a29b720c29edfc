/** Owns the line of calls of one process that wait for a limit: whoever came first goes first. Other processes are noticed by looking again. */
import type { Clock } from '../kernel/clock.ts';
import { toError } from '../kernel/errors.ts';

/** How often a waiting call looks whether another process has settled, in milliseconds. */
const LOOK_EVERY_MS = 100;

export interface Place {
  /** Whether nobody who came before waits for that limit. */
  readonly mayPass: (limitId: string) => boolean;
  /** Resolves when it is worth another try. Rejects with the signal's reason when it aborts. */
  wait(limitId: string, signal: AbortSignal, isOver: () => boolean): Promise<void>;
  leave(): void;
}

export function createWaitingLine(clock: Clock): { join(): Place; wake(): void } {
  /** By place in the line: the limit that is waited for. */
  const waiting = new Map<number, string>();
  let changed = new AbortController();
  let places = 0;
  const wake = (): void => {
    const before = changed;
    changed = new AbortController();
    before.abort(new Error('something was settled'));
  };
  const join = (): Place => {
    const own = (places += 1);
    const mayPass = (limitId: string): boolean =>
      ![...waiting].some(([place, waitsFor]) => place < own && waitsFor === limitId);
    return {
      mayPass,
      async wait(limitId, signal, isOver) {
        waiting.set(own, limitId);
        do {
          signal.throwIfAborted();
          await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([signal, changed.signal])).catch(toError);
          signal.throwIfAborted();
        } while (!mayPass(limitId) && !isOver());
      },
      leave() {
        if (waiting.delete(own)) wake();
      },
    };
  };
  return { join, wake };
}
