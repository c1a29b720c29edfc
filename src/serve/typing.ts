/** Owns the sign that an answer is being written: shown while a turn really runs, and no longer. */
import type { Destination } from '../core/conversations/outgoing.ts';
import type { Clock } from '../core/kernel/clock.ts';
import type { Channel } from './channels/channel.ts';

/** Platforms take the sign down after about five seconds. */
const REPEAT_MS = 4_000;

export class Typing {
  readonly #clock: Clock;
  readonly #channel: (name: string) => Channel | undefined;
  readonly #active = new Map<string, AbortController>();

  constructor(clock: Clock, channel: (name: string) => Channel | undefined) {
    this.#clock = clock;
    this.#channel = channel;
  }

  begin(to: Destination): void {
    this.end(to);
    const stop = new AbortController();
    this.#active.set(keyOf(to), stop);
    void this.#repeat(to, stop.signal);
  }

  end(to: Destination): void {
    this.#active.get(keyOf(to))?.abort();
    this.#active.delete(keyOf(to));
  }

  stop(): void {
    for (const stop of this.#active.values()) stop.abort();
    this.#active.clear();
  }

  async #repeat(to: Destination, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A sign that does not show matters to nobody.
      await this.#channel(to.channel)
        ?.typing?.(to.chatId, to.thread)
        .catch(() => {});
      await this.#clock.sleep(REPEAT_MS, signal).catch(() => {});
    }
  }
}

function keyOf({ chatId, thread }: Destination): string {
  return `${chatId} ${thread ?? ''}`;
}
