/** Owns calls to Discord's HTTP API: one request, one answer, and what a failure says about whether Discord took it. Must not try again, wait for a limit, or let the token into an error. */
import { z } from 'zod';
import { DeliveryError, type DeliveryFailureKind } from '../../core/conversations/channel-messages.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { Clock } from '../../core/kernel/clock.ts';

/** A failed call. `status` is undefined when no answer came. */
export class DiscordApiError extends DeliveryError {
  readonly status: number | undefined;

  constructor(kind: DeliveryFailureKind, message: string, status?: number, retryAfterMs?: number) {
    super(kind, message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.status = status;
  }
}

export interface DiscordRequest {
  /** Sent as JSON; with `file`, as the `payload_json` part beside it. */
  readonly body?: unknown;
  readonly file?: { readonly name: string; readonly data: Blob };
  readonly signal?: AbortSignal;
}

export interface DiscordApi {
  /** Where the API is, without a slash at the end. */
  readonly root: string;
  /** Calls `path` (`/users/@me`). Returns the parsed answer, undefined for an empty one. Throws `DiscordApiError`. */
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, request?: DiscordRequest): Promise<unknown>;
}

interface DiscordApiOptions {
  readonly root: string;
  readonly token: string;
  readonly clock: Clock;
}

/** Milliseconds after which a request is given up. */
const DEADLINE_MS = 20_000;
/** Buckets remembered; those that are over go first. */
const MAX_BUCKETS = 1000;

/** The address of version 10: `http://h`, `http://h/api` and `http://h/api/v10` mean the same. */
export function discordRoot(setting: string): string {
  const url = new URL(setting);
  const path = url.pathname.replace(/\/+$/, '');
  if (/\/v\d+$/.test(path)) return `${url.origin}${path}`;
  return `${url.origin}${path === '' ? '/api' : path}/v10`;
}

export function createDiscordApi({ root, token, clock }: DiscordApiOptions): DiscordApi {
  const limits = createLimits(clock);
  return {
    root,
    async call(method, path, request = {}) {
      // The rest of these addresses is a secret of one interaction.
      const place = path.replace(/\?.*$/, '').replace(/^\/(interactions|webhooks)\/.*/, '/$1');
      const route = `${method} ${place}`;
      if (request.signal?.aborted) throw new DiscordApiError('not-sent', `Discord ${route}: cancelled`);
      limits.check(route);
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
      const response = await fetch(`${root}${path}`, {
        method,
        signal,
        redirect: 'manual',
        ...encode(request, token),
      }).catch((error: unknown) => {
        throw ofNetwork(error, route);
      });
      const answer = await response.text().catch((error: unknown) => {
        throw response.ok
          ? new DiscordApiError('unknown', `Discord ${route}: the answer broke off`)
          : ofNetwork(error, route);
      });
      limits.note(route, response, answer);
      if (!response.ok) throw ofStatus(response, answer, route, token);
      if (answer === '') return undefined;
      try {
        return JSON.parse(answer) as unknown;
      } catch {
        throw new DiscordApiError('unknown', `Discord ${route}: the answer is not JSON`, response.status);
      }
    },
  };
}

function encode({ body, file }: DiscordRequest, token: string): Pick<RequestInit, 'headers' | 'body'> {
  const headers: Record<string, string> = {
    authorization: `Bot ${token}`,
    'user-agent': 'DiscordBot (https://www.npmjs.com/package/claw, 1.0)',
  };
  if (file !== undefined) {
    const form = new FormData();
    form.set('payload_json', JSON.stringify(body));
    form.set('files[0]', file.data, file.name);
    return { headers, body: form };
  }
  if (body === undefined) return { headers };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Failures before a byte of the request left: names, addresses, connections, certificates. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|.*_CERT(_.*)?)$/;

