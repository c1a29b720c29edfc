/** Owns what a request may say and what of it survives a redirect. */
import { ClawError } from '../kernel/errors.ts';

/** One request on the way through redirects. */
export interface Hop {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Framing and routing belong to the client (RFC 9110 7.6.1, RFC 9112 6). */
const OWN_HEADERS =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding|http2-settings|proxy-.*)$/;
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** What another origin may see of the first request: anything else may be a credential. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-language', 'user-agent', 'content-type', 'range']);
const MAX_HEADERS = 64;
const MAX_HEADER_BYTES = 16_384;
const MAX_BODY_BYTES = 5 * 1024 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

interface Request {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The first hop of `request`. Throws `usage-invalid` for a method, header or body that is not allowed. */
export function checkRequest(request: Request): Hop {
  const method = (request.method ?? 'GET').toUpperCase();
  if (!METHODS.has(method)) throw invalid(`the method ${method} is not allowed`);
  const headers = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const bytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  if (headers.length > MAX_HEADERS || bytes > MAX_HEADER_BYTES) throw invalid('the request has too many headers');
  for (const [name, value] of headers) {
    if (!HEADER_NAME.test(name)) throw invalid('a header has no valid name');
    if (OWN_HEADERS.test(name)) throw invalid(`the header ${name} is set by claw`);
    if (!HEADER_VALUE.test(value)) throw invalid(`the header ${name} holds a character that is not allowed`);
  }
  if (request.body !== undefined && (method === 'GET' || method === 'HEAD')) throw invalid(`${method} has no body`);
  if (request.body !== undefined && Buffer.byteLength(request.body) > MAX_BODY_BYTES) {
    throw invalid(`the body is larger than ${MAX_BODY_BYTES} bytes`);
  }
  const body = request.body === undefined ? {} : { body: request.body };
  return { url: request.url, method, headers: Object.fromEntries(headers), ...body };
}

/** Where a response leads to, by the Fetch standard's rules for methods; undefined when it is the answer itself. */
export function nextHop(from: URL, hop: Hop, status: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (!URL.canParse(location, from)) throw new ClawError('upstream-failed', 'the redirect leads to no valid URL');
  const url = new URL(location, from);
  url.hash ||= from.hash;
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const isSameOrigin = url.origin === from.origin;
  const kept = Object.entries(hop.headers).filter(
    ([name]) => (isSameOrigin || HARMLESS_HEADERS.has(name)) && !(becomesGet && name.startsWith('content-')),
  );
  const body = becomesGet || hop.body === undefined ? {} : { body: hop.body };
  return { url: url.href, method: becomesGet ? 'GET' : hop.method, headers: Object.fromEntries(kept), ...body };
}

function invalid(reason: string): ClawError {
  return new ClawError('usage-invalid', reason, { hint: 'Send an ordinary web request.' });
}
