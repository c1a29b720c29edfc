/** Owns the connection to Discord's gateway (https://docs.discord.com/developers/events/gateway): identifies, beats, resumes, reconnects with back-off. Promises: events are handed on one after another, and an event counts as received only once its handler is done, so that a resume brings back what was not stored. Must never throw into the socket. */
import { ClawError, toError } from '../../core/kernel/errors.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import type { Log } from '../../core/kernel/log.ts';
import { type DiscordReady, readyShape } from './discord-shapes.ts';
import { type Ending, openGatewaySocket } from './discord-socket.ts';

export interface DispatchEvent {
  readonly type: string;
  readonly data: unknown;
}

export interface GatewayDeps {
  readonly token: string;
  /** Address of the gateway for a new session, asked anew for each. Throws `ClawError`. */
  readonly address: () => Promise<string>;
  /** Called for each READY before any of its events; `isFirst` for the first of this connection. */
  readonly onReady: (ready: DiscordReady, isFirst: boolean) => Promise<void>;
  /** Takes one event. When it rejects, the event is handed in again. */
  readonly onEvent: (event: DispatchEvent) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Gateway {
  /** Resolves at the first READY; rejects when the first try fails. */
  connect(): Promise<void>;
  state(): { readonly state: 'connecting' | 'connected' | 'failed'; readonly detail?: string };
  /** Disconnects; resolves when everything that was received is handed on. */
  stop(): Promise<void>;
}

interface Session {
  readonly id: string;
  readonly resumeUrl: string | undefined;
  /** Of the last event that was handled. */
  sequence: number;
}

/** Guilds, messages in them, direct messages, and what messages say. */
const INTENTS = (1 << 0) | (1 << 9) | (1 << 12) | (1 << 15);
const MAX_DELAY_MS = 60_000;
/** A session that lived this long, in milliseconds, forgives the failures before it. */
const HEALTHY_MS = 30_000;
const MAX_STORE_DELAY_MS = 30_000;

/** Close codes after which trying again cannot help. */
const FATAL: Readonly<Record<number, () => ClawError>> = {
  4004: () =>
    new ClawError('auth-rejected', 'Discord refused the token.', {
      hint: 'Copy the token anew from the Discord Developer Portal (Bot) and set DISCORD_BOT_TOKEN.',
    }),
  4010: () => new ClawError('upstream-failed', 'Discord refused the shard of the connection.'),
  4011: () =>
    new ClawError('upstream-failed', 'The bot is in too many servers for one connection (Discord demands sharding).'),
  4012: () => new ClawError('upstream-failed', 'Discord no longer offers version 10 of its gateway.'),
  4013: () => new ClawError('upstream-failed', 'Discord does not know the intents that were asked for.'),
  4014: () =>
    new ClawError(
      'permission-denied',
      'Discord does not let the bot read messages: "Message Content Intent" is off in the Developer Portal.',
      {
        hint: 'Switch on Bot > Privileged Gateway Intents > Message Content Intent at https://discord.com/developers.',
      },
    ),
};

/** Codes after which Discord does not know the session any more. */
const SESSION_GONE = new Set([4003, 4005, 4007, 4009]);

export function createGateway(deps: GatewayDeps): Gateway {
  return new GatewayConnection(deps);
}

class GatewayConnection implements Gateway {
  readonly #deps: GatewayDeps;
  readonly #stopping = new AbortController();
  readonly #up = Promise.withResolvers<void>();
  #session: Session | undefined;
  #state: 'connecting' | 'connected' | 'failed' = 'connecting';
  #detail: string | undefined;
  #hasBeenReady = false;
  #failures = 0;
  #queue: Promise<void> = Promise.resolve();
  #life: Promise<void> | undefined;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
  }

  async connect(): Promise<void> {
    this.#life ??= this.#keep();
    await this.#up.promise;
  }

