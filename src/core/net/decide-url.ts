/** Owns the decision whether claw may fetch a URL that someone else may influence. Resolves once and hands out the checked addresses; must not connect. */
import { isIP } from 'node:net';
import { toError } from '../kernel/errors.ts';
import { canonicalAddress, refuseAddress } from './check-address.ts';
import { BLOCKED_PORTS, LOCAL_NAMES } from './special-ranges.ts';

/** All addresses of a host name. Rejects or answers [] when there are none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export interface UrlAllowed {
  readonly decision: 'allow';
  readonly reason: string;
  readonly url: URL;
  /** Connect to one of these and to nothing else. */
  readonly addresses: readonly string[];
}
export interface UrlDenied {
  readonly decision: 'deny';
  readonly reason: string;
}
export type UrlDecision = UrlAllowed | UrlDenied;

export interface UrlRules {
  /** Origins (`http://127.0.0.1:8888`) that the operator configured; their addresses are not checked. */
  readonly trustedOrigins?: readonly string[];
  /** Public addresses of this very machine, which a request must not come back to. */
  readonly ownAddresses?: readonly string[];
}

const MAX_URL_LENGTH = 8_192;

/** Decides on `text`. Parsing is the WHATWG URL standard's, minus its repairs: what needs one is refused. */
export async function decideUrl(text: string, resolve: Resolve, rules: UrlRules = {}): Promise<UrlDecision> {
  const url = readUrl(text, rules);
  if (typeof url === 'string') return deny(url);
  const host = hostOf(url);
  const answers = await addressesOf(host, resolve);
  if (typeof answers === 'string') return deny(answers);
  if (isTrusted(url, rules)) {
    return { decision: 'allow', reason: `${url.origin} is a configured origin`, url, addresses: answers };
  }
  const wrong = refuseAddresses(answers, rules);
  if (wrong !== undefined) return deny(isIP(host) === 0 ? `${host} resolves to ${wrong}` : wrong);
  return { decision: 'allow', reason: `${host} is on the public internet`, url, addresses: answers };
}

/** Decides on `text` alone, without resolving a name: for a command line whose connections are decided again when they are made. */
export async function decideUrlText(
  text: string,
  rules: UrlRules = {},
): Promise<Pick<UrlDecision, 'decision' | 'reason'>> {
  const url = readUrl(text, rules);
  if (typeof url === 'string') return deny(url);
  const host = hostOf(url);
  const wrong = isIP(host) === 0 || isTrusted(url, rules) ? undefined : refuseAddresses([host], rules);
  return wrong === undefined ? { decision: 'allow', reason: `${host} is decided when it is resolved` } : deny(wrong);
}

function readUrl(text: string, rules: UrlRules): URL | string {
  const url = parseStrictly(text);
  if (typeof url === 'string' || isTrusted(url, rules)) return url;
  return refusePort(url) ?? refuseName(hostOf(url)) ?? url;
}

function isTrusted(url: URL, rules: UrlRules): boolean {
  return rules.trustedOrigins?.includes(url.origin) === true;
}

/** Host name without brackets and final dot. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function refuseAddresses(addresses: readonly string[], rules: UrlRules): string | undefined {
  const own = new Set(rules.ownAddresses?.map(canonicalAddress));
  for (const address of addresses) {
    const wrong =
      refuseAddress(address) ?? (own.has(canonicalAddress(address)) ? `${address} is this machine` : undefined);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function parseStrictly(text: string): URL | string {
  if (text.length > MAX_URL_LENGTH) return `the URL is longer than ${MAX_URL_LENGTH} characters`;
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return 'the URL holds a control character or line break';
  const parts = /^([a-z][a-z0-9+.-]*:)?(\/\/)?([^/?#]*)([^?#]*)/i.exec(text);
  const [, scheme, slashes, authority = '', path = ''] = parts ?? [];
  if (scheme === undefined) return 'the URL has no scheme; only http: and https: are fetched';
  if (!/^https?:$/i.test(scheme)) return `the scheme ${scheme} is not allowed, only http: and https:`;
  if (slashes === undefined || authority === '') return 'the URL has no host after //';
  if (`${authority}${path}`.includes('\\')) return 'the URL holds a backslash, which programs read differently';
  if (authority.includes('@')) return 'the URL carries a user name or password';
  if (/\s/u.test(authority)) return 'the host holds white space';
  if (!URL.canParse(text)) return 'the URL is not valid';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'the URL carries a user name or password';
  return url;
}

function refusePort(url: URL): string | undefined {
  const port = url.port === '' ? undefined : Number(url.port);
  return port !== undefined && BLOCKED_PORTS.has(port) ? `port ${port} belongs to another protocol` : undefined;
}

function refuseName(host: string): string | undefined {
  if (isIP(host) !== 0) return undefined;
  if (host.length > 253 || !host.split('.').every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label))) {
    return `${host} is not a valid host name`;
  }
  const isLocal = LOCAL_NAMES.some((name) => (name.startsWith('.') ? host.endsWith(name) : host === name));
  return isLocal ? `${host} is a name of this machine or its network` : undefined;
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly string[] | string> {
  if (isIP(host) !== 0) return [host];
  let failure = '';
  const answers = await resolve(host).catch((error: unknown) => {
    const { code } = toError(error) as NodeJS.ErrnoException;
    failure = code === undefined ? '' : ` (${code})`;
    return [];
  });
  if (answers.length === 0) return `${host} does not resolve${failure}`;
  const broken = answers.find((address) => isIP(address) === 0 || address.includes('%'));
  return broken === undefined ? answers : `${host} resolves to ${broken}, which is not a plain address`;
}

function deny(reason: string): UrlDenied {
  return { decision: 'deny', reason };
}
