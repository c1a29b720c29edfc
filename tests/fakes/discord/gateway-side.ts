/** Owns the gateway of the stand-in: sessions with numbered events, replay on resume, heartbeats, and faults. */
import type { Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { APPLICATION, BOT, GUILD, OTHER_ROOM, ROOM, TOKEN } from './discord-world.ts';

interface Session {
  readonly id: string;
  readonly events: { readonly s: number; readonly t: string; readonly d: unknown }[];
  socket: WebSocket | undefined;
}

export interface GatewayFaults {
  /** Close code for every identify and resume, while set. */
  refuseWith?: number | undefined;
  /** HELLO never comes, while true. */
  isSilent: boolean;
  /** Heartbeats are not answered, while true. */
  ignoresHeartbeats: boolean;
  /** Answer to the next resumes: the session is gone. */
  forgetsSessions: boolean;
}

export class GatewaySide {
  readonly faults: GatewayFaults = { isSilent: false, ignoresHeartbeats: false, forgetsSessions: false };
  /** Everything the bot sent, in order. */
  readonly received: { readonly op: number; readonly d: unknown }[] = [];
  heartbeatMs = 30_000;
  origin = '';
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions = new Map<string, Session>();
  #latest: Session | undefined;
  #count = 0;

  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) =>
      this.#server.handleUpgrade(request, socket, head, (opened) => this.#greet(opened)),
    );
    this.#server.on('error', () => {});
  }

  /** How many sockets are open. */
  get open(): number {
    return this.#server.clients.size;
  }

  get identified(): number {
    return this.received.filter(({ op }) => op === 2).length;
  }

  get resumed(): number {
    return this.received.filter(({ op }) => op === 6).length;
  }

  /** Sends an event to the latest session; while it is away, the event waits for its resume. `times` repeats the same numbered event. */
  dispatch(t: string, d: unknown, times = 1): void {
    const session = this.#latest;
    if (session === undefined) return;
    const event = { s: session.events.length + 1, t, d };
    session.events.push(event);
    for (let n = 0; n < times; n += 1) send(session.socket, { op: 0, ...event });
  }

  /** Sends any frame, or any text, as it is. */
  raw(frame: unknown): void {
    for (const socket of this.#server.clients) socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  close(code: number): void {
    for (const socket of this.#server.clients) socket.close(code);
  }

  /** The connection breaks without a word. */
  cut(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  #greet(socket: WebSocket): void {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) =>
      this.#take(socket, JSON.parse(data.toString()) as { op: number; d: unknown }),
    );
    socket.on('close', () => {
      for (const session of this.#sessions.values()) if (session.socket === socket) session.socket = undefined;
    });
    if (!this.faults.isSilent) send(socket, { op: 10, d: { heartbeat_interval: this.heartbeatMs } });
  }

  #take(socket: WebSocket, frame: { op: number; d: unknown }): void {
    this.received.push(frame);
    if (frame.op === 1 && !this.faults.ignoresHeartbeats) send(socket, { op: 11 });
    if (frame.op !== 2 && frame.op !== 6) return;
    const data = frame.d as { token: string; session_id?: string; seq?: number };
    if (data.token !== TOKEN) return socket.close(4004);
    if (this.faults.refuseWith !== undefined) return socket.close(this.faults.refuseWith);
    if (frame.op === 2) this.#identify(socket);
    else this.#resume(socket, data.session_id ?? '', data.seq ?? 0);
  }

  #identify(socket: WebSocket): void {
    this.#count += 1;
    const session: Session = { id: `session-${this.#count}`, events: [], socket };
    this.#sessions.set(session.id, session);
    this.#latest = session;
    const url = this.origin.replace(/^http/, 'ws');
    this.dispatch('READY', {
      v: 10,
      session_id: session.id,
      resume_gateway_url: url,
      user: BOT,
      application: { id: APPLICATION, flags: 0 },
      guilds: [{ id: GUILD, unavailable: true }],
    });
    this.dispatch('GUILD_CREATE', {
      id: GUILD,
      name: 'Workshop',
      channels: [
        { id: ROOM, name: 'general', type: 0 },
        { id: OTHER_ROOM, name: 'random', type: 0 },
      ],
      threads: [],
      roles: [
        { id: '800', name: 'builders' },
        { id: '801', name: 'Claw Bot', tags: { bot_id: BOT.id } },
      ],
    });
  }

  #resume(socket: WebSocket, id: string, seq: number): void {
    const session = this.#sessions.get(id);
    if (session === undefined || this.faults.forgetsSessions) return send(socket, { op: 9, d: false });
    session.socket = socket;
    this.#latest = session;
    for (const event of session.events) if (event.s > seq) send(socket, { op: 0, ...event });
    send(socket, { op: 0, s: session.events.length, t: 'RESUMED', d: {} });
  }
}

function send(socket: WebSocket | undefined, frame: unknown): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}
