/** Owns calls to Slack's Web API: one request, one answer, and what a failure says about whether Slack took it. Must not try again, and must not put a token or an answer's text into an error. */
import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type Logger,
} from '@slack/web-api';
import type { z } from 'zod';
import { DeliveryError, type DeliveryFailureKind } from '../../core/conversations/channel-messages.ts';
import { networkFailure } from './network-failure.ts';

/** A failed call. `error` is Slack's own code, or `http-<status>`, `network`, `unreadable`. */
export class SlackApiError extends DeliveryError {
  readonly error: string;

  constructor(kind: DeliveryFailureKind, method: string, error: string, retryAfterMs?: number) {
    super(kind, `Slack ${method}: ${error}`, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.error = error;
  }
}

export type SlackArguments = Readonly<Record<string, unknown>>;

export interface SlackApi {
  /** `https://slack.com/api/`: with a slash at the end. */
  readonly root: URL;
  /** Milliseconds after which a request is given up. */
  readonly deadlineMs: number;
  /** Calls a method with a token. Throws `SlackApiError`. */
  call<Shape extends z.ZodType>(
    method: string,
    args: SlackArguments,
    shape: Shape,
    options?: { readonly signal?: AbortSignal; readonly token?: string },
  ): Promise<z.output<Shape>>;
}

/** The address of the methods: `http://127.0.0.1:1` and `http://127.0.0.1:1/api` mean the same. */
export function slackRoot(setting: string): URL {
  const root = new URL(setting);
  const path = root.pathname.replace(/\/+$/, '');
  root.pathname = path === '' ? '/api/' : `${path}/`;
  return root;
}

export function createSlackApi(root: URL, botToken: string, deadlineMs: number): SlackApi {
  return {
    root,
    deadlineMs,
    async call(method, args, shape, { signal, token = botToken } = {}) {
      if (signal?.aborted) throw new SlackApiError('not-sent', method, 'cancelled');
      const deadline = AbortSignal.timeout(deadlineMs);
      const until = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
      try {
        const answer = await clientFor(root, token, until).apiCall(method, args);
        const read = shape.safeParse(answer);
        // Slack said ok, so it was done; what it answered besides is not what its documentation says.
        if (!read.success) throw new SlackApiError('unknown', method, 'unreadable');
        return read.data;
      } catch (error) {
        throw asSlackError(error, method);
      }
    },
  };
}

/** A client of one call (30 microseconds to make): the package takes no signal for a single one. */
function clientFor(root: URL, token: string, signal: AbortSignal): WebClient {
  return new WebClient(token, {
    slackApiUrl: root.href,
    // Redirects are not followed: a token goes to the address that was set and to no other.
    fetch: (url, init) => fetch(url, { ...init, redirect: 'manual', signal }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: SILENT,
  });
}

/** The package logs whole requests; what matters is in the error. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** Codes that Slack documents as passing, given before anything was done: https://docs.slack.dev/reference/methods/chat.postMessage */
const NOT_NOW = new Set([
  'ratelimited',
  'rate_limited',
  'accesslimited',
  'service_unavailable',
  'team_added_to_org',
  'request_timeout',
]);

/** "It's possible some aspect of the operation succeeded before the error was raised." */
const PERHAPS_DONE = new Set(['fatal_error', 'internal_error']);

/** The token is wrong: the message can still go when it is put right. */
export const TOKEN_REFUSED: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'user_removed_from_team',
  'not_allowed_token_type',
]);

function asSlackError(error: unknown, method: string): SlackApiError {
  if (error instanceof SlackApiError) return error;
  if (error instanceof WebAPIRateLimitedError) {
    return new SlackApiError('not-sent', method, 'ratelimited', error.retryAfter * 1000);
  }
  if (error instanceof WebAPIPlatformError) return ofCode(error.data.error, method);
  if (error instanceof WebAPIHTTPError) return ofStatus(error.statusCode, method);
  if (error instanceof WebAPIRequestError) return ofNetwork(error.original, method);
  // A 429 without Retry-After is a plain error of the package.
  if (error instanceof Error && error.message.includes('retry-after')) return ofStatus(429, method);
  return ofNetwork(error, method);
}

function ofCode(code: string, method: string): SlackApiError {
  // The package puts the whole text here when it is not JSON.
  if (!/^[a-z0-9_]{1,80}$/.test(code)) return new SlackApiError('unknown', method, 'unreadable');
  if (NOT_NOW.has(code) || TOKEN_REFUSED.has(code)) return new SlackApiError('not-sent', method, code);
  return new SlackApiError(PERHAPS_DONE.has(code) ? 'unknown' : 'rejected', method, code);
}

/** Slack answers 200 to what it took or refused by a rule of its own; other numbers come from before that. */
function ofStatus(status: number, method: string): SlackApiError {
  return new SlackApiError('not-sent', method, status === 429 ? 'ratelimited' : `http-${status}`);
}

/** Says whether a request can have gone out. */
export function ofNetwork(error: unknown, method: string): SlackApiError {
  const { kind, code } = networkFailure(error);
  return new SlackApiError(kind, method, code);
}
