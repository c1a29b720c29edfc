/** Owns how adapters of accounts speak to their services: one guarded client that stays on the origin it was sent to, and answers read by schema. Must not name a token in an error. */
import type { z } from 'zod';
import { ClawError, toError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/messages.ts';
import type { GuardedFetch } from '../net/guarded-fetch.ts';
import { type AccountAnswer, AccountFailure, failureOfAnswer } from './account-failure.ts';

export interface AccountRequest {
  readonly url: string;
  /** Default: POST with a body, else GET. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: JsonObject;
  /** Sent as application/x-www-form-urlencoded. */
  readonly form?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Throws `AccountFailure` of kind `retry` for the network, `blocked` for a wall; `cancelled` for the signal. */
export type AccountHttp = (request: AccountRequest) => Promise<AccountAnswer>;

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 256 * 1024;

/** `timeoutMs`: for the whole answer. */
export function createAccountHttp(fetch: GuardedFetch, timeoutMs = TIMEOUT_MS): AccountHttp {
  return async (request) => {
    const { url, json, form, signal } = request;
    const { origin, host } = new URL(url);
    const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json);
    const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
    const headers = { accept: 'application/json', 'user-agent': 'claw', ...request.headers };
    try {
      const answer = await fetch({
        url,
        method: request.method ?? (body === undefined ? 'GET' : 'POST'),
        headers: body === undefined ? headers : { 'content-type': type, ...headers },
        ...(body === undefined ? {} : { body }),
        timeoutMs,
        maxBytes: MAX_BYTES,
        signal,
        // A token must not follow a redirect to somebody else.
        refuse: (next) => (next.origin === origin ? undefined : `${host} redirects to another server`),
      });
      return { status: answer.status, headers: answer.headers, text: answer.body.toString('utf8') };
    } catch (error) {
      if (error instanceof ClawError && error.code === 'cancelled') throw error;
      const isRefused = error instanceof ClawError && error.code === 'sandbox-refused';
      const why = `${host} could not be asked: ${toError(error).message}`;
      throw new AccountFailure(isRefused ? 'blocked' : 'retry', why.endsWith('.') ? why : `${why}.`, { cause: error });
    }
  };
}

/** The JSON of a good answer. Throws `AccountFailure` for any other, and `broken` for one that does not match. */
export function readAnswer<T>(who: string, answer: AccountAnswer, schema: z.ZodType<T>, now: number): T {
  if (answer.status < 200 || answer.status > 299) throw failureOfAnswer(who, answer, now);
  const parsed = schema.safeParse(parseJson(answer.text));
  if (parsed.success) return parsed.data;
  // Neither the text nor zod's words: both may hold a token.
  const member = parsed.error.issues[0]?.path.join('.') ?? '';
  const what = member === '' ? 'an answer that is no valid JSON' : `an answer without a valid ${member}`;
  throw new AccountFailure('broken', `${who} gave ${what}.`, { status: answer.status });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
