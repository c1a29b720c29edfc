/** Owns one WebSocket connection of Slack's Socket Mode. Promises: an envelope is acknowledged only when it was handled, and a connection gone silent is noticed. Must not reconnect. Source: https://docs.slack.dev/apis/events-api/using-socket-mode */
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Clock } from '../../core/kernel/clock.ts';
import { ClawError, toError } from '../../core/kernel/errors.ts';
import type { Log } from '../../core/kernel/log.ts';

const FRAME = z.looseObject({
  type: z.string(),
  envelope_id: z.string().optional(),
  payload: z.unknown().optional(),
  reason: z.string().optional(),
});

export interface Envelope {
  readonly id: string;
  /** `events_api`, `slash_commands`, `interactive`, and what Slack may add. */
  readonly type: string;
  readonly payload: unknown;
}

export interface SocketDeps {
  /** Resolves when what the envelope says is stored, with the payload of the acknowledgement, if any; a rejection leaves it unacknowledged. */
  readonly handle: (envelope: Envelope) => Promise<Readonly<Record<string, unknown>> | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings: SocketTimings;
}

/** All in milliseconds. */
export interface SocketTimings {
  /** For the handshake, and again for Slack's hello. */
  readonly deadlineMs: number;
  readonly pingEveryMs: number;
  /** Without a frame, a ping or a pong for so long, the connection counts as dead. */
  readonly silenceMs: number;
}

/** Events of a workspace are small; a file never comes this way. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const CLOSE_WAIT_MS = 1000;

/** Connects and resolves at Slack's hello. Throws `upstream-failed`. */
export async function connectSocket(url: string, deps: SocketDeps, signal: AbortSignal): Promise<SlackSocket> {
  const socket = new SlackSocket(url, deps);
  const onAbort = (): void => socket.terminate();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await socket.hello;
    return socket;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

export class SlackSocket {
  /** Rejects with `upstream-failed` when Slack never says it. */
  readonly hello: Promise<void>;
  /** Resolves once another connection is due: `closed`, or the reason of Slack's disconnect while this one still works. */
  readonly ended: Promise<string>;
  readonly #deps: SocketDeps;
  readonly #socket: WebSocket;
  readonly #hello = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<string>();
  readonly #closed = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #isTaking = true;
  #lastHeard: number;

  constructor(url: string, deps: SocketDeps) {
    this.#deps = deps;
    this.hello = this.#hello.promise;
    this.ended = this.#ended.promise;
    this.#lastHeard = deps.clock.elapsed();
    this.#socket = new WebSocket(url, {
      handshakeTimeout: deps.timings.deadlineMs,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    });
    this.#listen();
    this.hello.catch(() => undefined);
    void this.#watch();
    void this.#limitHello();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Takes nothing in any more, waits for what it took, and closes. */
  async drain(): Promise<void> {
    this.#isTaking = false;
    await Promise.all(this.#running);
    this.#socket.close(1000);
    await this.#deps.clock.sleep(CLOSE_WAIT_MS, this.#closed.signal).catch(() => undefined);
    this.#socket.terminate();
  }

  #listen(): void {
    const heard = (): void => {
      this.#lastHeard = this.#deps.clock.elapsed();
    };
    this.#socket.on('ping', heard).on('pong', heard);
    this.#socket.on('message', (data, isBinary) => {
      heard();
      if (!isBinary) this.#onFrame(textOf(data));
    });
    // 'close' follows each error; its message may hold the address, which holds a ticket.
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', (code) => {
      this.#hello.reject(new ClawError('upstream-failed', `Slack closed the connection (${code}) before it began`));
      this.#ended.resolve('closed');
      this.#closed.abort();
    });
  }

  #onFrame(text: string): void {
    const frame = readFrame(text);
    if (frame === undefined) {
      this.#deps.log.debug({ channel: 'slack', bytes: text.length }, 'frame that is none was ignored');
    } else if (frame.type === 'hello') this.#hello.resolve();
    else if (frame.type === 'disconnect') this.#ended.resolve(frame.reason ?? 'disconnect');
    else if (frame.envelope_id !== undefined && this.#isTaking) {
      const work = this.#take({ id: frame.envelope_id, type: frame.type, payload: frame.payload });
      this.#running.add(work);
      void work.finally(() => this.#running.delete(work));
    }
  }

  async #take(envelope: Envelope): Promise<void> {
    const { handle, log } = this.#deps;
    try {
      const payload = await handle(envelope);
      // Slack sends again what a broken connection could not acknowledge.
      if (this.#socket.readyState !== WebSocket.OPEN) return;
      this.#socket.send(JSON.stringify({ envelope_id: envelope.id, ...(payload === undefined ? {} : { payload }) }));
    } catch (error) {
      const reason = error instanceof ClawError ? error.code : toError(error).name;
      log.warn({ channel: 'slack', type: envelope.type, reason }, 'not stored, so not acknowledged');
    }
  }

  /** Slack pings every few seconds; a path that swallows everything shows only in silence. */
  async #watch(): Promise<void> {
    const { clock, timings } = this.#deps;
    while (await this.#passed(timings.pingEveryMs)) {
      if (clock.elapsed() - this.#lastHeard > timings.silenceMs) this.#socket.terminate();
      else if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
    }
  }

  async #limitHello(): Promise<void> {
    const heard = this.hello.then(
      () => true,
      () => true,
    );
    const late = this.#passed(2 * this.#deps.timings.deadlineMs).then((passed) => !passed);
    if (!(await Promise.race([heard, late]))) this.#socket.terminate();
  }

  /** True after `ms`; false when the connection closed meanwhile. */
  async #passed(ms: number): Promise<boolean> {
    return this.#deps.clock.sleep(ms, this.#closed.signal).then(
      () => true,
      () => false,
    );
  }
}

function readFrame(text: string): z.output<typeof FRAME> | undefined {
  try {
    return FRAME.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as ArrayBuffer).toString('utf8');
}
