/** Owns one socket: what goes out is masked and paced, what reads for it ends with it. Must not decide what a frame does. */
import type { WebSocket } from 'ws';
import type { Actor } from '../../core/access/actor.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import { ClawError, toError } from '../../core/kernel/errors.ts';
import { within } from '../../core/kernel/within.ts';
import { maskFrame } from './mask-frame.ts';
import type { FrameId, ServerFrame } from './protocol.ts';

export interface ConnectionDeps {
  readonly clock: Clock;
  readonly maskJson: <T>(value: T) => T;
}

/** Bytes that may wait for the client before the socket is given up. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Bytes after which an event waits until the client has taken what is there. */
const PACE_BYTES = 256 * 1024;
/** How long it waits, in milliseconds. */
const STALL_MS = 20_000;

export class Connection {
  /** Undefined until the client has said who it is. */
  actor: Actor | undefined;
  /** Heard from since the last look. */
  isAlive = true;
  badFrames = 0;
  frames = 0;
  waitingFrames = 0;
  /** Frames are handled one after the other. */
  last: Promise<void> = Promise.resolve();
  /** What ends when the socket does. */
  readonly closed = new AbortController();
  /** Streams that are read for this socket, by id. */
  readonly readers = new Map<string, AbortController>();
  readonly from: string;
  readonly #socket: WebSocket;
  readonly #deps: ConnectionDeps;

  constructor(socket: WebSocket, from: string, deps: ConnectionDeps) {
    this.#socket = socket;
    this.from = from;
    this.#deps = deps;
  }

  send(frame: ServerFrame): void {
    this.#write(frame, () => {});
  }

  /** Resolves when the client keeps up. */
  async sendPaced(frame: ServerFrame): Promise<void> {
    const taken = Promise.withResolvers<void>();
    this.#write(frame, () => taken.resolve());
    if (this.#socket.bufferedAmount < PACE_BYTES) return;
    await within(this.#deps.clock, STALL_MS, taken.promise);
    if (this.#socket.bufferedAmount >= PACE_BYTES) this.close(1013, 'too slow; come back and resume');
  }

  fail(thrown: unknown, id?: FrameId | null): void {
    const error = thrown instanceof ClawError ? thrown : new ClawError('internal-error', 'Something went wrong here.');
    const retryAfter = (thrown as { readonly retryAfterSeconds?: unknown } | undefined)?.retryAfterSeconds;
    this.send({
      type: 'error',
      ...(id === undefined || id === null ? {} : { id }),
      code: error.code,
      message: error.message,
      hint: error.hint ?? null,
      ...(typeof retryAfter === 'number' ? { retry_after: retryAfter } : {}),
    });
  }

  /** Milliseconds UTC. */
  now(): number {
    return this.#deps.clock.now();
  }

  /** The counts of noise begin anew. */
  quiet(): void {
    this.badFrames = 0;
    this.frames = 0;
  }

  close(code: number, reason: string): void {
    this.closed.abort(new Error('the socket is closed'));
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.close(code, reason);
  }

  terminate(): void {
    this.closed.abort(new Error('the socket is closed'));
    this.#socket.terminate();
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #write(frame: ServerFrame, done: () => void): void {
    if (this.closed.signal.aborted || this.#socket.readyState !== this.#socket.OPEN) {
      done();
      return;
    }
    // A socket that broke meanwhile says so by its own close.
    this.#socket.send(JSON.stringify(maskFrame(frame, this.#deps.maskJson)), () => done());
    if (this.#socket.bufferedAmount > MAX_WAITING_BYTES) this.close(1013, 'too slow; come back and resume');
  }
}

/** The message of anything thrown, for the log. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof ClawError ? `${thrown.code}: ${thrown.message}` : toError(thrown).message;
}
