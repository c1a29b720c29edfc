/** Owns staying connected to Slack: the next connection is up before the old one goes, failures wait longer each time, a refused token ends it. Must not read what envelopes say. */
import type { Clock } from '../../core/kernel/clock.ts';
import { ClawError, toError } from '../../core/kernel/errors.ts';
import { DeliveryError } from '../../core/conversations/channel-messages.ts';
import type { ChannelState } from './channel.ts';
import type { SlackSocket } from './slack-socket.ts';

export interface ConnectionDeps {
  /** Opens one connection; after a gap nobody listened for a while. Throws `ClawError`, with a `DeliveryError` as its cause where Slack said how long to wait. */
  readonly connect: (signal: AbortSignal, isAfterGap: boolean) => Promise<SlackSocket>;
  readonly onState: (state: ChannelState, detail?: string) => void;
  readonly clock: Clock;
  readonly pauses: ConnectionPauses;
}

/** All in milliseconds. */
export interface ConnectionPauses {
  /** After the first failure; doubled after each further one. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** A connection that lasted so long was a good one. */
  readonly stableMs: number;
}

/** Keeps the assistant connected from `start` until `stop`. */
export class SlackConnection {
  readonly #deps: ConnectionDeps;
  #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #current: SlackSocket | undefined;
  readonly #retired = new Set<Promise<void>>();

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
  }

  /** Resolves when connected for the first time. Rejects with what `connect` threw; then nothing goes on. */
  async start(): Promise<void> {
    const { connect, onState } = this.#deps;
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    onState('connecting');
    try {
      const first = await connect(signal, true);
      if (signal.aborted) {
        this.#retire(first);
        throw new ClawError('cancelled', 'stopped');
      }
      this.#current = first;
      onState('connected');
      this.#loop = this.#keep(first, signal);
    } catch (error) {
      onState('failed', toError(error).message);
      throw error;
    }
  }

  /** Resolves when what was taken in is handled and every connection is closed. */
  async stop(): Promise<void> {
    this.#stopping.abort(new ClawError('cancelled', 'stopped'));
    await this.#loop;
    if (this.#current !== undefined) this.#retire(this.#current);
    this.#current = undefined;
    await Promise.all(this.#retired);
    this.#deps.onState('stopped');
  }

  async #keep(first: SlackSocket, signal: AbortSignal): Promise<void> {
    const { clock, onState, pauses } = this.#deps;
    let failures = 0;
    let since = clock.elapsed();
    let { ended } = first;
    const aborted = new Promise<string>((resolve) => {
      signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
    while (!signal.aborted) {
      const reason = await Promise.race([ended, aborted]);
      if (signal.aborted) return;
      if (reason === 'closed') onState('connecting', 'the connection to Slack was lost');
      if (reason === 'link_disabled') onState('connecting', 'Socket Mode was switched off for the app');
      failures = clock.elapsed() - since >= pauses.stableMs ? 0 : failures + 1;
      const next = await this.#connectAgain(failures, signal, reason === 'closed');
      if (next === undefined) return;
      if (this.#current !== undefined) this.#retire(this.#current);
      this.#current = next;
      since = clock.elapsed();
      ({ ended } = next);
      onState('connected');
    }
  }

  /** Tries until it succeeds; undefined when stopped, and when the token is refused: somebody has to put it right first. */
  async #connectAgain(before: number, signal: AbortSignal, isGone: boolean): Promise<SlackSocket | undefined> {
    const { clock, connect, onState, pauses } = this.#deps;
    let failures = before;
    let pause = pauseAfter(failures, pauses);
    for (;;) {
      try {
        if (pause > 0) await clock.sleep(pause, signal);
        return await connect(signal, isGone || failures > before);
      } catch (error) {
        if (signal.aborted) return undefined;
        failures += 1;
        pause = Math.max(pauseAfter(failures, pauses), askedPause(error));
        const isRefused = error instanceof ClawError && error.code === 'auth-rejected';
        onState(isRefused ? 'failed' : 'connecting', toError(error).message);
        if (isRefused) return undefined;
      }
    }
  }

  #retire(socket: SlackSocket): void {
    const work = socket.drain();
    this.#retired.add(work);
    void work.finally(() => this.#retired.delete(work));
  }
}

function pauseAfter(failures: number, { firstMs, mostMs }: ConnectionPauses): number {
  return failures === 0 ? 0 : Math.min(mostMs, firstMs * 2 ** (failures - 1));
}

function askedPause(error: unknown): number {
  const cause = error instanceof ClawError ? error.cause : undefined;
  return cause instanceof DeliveryError ? (cause.retryAfterMs ?? 0) : 0;
}
