/** Owns the sockets of this server: lets them in, keeps their number and their noise within bounds, sees that they live, and closes them in order. What a frame does is not its matter. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Actor } from '../../core/access/actor.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import type { Log } from '../../core/kernel/log.ts';
import * as upgrade from './check-upgrade.ts';
import { Connection, type ConnectionDeps, reasonOf } from './connection.ts';
import { receiveFrame } from './receive-frame.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { AUTH_DEADLINE_MS, CLOSE_UNAUTHENTICATED, MAX_FRAME_BYTES, MAX_TEXT_CHARS } from './protocol.ts';
import type { ClientFrame } from './protocol.ts';
import type { Sessions } from './session.ts';

export interface HubDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly sessions: Sessions;
  readonly limits: () => HubLimits;
  readonly connection: ConnectionDeps;
  /** Counts an act of the actor. Throws `limit-reached`. */
  readonly count: (actor: Actor) => void;
  readonly handle: (from: Connection, actor: Actor, frame: ClientFrame) => Promise<void>;
}

export interface HubLimits {
  readonly maxConnections: number;
  /** Of one user who is no admin. */
  readonly maxOfUser: number;
  readonly messagesPerMinute: number;
}

/** How often sockets are asked whether they live and their users whether they still may, in milliseconds. */
const LOOK_MS = 30_000;
/** Sockets that have not said who they are, at once. */
const MAX_STRANGERS = 64;
const CLOSE_WAIT_MS = 800;

export class Hub {
  readonly #deps: HubDeps;
  readonly #open = new Set<Connection>();
  readonly #stopped = new AbortController();
  readonly #server = new WebSocketServer(WS_OPTIONS);
  #isTaking = true;

