/** Owns the HTTP server: every request is looked at in one order (Host and Origin, limits, who, right, shape), every answer has the strict headers, every failure one form. What a route does is not its matter. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Actor } from '../../core/access/actor.ts';
import { newId } from '../../core/kernel/ids.ts';
import type { Log } from '../../core/kernel/log.ts';
import { isAllowedOrigin, type OriginRules, refuseOrigin } from './check-origin.ts';
import { mountRoute } from './mount-route.ts';
import { asFailure, HttpFailure, problemBody } from './problem.ts';
import { addressOf } from './request-address.ts';
import { readJson } from './read-json.ts';
import { fullPath, OCTETS, type Route, type RouteAction } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    route?: Route;
  }
  interface FastifyRequest {
    actor: Actor | null;
  }
}

export interface HttpServerDeps {
  readonly log: Log;
  readonly rules: () => OriginRules;
  /** Seconds a browser may remember a CORS answer. */
  readonly corsMaxAge: () => number;
  readonly guard: Guard;
  /** Hides secrets in what is told of failures. */
  readonly mask: (text: string) => string;
  readonly meter?: HttpMeter;
}

/** Hears what is to be counted. */
export interface HttpMeter {
  /** An answer left, or its client went away before. `route` is its pattern, `none` for an unknown path. */
  answered(method: string, route: string, status: number): void;
  failed(code: string): void;
  /** Somebody begins (1) or ceases (-1) to read a stream of events. */
  reading(change: 1 | -1): void;
}

/** Who may go on, asked in this order. Each throws what stands against it. */
export interface Guard {
  /** Who asks; undefined only for a public route without a credential. */
  authenticate(shown: ShownCredential, action: RouteAction): Promise<Actor | undefined>;
  /** Whether they may. */
  permit(actor: Actor | undefined, action: RouteAction): void;
  /** Writes down that what the others threw was a refusal, if it was. */
  refused(actor: Actor | undefined, address: string, action: RouteAction, thrown: unknown): Promise<void>;
  /** Counts the request. Returns headers for the answer. Throws `limit-reached`. */
  count(actor: Actor | undefined, action: RouteAction, by: 'page' | 'program'): Readonly<Record<string, string>>;
}

export interface ShownCredential {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly address: string;
}

export interface HttpServer {
  readonly port: number;
  /** For upgrades to WebSocket. */
  readonly server: Server;
  /** Takes no new connections; resolves when what runs has ended or `graceMs` milliseconds are over. */
  close(graceMs: number): Promise<void>;
}

const MAX_BODY_BYTES = 1024 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;
const FORM = 'application/x-www-form-urlencoded';
const MAX_CONNECTIONS = 4096;
const MAX_PARAM_LENGTH = 256;

const STRICT_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'Origin',
};

/** Listens on `host` and `port` (0: any). Rejects with the error of node when that cannot be. Throws for a route without an action. */
export async function startHttpServer(
  deps: HttpServerDeps,
  routes: readonly Route[],
  at: { readonly host: string; readonly port: number },
): Promise<HttpServer> {
  const fastify = createFastify(deps);
  fastify.decorateRequest('actor', null);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, text: string) =>
    text === '' ? undefined : readJson(text),
  );
  // What curl -d says when it is told nothing. A page can send it without asking first, but never with this header.
  fastify.addContentTypeParser(FORM, { parseAs: 'string' }, async (request: FastifyRequest, text: string) => {
    if (request.headers.authorization !== undefined) return text === '' ? undefined : readJson(text);
    throw new HttpFailure(415, 'usage-invalid', 'Send the body as application/json.');
  });
  fastify.addContentTypeParser(OCTETS, { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) => {
    if (request.routeOptions.config.route?.consumes === OCTETS) return bytes;
    throw new HttpFailure(415, 'usage-invalid', 'Send the body as application/json.');
  });
  fastify.addHook('onRequest', (request, reply) => examine(deps, request, reply));
  if (deps.meter !== undefined) meterAnswers(fastify, deps.meter);
  fastify.setErrorHandler((error, request, reply) => answerFailure(deps, error, request, reply));
  fastify.setNotFoundHandler((request) => {
    throw nothingHere(routes, request);
  });
  for (const route of routes) mountRoute(fastify, route);
  await fastify.listen({ ...at, backlog: 1024 });
  fastify.server.maxConnections = MAX_CONNECTIONS;
  return {
    port: (fastify.server.address() as AddressInfo).port,
    server: fastify.server,
    close: (graceMs) => closeServer(fastify, graceMs),
  };
}

