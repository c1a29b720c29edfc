/** Owns that the server speaks WebSocket by the settings as they stand: it puts hub, port and frames together out of the app. */
import type { Server } from 'node:http';
import type { App } from '../../core/create-app.ts';
import { toError } from '../../core/kernel/errors.ts';
import type { Log } from '../../core/kernel/log.ts';
import type { StateFile } from '../server-state.ts';
import type { TurnStreams } from '../turn-stream.ts';
import type { Uploads } from '../uploads.ts';
import type { UpgradeRules } from './check-upgrade.ts';
import { ChangeFeed } from './change-feed.ts';
import { handleFrame } from './handle-frame.ts';
import { Hub } from './hub.ts';
import { isOpen } from '../bind-problems.ts';
import { createListener, isLocalHost } from './listen.ts';
import { createSentMessages } from './sent-messages.ts';
import { fileStamp } from '../watch-files.ts';
import { createRefusalRecord, type Refused } from '../record-refusals.ts';
import { createSessions } from './session.ts';

export interface WebSockets {
  /** Answers upgrades to `/ws` of another server too; `host` is what that one binds. */
  attach(server: Server, host: string): void;
  /** Brings the port in line with the settings. */
  follow(): Promise<void>;
  /** Sockets that are open. */
  count(): number;
  /** Begins no turns any more. */
  stopIntake(): void;
  /** Closes every socket with 1001. */
  close(): Promise<void>;
}

interface WebSocketDeps {
  readonly app: App;
  readonly streams: TurnStreams;
  readonly uploads: Uploads;
  readonly state: StateFile;
  readonly log: Log;
}

/** Starts it. A port that is taken is told and tried again. */
export async function openWebSockets(deps: WebSocketDeps): Promise<WebSockets> {
  const { app, state, log } = deps;
  const feed = new ChangeFeed({
    clock: app.clock,
    store: () => app.store(),
    logStamp: () => fileStamp(app.paths.log),
    serverState: () => state.current(),
    onTrouble: (error) => log.error({ error: toError(error).message }, 'changes could not be looked for'),
  });
  const hub = await createHub(deps, feed);
  const setPort = (port: number | undefined): void => {
    const { websocket: _old, ...others } = state.current().ports;
    state.update({ ports: port === undefined ? others : { ...others, websocket: port } });
  };
  const listener = createListener({
    plan: () => ({
      host: app.settings.get('WS_HOST'),
      port: app.settings.get('WS_PORT'),
      allowsRemote: app.settings.get('WS_ALLOW_REMOTE'),
      hasAuth: !isOpen(app.settings),
      maxConnections: app.settings.get('WS_MAX_CONNECTIONS'),
    }),
    attach: (server) => hub.attach(server, () => rulesOf(deps, ['/', '/ws'], app.settings.get('WS_HOST'))),
    onPort: setPort,
    clock: app.clock,
    log,
  });
  await listener.follow();
  return {
    attach: (server, host) => void hub.attach(server, () => rulesOf(deps, ['/ws'], host)),
    async follow() {
      feed.note('settings', null);
      await listener.follow();
    },
    count: () => hub.size,
    stopIntake: () => hub.stopIntake(),
    close: async () => {
      await listener.close();
      await hub.close();
    },
  };
}

async function createHub({ app, streams, uploads, log }: WebSocketDeps, feed: ChangeFeed): Promise<Hub> {
  const { clock } = app;
  const { maskJson } = await app.masker();
  const { limits } = await app.access();
  const sent = createSentMessages();
  const record = createRefusalRecord(app);
  const noted = async <T>(refused: Refused, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await record(refused, error);
      throw error;
    }
  };
  const sessions = createSessions({
    isOpen: () => isOpen(app.settings),
    authenticator: async () => (await app.access()).authenticator(),
    tickets: async () => (await app.access()).tickets(),
  });
  const frameDeps = { streams, sent, uploads, store: () => app.store(), approvals: () => app.approvals(), feed };
  return new Hub({
    clock,
    log,
    sessions: {
      ...sessions,
      open: (credential, from) =>
        noted({ actor: undefined, from, via: 'websocket', act: 'connect' }, () => sessions.open(credential, from)),
    },
    limits: () => ({
      maxConnections: app.settings.get('WS_MAX_CONNECTIONS'),
      maxOfUser: app.settings.get('WS_MAX_CONNECTIONS_PER_USER'),
      messagesPerMinute: app.settings.get('WS_RATE_LIMIT'),
    }),
    connection: { clock, maskJson },
    count: ({ user }) => void limits.require('ws', user.id),
    handle: (from, actor, frame) =>
      noted({ actor, from: actor.from, via: 'websocket', act: frame.type }, () =>
        handleFrame(frameDeps, from, actor, frame),
      ),
  });
}

function rulesOf({ app, state }: WebSocketDeps, paths: readonly string[], host: string): UpgradeRules {
  const allowedOrigins = app.settings.get('WS_ALLOWED_ORIGINS');
  const named = allowedOrigins.flatMap((origin) => URL.parse(origin)?.hostname ?? []);
  return {
    paths,
    isLocal: isLocalHost(host),
    hosts: [host, ...named, ...app.settings.get('ALLOWED_HOSTS')].map((name) => name.toLowerCase()),
    ownPorts: Object.values(state.current().ports),
    allowedOrigins,
  };
}