  constructor(deps: HubDeps) {
    this.#deps = deps;
    void this.#look();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes the upgrades of `server`; gives what lets go of it. */
  attach(server: Server, rules: () => upgrade.UpgradeRules): () => void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      socket.on('error', () => socket.destroy());
      this.#admit(request, socket, head, rules()).catch((error: unknown) => {
        this.#deps.log.warn({ error: reasonOf(error) }, 'a websocket was not opened');
        socket.destroy();
      });
    };
    server.on('upgrade', onUpgrade);
    return () => server.off('upgrade', onUpgrade);
  }

  /** Lets nobody in any more; those who are in hear the end of their turns, but begin none. */
  stopIntake(): void {
    this.#isTaking = false;
  }

  /** Says goodbye (1001) and resolves when all are gone, after 0.8 seconds in any case. */
  async close(): Promise<void> {
    this.#isTaking = false;
    this.#stopped.abort();
    for (const connection of this.#open) connection.close(1001, 'the server stops');
    const deadline = this.#deps.clock.elapsed() + CLOSE_WAIT_MS;
    while (this.#open.size > 0 && this.#deps.clock.elapsed() < deadline) await this.#deps.clock.sleep(20);
    for (const connection of this.#open) connection.terminate();
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer, rules: upgrade.UpgradeRules): Promise<void> {
    const from = upgrade.peerAddress(request);
    const shown = upgrade.credentialOf(request);
    const refusal =
      upgrade.checkUpgrade(request, rules) ??
      this.#refuseForNow(request, from) ??
      (shown !== undefined && 'status' in shown ? shown : undefined);
    if (refusal !== undefined) return refuseUpgrade(socket, refusal);
    let actor: Actor | undefined;
    try {
      actor = await this.#actorOf(shown as upgrade.Credential | undefined, from);
    } catch (error) {
      if (!(error instanceof ClawError)) throw error;
      const { httpStatus: status, code, message } = error;
      return refuseUpgrade(socket, { status, code, message });
    }
    const full = this.#refuseFull(actor);
    if (full !== undefined) return refuseUpgrade(socket, full);
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#welcome(opened, actor, from));
  }

  /** Undefined for those who may still say who they are. */
  async #actorOf(shown: upgrade.Credential | undefined, from: string): Promise<Actor | undefined> {
    const { sessions } = this.#deps;
    if (shown === undefined && !sessions.isOpen()) return undefined;
    return sessions.open(shown, from);
  }

  #refuseForNow(request: IncomingMessage, from: string): upgrade.Refusal | undefined {
    if (!this.#isTaking) return { status: 503, code: 'cancelled', message: 'The server stops.' };
    if (!this.#deps.sessions.isOpen()) return undefined;
    if (upgrade.isLoopback(from) && !upgrade.isForwarded(request)) return undefined;
    const message = 'Without authentication only this machine may connect; set AUTH_ENABLED.';
    return { status: 403, code: 'permission-denied', message };
  }

  #refuseFull(actor: Actor | undefined): upgrade.Refusal | undefined {
    const { maxConnections, maxOfUser } = this.#deps.limits();
    const all = [...this.#open];
    const user = actor?.user;
    const isAlone = this.#deps.sessions.isOpen() || user?.role === 'admin';
    const own = all.filter((each) => each.actor?.user.id === user?.id).length;
    const isFull =
      all.length >= maxConnections || own >= (user === undefined ? MAX_STRANGERS : isAlone ? Infinity : maxOfUser);
    return isFull ? { status: 503, code: 'limit-reached', message: 'There are too many connections.' } : undefined;
  }

  #welcome(socket: WebSocket, actor: Actor | undefined, from: string): void {
    const connection = new Connection(socket, from, this.#deps.connection);
    this.#open.add(connection);
    socket.on('close', () => {
      connection.closed.abort(new Error('the socket is closed'));
      this.#open.delete(connection);
    });
    // 'close' follows each error.
    socket.on('error', () => {});
    socket.on('pong', () => (connection.isAlive = true));
    socket.on('message', (data, isBinary) => this.#receive(connection, data, isBinary));
    if (actor === undefined) void this.#awaitIdentity(connection);
    else this.#identify(connection, actor);
  }

  #identify(connection: Connection, actor: Actor): void {
    connection.actor = actor;
    const { username, role } = actor.user;
    const { messagesPerMinute } = this.#deps.limits();
    connection.send({
      type: 'info',
      code: 'connected',
      message: `Hello, ${username}.`,
      user: { username, role },
      limits: { message_chars: MAX_TEXT_CHARS, messages_per_minute: messagesPerMinute },
    });
  }

  async #awaitIdentity(connection: Connection): Promise<void> {
    const message = `Say who you are within ${AUTH_DEADLINE_MS / 1000} seconds, by an auth frame.`;
    connection.send({ type: 'info', code: 'authenticate', message });
    const { signal } = connection.closed;
    await this.#deps.clock.sleep(AUTH_DEADLINE_MS, signal).catch(() => {});
    if (connection.actor === undefined) connection.close(CLOSE_UNAUTHENTICATED, 'nobody said who it is');
  }

  #receive(connection: Connection, data: RawData, isBinary: boolean): void {
    connection.isAlive = true;
    receiveFrame(
      {
        limits: this.#deps.limits,
        count: this.#deps.count,
        renew: (actor) => this.#deps.sessions.renew(actor),
        handle: async (from, actor, frame) => {
          if (!this.#isTaking) throw new ClawError('cancelled', 'The server stops.', { hint: 'Come back and resume.' });
          await this.#deps.handle(from, actor, frame).catch((error: unknown) => {
            const { log } = this.#deps;
            if (!(error instanceof ClawError))
              log.error({ type: frame.type, error: reasonOf(error) }, 'a frame failed');
            throw error;
          });
        },
        identify: async (credential) => {
          const actor = await this.#deps.sessions.open(credential, connection.from);
          if (this.#refuseFull(actor) !== undefined)
            throw new ClawError('limit-reached', 'There are too many connections.');
          this.#identify(connection, actor);
        },
      },
      connection,
      isBinary ? undefined : textOf(data),
    );
  }

  /** Ends sockets that say nothing any more and those of users who may not any more. */
  async #look(): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#stopped;
    while (
      await clock.sleep(LOOK_MS, signal).then(
        () => true,
        () => false,
      )
    ) {
      const renewals = new Map<string, Promise<Actor>>();
      for (const connection of this.#open) {
        connection.quiet();
        if (connection.isAlive) {
          connection.isAlive = false;
          connection.ping();
          await this.#renewOnce(connection, renewals);
        } else connection.terminate();
      }
    }
  }

  /** One look per credential, however many sockets it opened. */
  async #renewOnce(connection: Connection, renewals: Map<string, Promise<Actor>>): Promise<void> {
    const { actor } = connection;
    if (actor === undefined) return;
    const key = `${actor.user.id} ${actor.via} ${actor.credentialId ?? ''}`;
    const renewal = renewals.get(key) ?? this.#deps.sessions.renew(actor);
    renewals.set(key, renewal);
    try {
      connection.actor = await renewal;
    } catch (error) {
      if (error instanceof ClawError) connection.close(CLOSE_UNAUTHENTICATED, 'not allowed any more');
    }
  }
}

const WS_OPTIONS = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_FRAME_BYTES,
  maxFragments: 256,
  maxBufferedChunks: 4096,
  closeTimeout: 2000,
  handleProtocols: upgrade.chooseProtocol,
} as const;

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as ArrayBuffer).toString('utf8');
}
