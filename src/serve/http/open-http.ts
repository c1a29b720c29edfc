/** Owns that the HTTP API is answered on the address of the settings, also after they changed, and never in public without strong authentication. */
import type { Server } from 'node:http';
import type { App } from '../../core/create-app.ts';
import { ClawError, toError } from '../../core/kernel/errors.ts';
import type { Log } from '../../core/kernel/log.ts';
import { FAMILIES } from '../../core/kernel/metric-families.ts';
import type { Meters } from '../../core/kernel/meters.ts';
import { httpBindProblem } from '../bind-problems.ts';
import { readiness } from '../open-health.ts';
import type { StateFile } from '../server-state.ts';
import type { TurnStreams } from '../turn-stream.ts';
import type { Uploads } from '../uploads.ts';
import type { OriginRules } from './check-origin.ts';
import { isLocalHost } from '../ws/listen.ts';
import { createGuard } from './guard.ts';
import { type HttpMeter, type HttpServer, type HttpServerDeps, startHttpServer } from './http-server.ts';
import type { MetricsSource } from './metrics-routes.ts';
import { allRoutes } from './routes.ts';

export interface Http {
  /** Moves to another address when the settings say so. */
  follow(): Promise<void>;
  /** Takes nothing new and lets what runs end, for at most `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>;
}

export interface HttpDeps extends MetricsSource {
  readonly app: App;
  readonly streams: TurnStreams;
  readonly uploads: Uploads;
  readonly state: StateFile;
  readonly version: string;
  readonly log: Log;
  /** Hears of each server that begins to listen, for WebSocket. */
  readonly onServer: (server: Server, host: string) => void;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** An address that cannot be used is only told, unless somebody chose it: then it throws `conflict`. A public one without strong authentication throws `config-invalid`. */
export async function openHttp(deps: HttpDeps): Promise<Http> {
  let asked = addressOf(deps.app);
  let server = await listen(deps, asked);
  return {
    async follow() {
      await requireSafeBind(deps.app);
      const next = addressOf(deps.app);
      if (next.host === asked.host && next.port === asked.port) return;
      asked = next;
      await server?.close(0);
      server = await listen(deps, next);
    },
    close: async (graceMs) => server?.close(graceMs),
  };
}

/** Throws `config-invalid` when the address is not loopback and strangers would not have to sign in. */
async function requireSafeBind(app: App): Promise<void> {
  const problem = await httpBindProblem(app);
  if (problem !== undefined) throw problem;
}

function addressOf({ settings }: App): Address {
  return { host: settings.get('DASHBOARD_HOST'), port: settings.get('DASHBOARD_PORT') };
}

async function listen(deps: HttpDeps, { host, port }: Address): Promise<HttpServer | undefined> {
  const { app, state, log } = deps;
  await requireSafeBind(app);
  const { http: _old, ...others } = state.current().ports;
  const routes = allRoutes(deps, () => readiness(state));
  try {
    const server = await startHttpServer(await serverDeps(deps, host), routes, { host, port });
    state.update({ ports: { ...others, http: server.port }, http_host: host });
    deps.onServer(server.server, host);
    log.info({ host, port: server.port }, 'the HTTP API is answered');
    return server;
  } catch (error) {
    const { message } = toError(error);
    const isChosen = (['DASHBOARD_PORT', 'DASHBOARD_HOST'] as const).some(
      (name) => app.settings.resolve(name).source !== 'default',
    );
    if (isChosen) {
      throw new ClawError('conflict', `The HTTP API cannot listen at ${host} port ${port}: ${message}.`, {
        hint: 'Choose another with DASHBOARD_PORT or --port, or 0 for any.',
        cause: error,
      });
    }
    log.warn({ port, error: message }, 'the HTTP API is not answered: set DASHBOARD_PORT to a free port');
    return undefined;
  }
}

async function serverDeps({ app, log }: HttpDeps, host: string): Promise<HttpServerDeps> {
  const { mask } = await app.masker();
  return {
    log,
    guard: await createGuard(app),
    rules: () => rulesOf(app, host),
    corsMaxAge: () => app.settings.get('CORS_MAX_AGE'),
    mask,
    meter: httpMeter(app.meters),
  };
}

function httpMeter(meters: Meters): HttpMeter {
  return {
    answered: (method, route, status) => meters.add(FAMILIES.http, { method, route, status: String(status) }),
    failed: (code) => meters.add(FAMILIES.errors, { code, where: 'http' }),
    reading: (change) => meters.add(FAMILIES.sse, {}, change),
  };
}

/** Names that a page which the settings let in is served under are names of this machine too. */
function rulesOf({ settings }: App, host: string): OriginRules {
  const allowedOrigins = settings.get('CORS_ALLOWED_ORIGINS');
  return { isLocal: isLocalHost(host), hosts: [host.toLowerCase(), ...settings.get('ALLOWED_HOSTS')], allowedOrigins };
}
