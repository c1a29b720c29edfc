/** Owns why a call to an account's service failed, typed by status and the error code of its JSON (RFC 6749, 5.2), never by searching its text. */

export interface AccountAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** `rejected`: the refresh token is no longer good. `retry`: may work later. `blocked`: something before the service refuses (a proxy, a bot wall). `broken`: an answer that makes no sense, or settings that are wrong. */
export type AccountFailureKind = 'rejected' | 'retry' | 'blocked' | 'broken';

/** Its message is for people and ends with a full stop. */
export class AccountFailure extends Error {
  override readonly name = 'AccountFailure';
  readonly kind: AccountFailureKind;
  readonly status: number | undefined;
  /** From Retry-After, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: AccountFailureKind,
    message: string,
    details: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.kind = kind;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Error codes after which the same token will never be taken again. */
const REJECTED = new Set(['invalid_grant', 'invalid_token', 'bad_refresh_token', 'expired_token', 'access_denied']);
/** A clock that is further off than this is told of, in ms. */
const SKEW_MS = 2 * 60_000;

/** The failure that an answer outside of 200 to 299 stands for. `who`: the service as people know it; `now`: ms since 1970 UTC. */
export function failureOfAnswer(who: string, answer: AccountAnswer, now: number): AccountFailure {
  const { status } = answer;
  const code = errorCode(answer.text);
  const said = `${who} answered HTTP ${status}${code === undefined ? '' : ` (${code})`}`;
  const details = { status, ...optional('retryAfterMs', retryAfterOf(answer.headers['retry-after'], now)) };
  const skew = skewSentence(answer, now);
  if (status === 429 || status === 408 || status >= 500)
    return new AccountFailure('retry', `${said}; it is tried again later.${skew}`, details);
  if (code !== undefined && REJECTED.has(code))
    return new AccountFailure('rejected', `${said}: the log-in is no longer valid.${skew}`, details);
  if (code === 'invalid_client' || code === 'unauthorized_client')
    return new AccountFailure('broken', `${said}: it does not know the client id of the settings.`, details);
  if (status === 401) return new AccountFailure('rejected', `${said}: the log-in is no longer valid.${skew}`, details);
  if (isPage(answer)) {
    const hint =
      'a page for people instead of an answer; a proxy, a bot wall or a block of the region may be in between';
    return new AccountFailure(status === 403 ? 'blocked' : 'broken', `${said} with ${hint}.`, details);
  }
  if (status === 403) return new AccountFailure('blocked', `${said}: it refuses this client.`, details);
  return new AccountFailure('broken', `${said} without a reason that claw knows.${skew}`, details);
}

function skewSentence({ headers }: AccountAnswer, now: number): string {
  const skew = Date.parse(headers['date'] ?? '') - now;
  if (Number.isNaN(skew) || Math.abs(skew) < SKEW_MS) return '';
  return ` The clock of this machine is about ${Math.round(Math.abs(skew) / 60_000)} minutes ${skew > 0 ? 'behind' : 'ahead'}.`;
}

/** `error` of an OAuth answer, or `error.type` as Anthropic's API has it; only what looks like a code. */
function errorCode(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as { error?: unknown } | null;
    const error = body?.error;
    const code = typeof error === 'object' && error !== null ? (error as { type?: unknown }).type : error;
    return typeof code === 'string' && /^[a-z][a-z0-9_.-]{0,60}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) as ms from now. */
function retryAfterOf(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
}

function isPage({ headers, text }: AccountAnswer): boolean {
  return headers['content-type']?.includes('html') === true || text.trimStart().startsWith('<');
}

function optional<Name extends string>(name: Name, value: number | undefined): { [N in Name]?: number } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: number };
}