  state(): ReturnType<Gateway['state']> {
    return { state: this.#state, ...(this.#detail === undefined ? {} : { detail: this.#detail }) };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#life;
    await this.#queue;
  }

  async #keep(): Promise<void> {
    const { clock, log } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const ending = await this.#runOnce().catch((error: unknown): Ending => ({
        wasUp: false,
        detail: toError(error).message,
        error,
      }));
      if (signal.aborted) break;
      const fatal = fatalOf(ending);
      this.#detail = fatal?.message ?? ending.detail;
      if (!this.#hasBeenReady || fatal !== undefined) {
        this.#state = 'failed';
        log.warn({ code: ending.code, error: this.#detail }, 'Discord connection given up');
        this.#up.reject(fatal ?? asStartError(ending));
        return;
      }
      this.#state = 'connecting';
      const delayMs = delayOf(this.#failures, ending);
      this.#failures += 1;
      const resumes = this.#session !== undefined;
      log.info({ code: ending.code, reason: ending.detail, delay_ms: delayMs, resumes }, 'Discord reconnects');
      await clock.sleep(delayMs, signal).catch(() => {});
    }
    this.#up.reject(new ClawError('cancelled', 'The channel stops.'));
  }

  /** One life of a socket. */
  async #runOnce(): Promise<Ending> {
    const { token, clock, log } = this.#deps;
    const resumed = this.#session;
    const url = resumed?.resumeUrl ?? (await this.#deps.address());
    const startedAt = clock.elapsed();
    const ending = await openGatewaySocket({
      url: `${url.replace(/\/$/, '')}/?v=10&encoding=json`,
      hello: () =>
        resumed === undefined
          ? { op: 2, d: identity(token) }
          : { op: 6, d: { token, session_id: resumed.id, seq: resumed.sequence } },
      sequence: () => this.#session?.sequence ?? null,
      onDispatch: (type, data, sequence) => this.#onDispatch(type, data, sequence),
      stop: this.#stopping.signal,
      clock,
      log,
    });
    if (ending.isSessionGone || SESSION_GONE.has(ending.code ?? 0)) this.#session = undefined;
    if (ending.wasUp && clock.elapsed() - startedAt >= HEALTHY_MS) this.#failures = 0;
    // What waits in the queue was received: a resume must not ask for it again.
    await this.#queue;
    return ending;
  }

  #onDispatch(type: string, data: unknown, sequence: number): boolean {
    if (type === 'READY' || type === 'RESUMED') {
      if (type === 'READY' && !this.#takeReady(data, sequence)) return false;
      this.#state = 'connected';
      this.#detail = undefined;
      this.#up.resolve();
      return true;
    }
    const session = this.#session;
    this.#inOrder(async () => {
      await this.#deps.onEvent({ type, data });
      if (session !== undefined && sequence > session.sequence) session.sequence = sequence;
    });
    return false;
  }

  #takeReady(data: unknown, sequence: number): boolean {
    const ready = readyShape.safeParse(data);
    if (!ready.success) return false;
    const isFirst = !this.#hasBeenReady;
    this.#hasBeenReady = true;
    this.#session = { id: ready.data.session_id, resumeUrl: ready.data.resume_gateway_url, sequence };
    this.#inOrder(() => this.#deps.onReady(ready.data, isFirst));
    return true;
  }

  /** Does one job after those before it, again and again until it succeeds: while the store is broken nothing is skipped. */
  #inOrder(job: () => Promise<void>): void {
    this.#queue = this.#queue.then(() => this.#untilDone(job));
  }

  async #untilDone(job: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#deps;
    const { signal } = this.#stopping;
    for (let tries = 1; ; tries += 1) {
      try {
        return await job();
      } catch (error) {
        log.warn({ error: toError(error).message, tries }, 'an event of Discord could not be stored');
        if (signal.aborted && tries > 1) return;
        await clock.sleep(Math.min(250 * 2 ** Math.min(tries, 10), MAX_STORE_DELAY_MS), signal).catch(() => {});
      }
    }
  }
}

function fatalOf({ code, error }: Ending): ClawError | undefined {
  if (error instanceof ClawError && error.code === 'auth-rejected') return error;
  return FATAL[code ?? 0]?.();
}

function asStartError({ error, detail }: Ending): ClawError {
  if (error instanceof ClawError) return error;
  return new ClawError('upstream-failed', `${detail}.`, { hint: 'Check the network and DISCORD_API_ROOT.' });
}

/** The first reconnect of a good session is immediate; then 1 s, doubled up to a minute, spread so that many bots do not come at once. A session that is gone costs at least a second, as the documentation asks. */
function delayOf(failures: number, ending: Ending): number {
  const least = ending.isSessionGone === true ? 1000 : 0;
  if (failures === 0) return least;
  const full = Math.min(1000 * 2 ** (failures - 1), MAX_DELAY_MS);
  return Math.max(least, Math.round(full * (0.5 + Math.random() / 2)));
}

function identity(token: string): unknown {
  return { token, intents: INTENTS, properties: { os: process.platform, browser: 'claw', device: 'claw' } };
}
