/** Owns the first look at a request for a WebSocket: which Host and Origin may ask, and what it shows of itself. A page of another site never gets in, with authentication on or off. Sources: RFC 6455 10.2, RFC 9110 7.2. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { PROTOCOL, TICKET_PREFIX } from './protocol.ts';

export interface UpgradeRules {
  /** Paths that are answered. */
  readonly paths: readonly string[];
  /** The server takes loopback only. */
  readonly isLocal: boolean;
  /** Names besides loopback and addresses by which this machine is asked for. */
  readonly hosts: readonly string[];
  /** Ports of claw's own pages. */
  readonly ownPorts: readonly number[];
  /** Origins that the settings let in. */
  readonly allowedOrigins: readonly string[];
}

/** What a client showed to prove who it is. */
export type Credential =
  | { readonly kind: 'bearer'; readonly value: string }
  | { readonly kind: 'ticket'; readonly value: string };

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 429 | 503;
  readonly code: string;
  readonly message: string;
}

/** Why the request is refused; undefined when it may go on. */
export function checkUpgrade(request: IncomingMessage, rules: UpgradeRules): Refusal | undefined {
  const twice = ['host', 'origin', 'authorization'].find((name) => countHeader(request, name) > 1);
  if (twice !== undefined) return refuse(400, 'usage-invalid', `The header ${twice} stands there twice.`);
  const path = request.url ?? '';
  const url = /^\/(?!\/)/.test(path) ? URL.parse(path, 'http://claw.invalid') : null;
  if (url === null) return refuse(400, 'usage-invalid', 'The path is malformed.');
  if ([...url.searchParams.keys()].some((name) => CREDENTIAL_NAMES.has(name.toLowerCase().replaceAll(/[-_]/g, '')))) {
    return refuse(
      400,
      'auth-rejected',
      'A credential never goes into the URL: use the Authorization header or a ticket.',
    );
  }
  if (!rules.paths.includes(url.pathname)) return refuse(404, 'not-found', 'There is no WebSocket at this path.');
  if (!isOwnHost(request.headers.host, rules)) return refuse(403, 'permission-denied', 'This Host is not served here.');
  const { origin } = request.headers;
  if (origin !== undefined && !isKnownOrigin(origin, hostName(request.headers.host), rules)) {
    return refuse(403, 'permission-denied', 'Pages of this Origin may not connect; see WS_ALLOWED_ORIGINS.');
  }
  return undefined;
}

/** Names that a secret has in a query, without - and _. */
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set([
  'token', 'accesstoken', 'authtoken', 'auth', 'authorization', 'bearer', 'ticket', 'key', 'apikey', 'password', 'secret', 'jwt',
]); // oxfmt-ignore

/** The header of the upgrade that proves who asks; undefined when there is none. */
export function credentialOf({ headers }: IncomingMessage): Credential | Refusal | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const value = /^bearer +([\w.~+/=-]{1,4096})$/i.exec(authorization)?.[1];
    return value === undefined
      ? refuse(401, 'auth-rejected', 'Authorization must be "Bearer TOKEN".')
      : { kind: 'bearer', value };
  }
  const ticket = protocolsOf(headers['sec-websocket-protocol']).find((name) => name.startsWith(TICKET_PREFIX));
  return ticket === undefined ? undefined : { kind: 'ticket', value: ticket.slice(TICKET_PREFIX.length) };
}

/** The subprotocol to answer with: a client that offered some hangs up when it gets none. */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(PROTOCOL)) return PROTOCOL;
  return [...offered].find((name) => name.startsWith(TICKET_PREFIX)) ?? false;
}

/** Whether something in between forwarded the request: then its address says nothing. */
export function isForwarded({ headers }: IncomingMessage): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-real-ip', 'x-forwarded-host', 'via'].some(
    (name) => headers[name] !== undefined,
  );
}

/** The address without the IPv6 form of an IPv4 one. */
export function peerAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
}

export function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

function protocolsOf(header: string | undefined): readonly string[] {
  return (header ?? '').split(',').map((name) => name.trim());
}

function countHeader({ rawHeaders }: IncomingMessage, wanted: string): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === wanted).length;
}

/** A name in Host may be one that an attacker's DNS points here; an address cannot. */
function isOwnHost(host: string | undefined, { isLocal, hosts }: UpgradeRules): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  if (name === 'localhost' || isLoopback(name) || hosts.includes(name)) return true;
  return !isLocal && isIP(name) !== 0;
}

/** The name or address in a Host header, in lower case, without port and brackets; undefined when it is malformed. */
function hostName(host: string | undefined): string | undefined {
  if (host === undefined || !/^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host)) return undefined;
  const name = host.replace(/:\d{1,5}$/, '').replaceAll(/[[\]]/g, '');
  return name.toLowerCase();
}

function isKnownOrigin(origin: string, asked: string | undefined, rules: UpgradeRules): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  // An origin is scheme, host and port and nothing else; `null` and lists are none.
  if (url === undefined || url.origin !== origin || !/^https?:$/.test(url.protocol)) return false;
  if (rules.allowedOrigins.some((allowed) => URL.canParse(allowed) && new URL(allowed).origin === origin)) return true;
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  const name = hostName(url.host) ?? '';
  // Another machine's address is no page of claw, whatever its port.
  const isHere = name === asked || (isIP(name) === 0 ? isOwnHost(name, rules) : isLoopback(name));
  return url.protocol === 'http:' && rules.ownPorts.includes(port) && isHere;
}

function refuse(status: Refusal['status'], code: string, message: string): Refusal {
  return { status, code, message };
}
