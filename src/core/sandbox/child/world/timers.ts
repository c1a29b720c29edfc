/** Owns timers and signals inside QuickJS. */
import { bridge } from './bridge.ts';

const running = new Set<number>();
let last = 0;

/** Timers by promise: a cleared one does nothing when its time comes. */
function start(isRepeated: boolean, work: unknown, ms: unknown, args: unknown[]): number {
  if (typeof work !== 'function') throw new TypeError('a timer needs a function');
  last += 1;
  const id = last;
  running.add(id);
  const run = async (): Promise<void> => {
    do {
      await bridge.wait(Math.max(isRepeated ? 1 : 0, Number(ms) || 0));
      if (running.has(id)) work(...args);
    } while (isRepeated && running.has(id));
    running.delete(id);
  };
  void run();
  return id;
}

const clear = (id: number): void => void running.delete(id);

export const timers = {
  setTimeout: (work: unknown, ms?: unknown, ...args: unknown[]) => start(false, work, ms, args),
  setInterval: (work: unknown, ms?: unknown, ...args: unknown[]) => start(true, work, ms, args),
  clearTimeout: clear,
  clearInterval: clear,
  queueMicrotask: (work: () => unknown) => void Promise.resolve().then(work),
};

type Listener = (event: { type: 'abort' }) => unknown;

/** AbortSignal and AbortController, as far as tools need them. */
export class AbortSignal {
  aborted = false;
  reason: Error | undefined;
  onabort: Listener | null = null;
  readonly #listeners = new Set<Listener>();

  /** `hand` is given what aborts the signal. */
  constructor(hand?: (abort: (reason?: Error) => void) => void) {
    hand?.((reason = Object.assign(new Error('This operation was aborted'), { name: 'AbortError' })) => {
      if (this.aborted) return;
      this.aborted = true;
      this.reason = reason;
      for (const listener of [this.onabort, ...this.#listeners]) listener?.({ type: 'abort' });
    });
  }
  addEventListener(type: string, listener: Listener): void {
    if (type === 'abort') this.#listeners.add(listener);
  }
  removeEventListener(_: string, listener: Listener): void {
    this.#listeners.delete(listener);
  }
  throwIfAborted(): void {
    if (this.reason !== undefined) throw this.reason;
  }
}

export class AbortController {
  abort: (reason?: Error) => void = () => {};
  readonly signal = new AbortSignal((abort) => {
    this.abort = abort;
  });
}
