/** Owns how many tools run at the same time: a few that compute, more that wait for an answer, and one more now and then while none of them comes to an end. */

export interface Slots {
  /** Resolves when the caller may go in, or at once when the signal aborts. Whoever comes in must leave. */
  enter(signal: AbortSignal): Promise<Slot>;
}

/** The place of one who is inside. */
export interface Slot {
  /** It only waits now: another may compute meanwhile. */
  pause(): void;
  /** It goes on, without waiting for a place. */
  resume(): void;
  /** Once; afterwards the others do nothing. */
  leave(): void;
}

export interface SlotRules {
  /** So many compute at once. */
  readonly usual: number;
  /** So many are inside at most, those that wait included. */
  readonly most: number;
  /** When nobody left for so long, one more goes in, in milliseconds. */
  readonly patienceMs: number;
}

export function createSlots(rules: SlotRules): Slots {
  const room = new Room(rules);
  return {
    async enter(signal) {
      await room.enter(signal);
      let state: 'computing' | 'waiting' | 'gone' = 'computing';
      const change = (from: typeof state, to: typeof state): void => {
        if (state !== from) return;
        state = to;
        room.change(to === 'computing' ? 1 : from === 'computing' ? -1 : 0, to === 'gone' ? -1 : 0);
      };
      return {
        pause: () => change('computing', 'waiting'),
        resume: () => change('waiting', 'computing'),
        leave: () => change(state, 'gone'),
      };
    },
  };
}

class Room {
  readonly #rules: SlotRules;
  readonly #waiting: (() => void)[] = [];
  #computing = 0;
  #inside = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(rules: SlotRules) {
    this.#rules = rules;
  }

  async enter(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    this.#admit();
    const onAbort = (): void => {
      const at = this.#waiting.indexOf(resolve);
      if (at === -1) return;
      this.#waiting.splice(at, 1);
      this.#letIn(resolve);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    await promise;
    signal.removeEventListener('abort', onAbort);
  }

  change(computing: number, inside: number): void {
    this.#computing += computing;
    this.#inside += inside;
    this.#admit();
  }

  #letIn(go: () => void): void {
    this.#computing += 1;
    this.#inside += 1;
    go();
  }

  /** Lets in whoever may; `extra` more than usual. */
  #admit(extra = 0): void {
    const { usual, most, patienceMs } = this.#rules;
    let free = Math.min(Math.max(usual - this.#computing, extra), most - this.#inside);
    for (; free > 0; free -= 1) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#letIn(next);
    }
    clearTimeout(this.#timer);
    if (this.#waiting.length > 0 && this.#inside < most) this.#timer = setTimeout(() => this.#admit(1), patienceMs);
  }
}
