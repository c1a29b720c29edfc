/** Owns one WebSocket of Discord's gateway, from opening to its end: frames, heartbeats, deadlines. It always ends with an `Ending`, never with an exception. */
import { WebSocket } from 'ws';
import { z } from 'zod';
import { toError } from '../../core/kernel/errors.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import type { Log } from '../../core/kernel/log.ts';

export interface Ending {
  /** Close code of the socket, when there was one. */
  readonly code?: number;
  readonly detail: string;
  /** READY or RESUMED had come. */
  readonly wasUp: boolean;
  /** The session cannot be resumed. */
  readonly isSessionGone?: boolean;
  readonly error?: unknown;
}

interface SocketOptions {
  readonly url: string;
  /** The answer to HELLO: identify or resume. */
  readonly hello: () => unknown;
  /** Last event that was handled; null before the first. */
  readonly sequence: () => number | null;
  /** Takes an event; true when it says that the session stands. */
  readonly onDispatch: (type: string, data: unknown, sequence: number) => boolean;
  readonly stop: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

const frameShape = z.object({
  op: z.number(),
  d: z.unknown().optional(),
  s: z.number().nullish(),
  t: z.string().nullish(),
});
const helloShape = z.object({ heartbeat_interval: z.number().min(10).max(3_600_000) });

/** Milliseconds until HELLO, and until READY or RESUMED after it. */
const UP_DEADLINE_MS = 20_000;
/** Larger than the largest READY of a bot in thousands of servers. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** Opens the socket and serves it. Resolves when it is over. */
export function openGatewaySocket(options: SocketOptions): Promise<Ending> {
  return new Promise((resolve) => {
    new GatewaySocket(options, resolve).open();
  });
}

class GatewaySocket {
  readonly #options: SocketOptions;
  readonly #resolve: (ending: Ending) => void;
  readonly #over = new AbortController();
  #socket: WebSocket | undefined;
  #isUp = false;
  #isAcknowledged = true;
  #isBeating = false;

  constructor(options: SocketOptions, resolve: (ending: Ending) => void) {
    this.#options = options;
    this.#resolve = resolve;
  }

  open(): void {
    const { url, stop } = this.#options;
    if (stop.aborted) return this.#end({ detail: 'stopped' });
    try {
      this.#socket = new WebSocket(url, {
        handshakeTimeout: UP_DEADLINE_MS,
        maxPayload: MAX_FRAME_BYTES,
        perMessageDeflate: false,
      });
    } catch (error) {
      return this.#end({ detail: toError(error).message });
    }
    const onStop = (): void => this.#end({ detail: 'stopped' }, 1000);
    stop.addEventListener('abort', onStop, { once: true });
    this.#over.signal.addEventListener('abort', () => stop.removeEventListener('abort', onStop), { once: true });
    this.#socket.on('message', (data: Buffer) => this.#onMessage(data));
    this.#socket.on('close', (code) => this.#end({ code, detail: `Discord closed the connection (${code})` }));
    this.#socket.on('error', (error) => this.#end({ detail: reasonOf(error) }));
    void this.#endLater();
  }

  async #endLater(): Promise<void> {
    await this.#options.clock.sleep(UP_DEADLINE_MS, this.#over.signal).catch(() => {});
    if (!this.#isUp) this.#end({ detail: 'Discord did not greet in time' }, 4000);
  }

  #onMessage(data: Buffer): void {
    if (this.#over.signal.aborted) return;
    const frame = frameShape.safeParse(parsed(data));
    if (!frame.success) return this.#options.log.warn({ bytes: data.length }, 'unreadable frame of Discord');
    const { op, d, s, t } = frame.data;
    switch (op) {
      case 0:
        if (typeof t === 'string' && this.#options.onDispatch(t, d, s ?? 0)) this.#isUp = true;
        return;
      case 1:
        return this.#beat();
      case 7:
        return this.#end({ detail: 'Discord asked to reconnect' }, 4000);
      case 9:
        return this.#end({ detail: 'Discord ended the session', isSessionGone: d !== true }, 4000);
      case 10:
        return this.#onHello(d);
      case 11:
        this.#isAcknowledged = true;
        return;
      default:
        this.#options.log.debug({ op }, 'unknown operation of Discord');
    }
  }

  #onHello(data: unknown): void {
    const hello = helloShape.safeParse(data);
    if (!hello.success) return this.#end({ detail: 'the greeting of Discord is unreadable' }, 4000);
    if (this.#isBeating) return;
    this.#isBeating = true;
    this.#send(this.#options.hello());
    void this.#keepBeating(hello.data.heartbeat_interval);
  }

  /** The first beat comes after a random part of the interval: https://docs.discord.com/developers/events/gateway#heartbeat-interval */
  async #keepBeating(intervalMs: number): Promise<void> {
    const { clock } = this.#options;
    let waitMs = intervalMs * Math.random();
    for (;;) {
      await clock.sleep(waitMs, this.#over.signal).catch(() => {});
      if (this.#over.signal.aborted) return;
      if (!this.#isAcknowledged) return this.#end({ detail: 'Discord does not answer heartbeats' }, 4000);
      this.#isAcknowledged = false;
      this.#beat();
      waitMs = intervalMs;
    }
  }

  #beat(): void {
    this.#send({ op: 1, d: this.#options.sequence() });
  }

  #send(frame: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame), () => {});
  }

  /** Ends once. With `code` we close: 4000 keeps the session for a resume, 1000 ends it. A peer that does not answer is cut off. */
  #end(ending: Omit<Ending, 'wasUp'>, code?: number): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    const socket = this.#socket;
    if (socket !== undefined && socket.readyState !== WebSocket.CLOSED) {
      socket.removeAllListeners('message');
      if (code !== undefined && socket.readyState === WebSocket.OPEN) socket.close(code);
      const cut = setTimeout(() => socket.terminate(), code === undefined ? 0 : 1000);
      cut.unref();
      socket.on('close', () => clearTimeout(cut));
    }
    this.#resolve({ ...ending, wasUp: this.#isUp });
  }
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Only the kind: an address may be in the text. */
function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return `no connection to Discord (${code ?? error.message.slice(0, 80)})`;
}
