/** Owns which Host, Origin and Fetch-Metadata headers are answered, and what CORS says. A page of another site gets nothing, with authentication on or off. Sources: RFC 9110 7.2, Fetch standard, W3C Fetch Metadata. */
import { isIP } from 'node:net';

export interface OriginRules {
  /** The server takes loopback only. */
  readonly isLocal: boolean;
  /** Names in lower case, besides loopback, by which this machine is asked for. */
  readonly hosts: readonly string[];
  /** Origins of other pages that the settings let in. */
  readonly allowedOrigins: readonly string[];
}

export interface RequestHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
  readonly 'sec-fetch-mode'?: string | string[] | undefined;
  readonly 'sec-fetch-dest'?: string | string[] | undefined;
}

/** Why the request is refused; undefined when it may go on. `isPage`: a link on another site may lead there. */
export function refuseOrigin(headers: RequestHeaders, rules: OriginRules, isPage = false): string | undefined {
  if (!isOwnHost(hostName(headers.host), rules)) return 'This Host is not served here.';
  const { origin } = headers;
  if (origin !== undefined) {
    const isFine = isOwnOrigin(origin, headers.host) || isAllowedOrigin(origin, rules);
    return isFine ? undefined : 'Pages of this Origin get nothing here.';
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return undefined;
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isPage && isLink ? undefined : 'Pages of other sites get nothing here.';
}

/** Whether the settings let pages of this origin in. */
export function isAllowedOrigin(origin: string, { allowedOrigins }: OriginRules): boolean {
  const url = URL.parse(origin);
  // An origin is scheme, host and port and nothing else; `null`, `*` and lists are none.
  if (url === null || url.origin !== origin || !/^https?:$/.test(url.protocol)) return false;
  return allowedOrigins.some((allowed) => URL.parse(allowed)?.origin === origin);
}

/** The name or address in a Host header, in lower case, without port and brackets; undefined when it is malformed. */
function hostName(host: string | undefined): string | undefined {
  if (host === undefined || !/^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host)) return undefined;
  const name = host.replace(/:\d{1,5}$/, '').replaceAll(/[[\]]/g, '');
  return name.toLowerCase();
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** A name in Host may be one that an attacker's DNS points here; an address cannot. */
function isOwnHost(name: string | undefined, { isLocal, hosts }: OriginRules): boolean {
  if (name === undefined) return false;
  if (name === 'localhost' || isLoopback(name) || hosts.includes(name)) return true;
  return !isLocal && isIP(name) !== 0;
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const url = URL.parse(origin);
  if (url === null || host === undefined || !/^https?:$/.test(url.protocol)) return false;
  return url.origin === origin && origin.slice(`${url.protocol}//`.length) === host.toLowerCase();
}
