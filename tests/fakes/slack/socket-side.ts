/** Owns the Socket Mode side of the stand-in: connections, envelopes, their acknowledgements, and sending again what was not acknowledged. Written from https://docs.slack.dev/apis/events-api/using-socket-mode */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

export interface Delivered {
  readonly envelopeId: string;
  /** Resolves with the payload of the acknowledgement. */
  readonly acknowledged: Promise<unknown>;
  /** How often it was sent so far. */
  readonly times: () => number;
}

interface Open {
  readonly type: string;
  readonly payload: unknown;
  readonly acknowledge: (payload: unknown) => void;
  times: number;
  isDone: boolean;
  timer?: NodeJS.Timeout;
}

export interface SocketSideOptions {
  /** Milliseconds after which an envelope is sent again; Slack waits three seconds. */
  readonly ackMs: number;
  readonly pingMs: number;
}

export class SocketSide {
  readonly #options: SocketSideOptions;
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #tickets = new Set<string>();
  readonly #open = new Map<string, Open>();
  readonly #live = new Set<WebSocket>();
  readonly #pings: NodeJS.Timeout;
  #turn = 0;
  /** Behaviour for tests; all may be changed at any time. */
  saysHello = true;
  /** False: neither pings nor answers to pings, as a path that swallows everything. */
  pings = true;
  /** So many upgrades are refused. */
  refusals = 0;
  /** Every frame that a client sent. */
  readonly frames: unknown[] = [];
  /** Connections ever accepted. */
  accepted = 0;

  constructor(options: SocketSideOptions) {
    this.#options = options;
    this.#pings = setInterval(() => {
      if (this.pings) for (const socket of this.#live) socket.ping();
    }, options.pingMs);
  }

  /** A path with a ticket that is good for one connection. */
  ticket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `/link/?ticket=${ticket}&app_id=A0001`;
  }

  get connections(): number {
    return this.#live.size;
  }

  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const isKnown = this.#tickets.delete(url.searchParams.get('ticket') ?? '');
      if (!isKnown || this.refusals > 0) {
        this.refusals = Math.max(0, this.refusals - 1);
        socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (client) => this.#accept(client));
    });
  }

  /** Hands an envelope out: to one connection, as Slack does, or to the next that comes. */
  deliver(type: string, payload: unknown, envelopeId: string = randomUUID()): Delivered {
    const done = Promise.withResolvers<unknown>();
    const open: Open = { type, payload, acknowledge: done.resolve, times: 0, isDone: false };
    this.#open.set(envelopeId, open);
    this.#send(envelopeId, open);
    return { envelopeId, acknowledged: done.promise, times: () => open.times };
  }

  /** How many envelopes nobody acknowledged. */
  get unacknowledged(): number {
    return [...this.#open.values()].filter(({ isDone }) => !isDone).length;
  }

  /** Sends a frame as it is to all. */
  raw(text: string | Buffer): void {
    for (const socket of this.#live) socket.send(text, { binary: typeof text !== 'string' });
  }

  disconnect(reason: string): void {
    this.raw(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'wss-stand-in' } }));
  }

  /** Closes every connection with a code; without one, cuts the lines. */
  drop(code?: number): void {
    for (const socket of this.#live) {
      if (code === undefined) socket.terminate();
      else socket.close(code);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pings);
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #accept(socket: WebSocket): void {
    this.accepted += 1;
    socket.on('error', () => undefined);
    socket.on('close', () => this.#live.delete(socket));
    socket.on('ping', () => {
      if (this.pings) socket.pong();
    });
    socket.on('message', (data) => this.#onFrame(JSON.parse((data as Buffer).toString('utf8'))));
    if (!this.saysHello) return;
    this.#live.add(socket);
    const debug = { host: 'wss-stand-in', started: '2026-01-01 00:00:00.000', approximate_connection_time: 18_060 };
    const hello = { type: 'hello', num_connections: this.#live.size, debug_info: debug };
    socket.send(JSON.stringify({ ...hello, connection_info: { app_id: 'A0001' } }));
    for (const [id, open] of this.#open) if (!open.isDone && open.times === 0) this.#send(id, open);
  }

  #onFrame(frame: unknown): void {
    this.frames.push(frame);
    const { envelope_id: id, payload } = frame as { envelope_id?: string; payload?: unknown };
    const open = this.#open.get(id ?? '');
    if (open === undefined || open.isDone) return;
    open.isDone = true;
    clearTimeout(open.timer);
    open.acknowledge(payload);
  }

  #send(id: string, open: Open): void {
    if (open.isDone) return;
    const sockets = [...this.#live].filter((socket) => socket.readyState === WebSocket.OPEN);
    const socket = sockets[this.#turn % Math.max(1, sockets.length)];
    this.#turn += 1;
    if (socket !== undefined) {
      const isEvent = open.type === 'events_api';
      const again = isEvent ? { retry_attempt: open.times, retry_reason: open.times === 0 ? '' : 'timeout' } : {};
      const envelope = { envelope_id: id, type: open.type, payload: open.payload, ...again };
      socket.send(JSON.stringify({ ...envelope, accepts_response_payload: !isEvent }));
      open.times += 1;
    }
    clearTimeout(open.timer);
    open.timer = setTimeout(() => this.#send(id, open), this.#options.ackMs);
  }
}
