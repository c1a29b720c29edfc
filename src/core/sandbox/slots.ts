/** Owns how many tool processes run at the same time: a few, and more only while none of them comes to an end, since a call may wait for a person or a slow server. */

export interface Slots {
  /** Resolves when the caller may go in, or at once when the signal aborts. Whoever comes in must leave. */
  enter(signal: AbortSignal): Promise<void>;
  leave(): void;
}

export interface SlotRules {
  /** So many go in at once. */
  readonly usual: number;
  /** So many at most. */
  readonly most: number;
  /** When nobody left for so long, one more goes in, in milliseconds. */
  readonly patienceMs: number;
}

export function createSlots({ usual, most, patienceMs }: SlotRules): Slots {
  let inside = 0;
  let timer: NodeJS.Timeout | undefined;
  const waiting: (() => void)[] = [];
  const letIn = (): void => {
    inside += 1;
    waiting.shift()?.();
  };
  const watch = (): void => {
    clearTimeout(timer);
    if (waiting.length === 0 || inside >= most) return;
    timer = setTimeout(() => {
      letIn();
      watch();
    }, patienceMs);
  };
  return {
    async enter(signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      if (inside < usual && waiting.length === 1) letIn();
      else if (waiting.length === 1) watch();
      const onAbort = (): void => {
        const at = waiting.indexOf(resolve);
        if (at === -1) return;
        waiting.splice(at, 1);
        inside += 1;
        resolve();
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
      await promise;
      signal.removeEventListener('abort', onAbort);
    },
    leave() {
      inside -= 1;
      if (waiting.length > 0 && inside < most) letIn();
      watch();
    },
  };
}