function createFastify(deps: HttpServerDeps): FastifyInstance {
  return Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: 16_384 },
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // The parents' paths `/api/…` mean `/api/v1/…`.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/api\/(?!v1(?:[/?]|$))/, '/api/v1/'),
    frameworkErrors: (error, request, reply) => answerFailure(deps, error, request, reply),
  });
}

function meterAnswers(fastify: FastifyInstance, meter: HttpMeter): void {
  fastify.addHook('onSend', async (_request, reply, payload) => {
    if (!String(reply.getHeader('content-type')).startsWith('text/event-stream')) return payload;
    meter.reading(1);
    reply.raw.once('close', () => meter.reading(-1));
    return payload;
  });
  fastify.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    const { route } = routeOptions.config;
    meter.answered(
      HTTP_METHODS.has(method) ? method : 'other',
      route === undefined ? 'none' : fullPath(route),
      reply.statusCode,
    );
  });
}

const HTTP_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The id a client gave its request, when it is a plain word of at most 64 characters; otherwise a new one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : newId();
}

/** Everything that is asked before a body is read. */
async function examine(deps: HttpServerDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.headers({ ...STRICT_HEADERS, 'x-request-id': request.id });
  const rules = deps.rules();
  const { route } = request.routeOptions.config;
  const refusal = refuseOrigin(request.headers, rules, route?.isPage);
  if (refusal !== undefined) throw new HttpFailure(403, 'permission-denied', refusal);
  const { origin, authorization, cookie } = request.headers;
  if (origin !== undefined && isAllowedOrigin(origin, rules)) {
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED });
    if (isPreflight(request)) return answerPreflight(deps, reply);
  }
  if (route === undefined) return;
  const address = addressOf(request);
  let actor: Actor | undefined;
  try {
    actor = await deps.guard.authenticate({ authorization, cookie, address }, route.action);
    request.actor = actor ?? null;
    reply.headers(deps.guard.count(actor, route.action, isReadOfPage(request) ? 'page' : 'program'));
    deps.guard.permit(actor, route.action);
  } catch (error) {
    await deps.guard.refused(actor, address, route.action, error);
    throw error;
  }
}

/** Whether a page of this server reads: no other site can make a browser say so, and a program that says it may read more and change nothing. */
function isReadOfPage({ method, headers, actor }: FastifyRequest): boolean {
  const isPerson = actor?.via === 'session' || actor?.via === 'loopback';
  return isPerson && method === 'GET' && headers['sec-fetch-site'] === 'same-origin';
}

const EXPOSED = 'x-request-id, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset';

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight({ corsMaxAge }: HttpServerDeps, reply: FastifyReply): void {
  reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'authorization, content-type, last-event-id',
      'access-control-max-age': String(corsMaxAge()),
    })
    .send();
}

function answerFailure(deps: HttpServerDeps, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const failure = asFailure(error);
  deps.meter?.failed(failure.code);
  if (failure.status >= 500 && failure.code === 'internal-error') {
    const cause = failure.cause instanceof Error ? (failure.cause.stack ?? failure.cause.message) : failure.message;
    deps.log.error({ request: request.id, error: cause }, 'a request failed');
  }
  const [path = '/'] = request.originalUrl.split('?', 1);
  const shape = request.routeOptions.config.route?.errors ?? (path.startsWith('/v1/') ? 'openai' : 'problem');
  const { contentType, body } = problemBody(failure, path, shape);
  // A body that was not read to its end makes the connection useless.
  if (failure.status === 413) reply.header('connection', 'close');
  reply
    .code(failure.status)
    .headers(failure.headers)
    .header('content-type', contentType)
    .send(deps.mask(JSON.stringify(body)));
}

/** 405 with what is allowed where another method would be answered, otherwise 404. */
function nothingHere(routes: readonly Route[], request: FastifyRequest): HttpFailure {
  const [path = '/'] = request.url.split('?', 1);
  const methods = routes.filter((route) => matches(fullPath(route), path)).map(({ method }) => method);
  if (methods.length === 0) {
    const [asked = '/'] = request.originalUrl.split('?', 1);
    return new HttpFailure(404, 'not-found', `There is nothing at ${asked.slice(0, 200)}.`);
  }
  const allow = methods.includes('GET') ? ['HEAD', ...methods] : methods;
  return new HttpFailure(405, 'usage-invalid', `${request.method} is not answered here.`, {
    headers: { allow: allow.toSorted().join(', ') },
  });
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  return wanted.length === parts.length && wanted.every((part, at) => part.startsWith(':') || part === parts[at]);
}

async function closeServer(fastify: FastifyInstance, graceMs: number): Promise<void> {
  const timer = setTimeout(() => fastify.server.closeAllConnections(), graceMs);
  await fastify.close();
  clearTimeout(timer);
}
