/** Owns a web proxy on loopback for programs that speak HTTP themselves (a browser, curl): every request and every tunnel is decided like one of claw's own and goes to a checked address. */
import { createServer, type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { decideUrl, type Resolve, type UrlAllowed, type UrlRules } from './decide-url.ts';
import { lookupFixed } from './resolve.ts';

export interface GuardProxyDeps extends Pick<UrlRules, 'trustedOrigins'> {
  readonly resolve: Resolve;
  readonly ownAddresses?: () => readonly string[];
  /** Asked before each request: a reason to refuse it (a host that was not granted), or undefined. */
  readonly refuse?: (url: URL) => string | undefined;
}

export interface GuardProxy {
  /** `http://127.0.0.1:PORT`, for the program's proxy setting. */
  readonly url: string;
  close(): Promise<void>;
}

/** A connection that is silent this long, in ms, is closed. */
const IDLE_MS = 30_000;
const MAX_CONNECTIONS = 128;
const PROXY_HEADERS: ReadonlySet<string> = new Set([
  'proxy-authorization',
  'proxy-connection',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
]);

/** Opens the proxy on a free port of 127.0.0.1. */
export async function openGuardProxy(deps: GuardProxyDeps): Promise<GuardProxy> {
  const sockets = new Set<Duplex>();
  const track = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer({ maxHeaderSize: 32_768 }, (request, response) => void forward(deps, request, response));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', track);
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    void tunnel(deps, request.url ?? '', client, head, track);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function decide(deps: GuardProxyDeps, url: string): Promise<UrlAllowed | string> {
  const { trustedOrigins = [] } = deps;
  const decision = await decideUrl(url, deps.resolve, { trustedOrigins, ownAddresses: deps.ownAddresses?.() ?? [] });
  if (decision.decision === 'deny') return decision.reason;
  return deps.refuse?.(decision.url) ?? decision;
}

/** A plain request: absolute form (RFC 9112 3.2.2), http only. */
async function forward(deps: GuardProxyDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = request.url ?? '';
  const decision = /^http:/i.test(target) ? await decide(deps, target) : 'a proxy is asked for http:// addresses';
  if (typeof decision === 'string') {
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${decision}\n`);
    return;
  }
  const { url, addresses } = decision;
  const headers = Object.entries(request.headers).filter(([name]) => !PROXY_HEADERS.has(name));
  const onward = sendRequest({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 80 : url.port,
    method: request.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...Object.fromEntries(headers), host: url.host },
    lookup: lookupFixed(addresses),
    agent: false,
    timeout: IDLE_MS,
  });
  onward.on('timeout', () => onward.destroy());
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('error', () => response.destroy()).pipe(response);
  });
  onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  response.once('close', () => onward.destroy());
  request.pipe(onward);
}

/** `CONNECT host:port`, for https and WebSockets. */
async function tunnel(
  deps: GuardProxyDeps,
  authority: string,
  client: Duplex,
  head: Buffer,
  track: (socket: Duplex) => void,
): Promise<void> {
  track(client);
  const decision = await decide(deps, `https://${authority}/`);
  if (typeof decision === 'string') {
    client.end(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n${decision}\n`,
    );
    return;
  }
  const onward = openSocket(decision);
  track(onward);
  onward.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) onward.write(head);
    client.pipe(onward).pipe(client);
  });
  onward.once('error', () => client.destroy());
  onward.once('close', () => client.destroy());
  client.once('close', () => onward.destroy());
}

function openSocket({ url, addresses }: UrlAllowed): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(url.port === '' ? 443 : url.port), lookup: lookupFixed(addresses) });
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  return socket;
}
