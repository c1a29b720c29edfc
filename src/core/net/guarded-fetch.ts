/** Owns the one network client for every URL that a model, a page or a stranger may influence. Promises: each hop is decided anew and connects to a checked address, nothing exceeds its cap or deadline. Must not read the environment. */
import { ClawError, toError } from '../kernel/errors.ts';
import { decideUrl, type Resolve, type UrlAllowed } from './decide-url.ts';
import { pinnedAgent } from './pinned-agent.ts';
import { ACCEPT_ENCODING, readBody } from './read-body.ts';
import { checkRequest, type Hop, nextHop } from './request-rules.ts';

export interface GuardedRequest {
  readonly url: string;
  /** GET when absent. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds for everything: names, redirects, headers and body. */
  readonly timeoutMs: number;
  /** Bytes of the body, before and after decompression; 5 MiB when absent. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Asked before each hop: a reason to refuse it (a host the caller was not granted), or undefined. */
  readonly refuse?: (url: URL) => string | undefined;
  /** Asked before each hop for headers that hold a secret; they go to this hop only. */
  readonly authorize?: (url: URL) => Readonly<Record<string, string>>;
}

export interface GuardedResponse {
  readonly status: number;
  /** Lower-case names; repeated ones joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Buffer;
  /** The URL that answered, after redirects. */
  readonly url: string;
  readonly redirects: number;
}

export interface GuardedFetchDeps {
  readonly resolve: Resolve;
  /** Origins the operator configured (`http://127.0.0.1:8888`): reachable wherever they are, but only for a request that begins at one of them. */
  readonly trustedOrigins?: readonly string[];
  /** Addresses of this machine, asked at each hop. */
  readonly ownAddresses?: () => readonly string[];
}

export type GuardedFetch = (request: GuardedRequest) => Promise<GuardedResponse>;

const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;
const MAX_REDIRECTS = 5;

/** Makes the client. It throws `sandbox-refused` with the reason of the wall, `limit-reached` for a body over its cap, `upstream-failed` for the network and the deadline, `cancelled` for the signal, `usage-invalid` for a malformed request. */
export function createGuardedFetch(deps: GuardedFetchDeps): GuardedFetch {
  return async (request) => {
    const deadline = AbortSignal.timeout(request.timeoutMs);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    try {
      return await follow(deps, request, signal);
    } catch (error) {
      throw explain(error, request, deadline);
    }
  };
}

async function follow(deps: GuardedFetchDeps, request: GuardedRequest, signal: AbortSignal): Promise<GuardedResponse> {
  let hop: Hop = checkRequest(request);
  let trustedOrigins = deps.trustedOrigins ?? [];
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const ownAddresses = deps.ownAddresses?.() ?? [];
    const decision = await orAbort(decideUrl(hop.url, deps.resolve, { trustedOrigins, ownAddresses }), signal);
    if (decision.decision === 'deny') throw refused(decision.reason);
    const notGranted = request.refuse?.(decision.url);
    if (notGranted !== undefined) throw refused(notGranted);
    if (!trustedOrigins.includes(decision.url.origin)) trustedOrigins = [];
    const answer = await send(decision, hop, request, signal);
    if ('status' in answer) return { ...answer, redirects };
    hop = answer;
  }
  throw refused(`more than ${MAX_REDIRECTS} redirects`);
}

/** One hop: the response, or where it redirects to. */
async function send(
  allowed: UrlAllowed,
  hop: Hop,
  request: GuardedRequest,
  signal: AbortSignal,
): Promise<Omit<GuardedResponse, 'redirects'> | Hop> {
  const { request: dispatch } = (await import('undici')).default;
  const agent = await pinnedAgent(allowed, request.timeoutMs);
  try {
    const response = await dispatch(allowed.url, {
      dispatcher: agent,
      method: hop.method,
      headers: { 'accept-encoding': ACCEPT_ENCODING, ...hop.headers, ...request.authorize?.(allowed.url) },
      body: hop.body ?? null,
      signal,
      headersTimeout: request.timeoutMs,
      bodyTimeout: request.timeoutMs,
    });
    const headers = flatten(response.headers);
    const next = nextHop(allowed.url, hop, response.statusCode, headers['location']);
    if (next !== undefined) return next;
    const isBodiless = hop.method === 'HEAD' || response.statusCode === 204 || response.statusCode === 304;
    const codings = isBodiless ? '' : (headers['content-encoding'] ?? '');
    const body = await readBody(response.body, codings, request.maxBytes ?? DEFAULT_MAX_BYTES);
    return { status: response.statusCode, headers, body, url: allowed.url.href };
  } finally {
    await agent.destroy();
  }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), [value ?? []].flat().join(', ')] as const,
  );
  return Object.fromEntries(flat);
}

/** Waits for work that has no signal of its own. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function refused(reason: string): ClawError {
  return new ClawError('sandbox-refused', reason, { hint: 'claw security check url explains the decision on a URL.' });
}

function explain(thrown: unknown, request: GuardedRequest, deadline: AbortSignal): ClawError {
  if (thrown instanceof ClawError) return thrown;
  if (request.signal?.aborted === true) return new ClawError('cancelled', 'the request was stopped', { cause: thrown });
  if (deadline.aborted) {
    return new ClawError('upstream-failed', `no complete answer within ${request.timeoutMs} ms`, { cause: thrown });
  }
  return new ClawError('upstream-failed', `the request failed: ${toError(thrown).message}`, { cause: thrown });
}
