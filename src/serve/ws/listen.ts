/** Owns the port of the WebSocket server: it is tried until it is free, changes with the settings, and is never bound to the world without authentication. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../core/kernel/clock.ts';
import { toError } from '../../core/kernel/errors.ts';
import type { Log } from '../../core/kernel/log.ts';
import { isLoopback } from './check-upgrade.ts';

export interface ListenPlan {
  readonly host: string;
  /** 0: any. */
  readonly port: number;
  readonly allowsRemote: boolean;
  /** Clients must say who they are. */
  readonly hasAuth: boolean;
  readonly maxConnections: number;
}

export interface Listener {
  /** Brings the port in line with the settings. Resolves when it was tried once. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

interface ListenDeps {
  readonly plan: () => ListenPlan;
  /** Takes the upgrades of a server. */
  readonly attach: (server: Server) => void;
  /** The port that is listened on; undefined while none is. */
  readonly onPort: (port: number | undefined) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often a port that is taken is tried again, in milliseconds. */
const RETRY_MS = 10_000;
/** For the headers of a request, in milliseconds. */
const HEADERS_MS = 5000;
/** Connections that have not been upgraded yet, besides those that have. */
const SPARE_CONNECTIONS = 128;

export function isLocalHost(host: string): boolean {
  return host === 'localhost' || isLoopback(host);
}

export function createListener(deps: ListenDeps): Listener {
  let bound: { readonly key: string; readonly server: Server } | undefined;
  let retry = new AbortController();
  const free = async (): Promise<void> => {
    retry.abort();
    const old = bound;
    bound = undefined;
    if (old === undefined) return;
    deps.onPort(undefined);
    // Sockets that were upgraded live on; the hub closes them.
    await new Promise<void>((resolve) => {
      old.server.close(() => resolve());
      old.server.closeAllConnections();
      resolve();
    });
  };
  const attempt = async (plan: ListenPlan, key: string, signal: AbortSignal): Promise<void> => {
    try {
      const server = await bind(plan, deps.attach);
      if (signal.aborted) {
        server.close();
        return;
      }
      bound = { key, server };
      const { port } = server.address() as AddressInfo;
      deps.onPort(port);
      deps.log.info({ host: plan.host, port }, 'websocket listens');
    } catch (error) {
      const reason = toError(error).message;
      deps.log.warn({ host: plan.host, port: plan.port, error: reason }, 'websocket does not listen; tried again soon');
      void deps.clock.sleep(RETRY_MS, signal).then(
        () => attempt(plan, key, signal),
        () => {},
      );
    }
  };
  return {
    async follow() {
      const plan = deps.plan();
      const key = JSON.stringify([plan.host, plan.port, isAllowed(plan)]);
      if (bound?.key === key) return;
      await free();
      retry = new AbortController();
      if (isAllowed(plan)) return attempt(plan, key, retry.signal);
      const hint = 'set WS_ALLOW_REMOTE and AUTH_ENABLED or WS_AUTH_TOKEN, or a WS_HOST of this machine only';
      deps.log.error({ host: plan.host, hint }, 'websocket is not opened to other machines without authentication');
    },
    close: free,
  };
}

function isAllowed({ host, allowsRemote, hasAuth }: ListenPlan): boolean {
  return isLocalHost(host) || (allowsRemote && hasAuth);
}

async function bind({ host, port, maxConnections }: ListenPlan, attach: (server: Server) => void): Promise<Server> {
  const timeouts = { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS, connectionsCheckingInterval: HEADERS_MS };
  const server = createServer({ ...timeouts, keepAliveTimeout: 1, maxHeaderSize: 16_384 }, (request, response) => {
    request.resume();
    const body = JSON.stringify({ title: 'Upgrade Required', status: 426, detail: 'This port speaks WebSocket.' });
    const headers = { upgrade: 'websocket', connection: 'close', 'content-type': 'application/problem+json' };
    response.writeHead(426, headers).end(body);
  });
  server.maxConnections = maxConnections + SPARE_CONNECTIONS;
  attach(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}
