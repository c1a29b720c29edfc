/** Owns the long-lived tokens of Threads and Instagram and their renewal. Both speak one protocol under other names (developers.facebook.com, "Long-Lived Access Tokens"). */
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { type AccountAnswer, AccountFailure, failureOfAnswer } from '../account-failure.ts';
import { type AccountHttp, type AccountRequest, readAnswer } from '../account-http.ts';
import type { AccountProvider, AccountTokens } from '../account-provider.ts';
import { GUESSED } from './env-token.ts';

export type MetaPlatform = 'threads' | 'instagram';

/** THREADS_… or INSTAGRAM_… of the settings. */
export interface MetaSettings {
  readonly platform: MetaPlatform;
  /** `https://graph.threads.net`. */
  readonly apiRoot: string;
  /** Where a code is exchanged. */
  readonly codeRoot: string;
  readonly authorizeUrl: string;
  readonly redirectUrl: string;
  readonly scopes: readonly string[];
  readonly appId: string | undefined;
  readonly appSecret: () => Promise<string | undefined>;
}

export interface MetaDeps {
  readonly http: AccountHttp;
  readonly clock: Clock;
  readonly settings: MetaSettings;
}

export const META = {
  threads: { who: 'Threads', prefix: 'th', setting: 'THREADS' },
  instagram: { who: 'Instagram', prefix: 'ig', setting: 'INSTAGRAM' },
} as const;

const HOUR_MS = 3_600_000;
/** A token is renewed this long before it ends. */
const RENEW_BEFORE_MS = 7 * 24 * HOUR_MS;
/** The platforms renew no younger token. */
const MIN_AGE_MS = 24 * HOUR_MS;

const LONG_LIVED = z.object({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive().max(400_000_000),
});
const GRAPH_ERROR = z.object({ error: z.object({ code: z.number() }) });

/** Codes of the Graph API: a token that has ended or was withdrawn; too many calls, or a fault of theirs. */
const REJECTED: ReadonlySet<number> = new Set([102, 190]);
const LATER: ReadonlySet<number> = new Set([1, 2, 4, 17, 32, 613]);

export function createMetaProvider(deps: MetaDeps): AccountProvider {
  const { platform } = deps.settings;
  const grant_type = `${META[platform].prefix}_refresh_token`;
  return {
    name: platform,
    refreshAt: renewalTime,
    // The age of a token from elsewhere is not known: whoever asks for its renewal may have it tried.
    refreshableFrom: (tokens) => (isGuessed(tokens) ? 0 : renewalTime(tokens)),
    async refresh({ accessToken, extra: { end: _guessed, ...extra } = {}, ...tokens }, signal) {
      const query = { grant_type, access_token: accessToken };
      return { ...tokens, extra, ...(await longLived(deps, '/refresh_access_token', query, signal)) };
    },
  };
}

/** 7 days before the end, and not before the token is 24 hours old; one whose end is not known, at 24 hours. */
function renewalTime(tokens: AccountTokens): number {
  const { expiresAt, issuedAt } = tokens;
  const due = expiresAt === undefined || isGuessed(tokens) ? 0 : expiresAt - RENEW_BEFORE_MS;
  return Math.max(issuedAt + MIN_AGE_MS, due);
}

function isGuessed({ extra }: AccountTokens): boolean {
  return extra?.['end'] === GUESSED.end;
}

/** Asks for a long-lived token. The query holds secrets, as the platforms want it: it stands in no error. */
export async function longLived(
  deps: MetaDeps,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Pick<AccountTokens, 'accessToken' | 'expiresAt' | 'issuedAt'>> {
  const { platform, apiRoot } = deps.settings;
  const url = `${apiRoot.replace(/\/+$/, '')}${path}?${new URLSearchParams(query).toString()}`;
  const given = readAnswer(META[platform].who, await askGraph(deps, { url, signal }), LONG_LIVED, deps.clock.now());
  const now = deps.clock.now();
  return { accessToken: given.access_token, issuedAt: now, expiresAt: now + Math.floor(given.expires_in * 1000) };
}

/** One question. Throws `AccountFailure` for an error that the Graph API numbers. */
export async function askGraph({ http, clock, settings }: MetaDeps, request: AccountRequest): Promise<AccountAnswer> {
  const answer = await http(request);
  const code = answer.status === 200 ? undefined : graphCode(answer.text);
  if (code === undefined) return answer;
  const { status } = answer;
  const said = `${META[settings.platform].who} answered HTTP ${status} (code ${code})`;
  if (REJECTED.has(code)) {
    throw new AccountFailure('rejected', `${said}: the token has ended or was withdrawn.`, { status });
  }
  const { kind, retryAfterMs } = failureOfAnswer('', answer, clock.now());
  const details = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (LATER.has(code)) throw new AccountFailure('retry', `${said}; it is tried again later.`, details);
  throw new AccountFailure(kind, `${said}.`, details);
}

function graphCode(text: string): number | undefined {
  try {
    const read = GRAPH_ERROR.safeParse(JSON.parse(text));
    return read.success ? read.data.error.code : undefined;
  } catch {
    return undefined;
  }
}