function ofNetwork(error: unknown, route: string): DiscordApiError {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  const code = typeof cause?.code === 'string' ? cause.code : undefined;
  if (code !== undefined && NOT_CONNECTED.test(code)) {
    return new DiscordApiError('not-sent', `Discord ${route}: cannot be reached (${code})`);
  }
  return new DiscordApiError(
    'unknown',
    `Discord ${route}: no answer (${code ?? (error instanceof Error ? error.name : 'network')})`,
  );
}

const failureShape = z.object({ code: z.number().optional(), message: z.string().optional() });

function ofStatus(response: Response, answer: string, route: string, token: string): DiscordApiError {
  const { status } = response;
  const failure = failureShape.safeParse(parsed(answer));
  const said = failure.success ? (failure.data.message ?? '').replaceAll(token, '***').slice(0, 120) : '';
  const code = failure.success && failure.data.code ? ` (${failure.data.code})` : '';
  const message = `Discord ${route}: ${status} ${said}${code}`.replace(/ +/g, ' ').trim();
  if (status === 429) return new DiscordApiError('not-sent', message, status, retryAfterOf(response, answer));
  // A wrong token can be put right; a redirect and a fault of the server took nothing.
  const isRefused = status >= 400 && status < 500 && status !== 401 && status !== 408;
  return new DiscordApiError(isRefused ? 'rejected' : 'not-sent', message, status);
}

const limitShape = z.object({ retry_after: z.number().nonnegative(), global: z.boolean().optional() });

/** Milliseconds; the body is finer than the header: https://docs.discord.com/developers/topics/rate-limits */
function retryAfterOf(response: Response, answer: string): number {
  const body = limitShape.safeParse(parsed(answer));
  const seconds = body.success ? body.data.retry_after : Number(response.headers.get('retry-after') ?? 1);
  return Math.ceil((Number.isFinite(seconds) ? Math.min(seconds, 86_400) : 1) * 1000);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What Discord said of its limits: a request that would break one is not made, since thousands of such answers ban the address. */
function createLimits(clock: Clock) {
  const until = new Map<string, number>();
  let globalUntil = 0;
  const keep = (route: string, ms: number): void => {
    const now = clock.elapsed();
    if (until.size >= MAX_BUCKETS) for (const [key, end] of until) if (end <= now) until.delete(key);
    until.set(route, now + ms);
  };
  return {
    check(route: string): void {
      const waitMs = Math.ceil(Math.max(until.get(route) ?? 0, globalUntil) - clock.elapsed());
      if (waitMs <= 0) return;
      throw new DiscordApiError('not-sent', `Discord ${route}: its limit is used up`, 429, waitMs);
    },
    note(route: string, response: Response, answer: string): void {
      if (response.status === 429) {
        const body = limitShape.safeParse(parsed(answer));
        const isGlobal = response.headers.has('x-ratelimit-global') || (body.success && body.data.global === true);
        const waitMs = retryAfterOf(response, answer);
        if (isGlobal) globalUntil = clock.elapsed() + waitMs;
        else keep(route, waitMs);
        return;
      }
      const resetSeconds = Number(response.headers.get('x-ratelimit-reset-after'));
      if (response.headers.get('x-ratelimit-remaining') === '0' && resetSeconds > 0) {
        keep(route, Math.ceil(resetSeconds * 1000));
      }
    },
  };
}

/** The same failure for people who start or test the channel. */
export function asClawError(error: unknown): ClawError {
  if (error instanceof ClawError) return error;
  if (!(error instanceof DiscordApiError)) throw error;
  if (error.status === 401 || error.status === 403) {
    return new ClawError('auth-rejected', `Discord refused the token: ${error.message}`, {
      hint: 'Copy the token anew from the Discord Developer Portal (Bot) and set DISCORD_BOT_TOKEN.',
    });
  }
  const code = error.status === 429 ? 'upstream-rate-limited' : 'upstream-failed';
  return new ClawError(code, error.message, { hint: 'Check the network and DISCORD_API_ROOT.' });
}
