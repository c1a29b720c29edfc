/** Owns how many tool processes run at the same time: a few, and more only for calls that wait too long, since a call may wait for a person or a slow server. */

export interface Slots {
  /** Resolves when the caller may go in, or at once when the signal aborts. Whoever comes in must leave. */
  enter(signal: AbortSignal): Promise<void>;
  leave(): void;
}

export interface SlotRules {
  /** So many go in at once. */
  readonly usual: number;
  /** So many at most, once they have waited `patienceMs` milliseconds. */
  readonly most: number;
  readonly patienceMs: number;
}

interface Waiter {
  readonly admit: () => void;
  isImpatient: boolean;
}

export function createSlots({ usual, most, patienceMs }: SlotRules): Slots {
  let inside = 0;
  const waiting: Waiter[] = [];
  const admit = (): void => {
    for (;;) {
      const [first] = waiting;
      if (first === undefined || inside >= (first.isImpatient ? most : usual)) return;
      waiting.shift();
      inside += 1;
      first.admit();
    }
  };
  return {
    async enter(signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiter: Waiter = { admit: resolve, isImpatient: false };
      waiting.push(waiter);
      admit();
      const timer = setTimeout(() => {
        waiter.isImpatient = true;
        admit();
      }, patienceMs);
      const onAbort = (): void => {
        const at = waiting.indexOf(waiter);
        if (at === -1) return;
        waiting.splice(at, 1);
        inside += 1;
        resolve();
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
      await promise;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
    leave() {
      inside -= 1;
      admit();
    },
  };
}
