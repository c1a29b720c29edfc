/** Owns the tokens of GitHub Copilot: GitHub's is exchanged for the short-lived one of the Copilot API, and that one goes to no other host than those expected. */
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { type AccountAnswer, AccountFailure } from '../account-failure.ts';
import { type AccountHttp, readAnswer } from '../account-http.ts';
import type { AccountProvider, AccountTokens } from '../account-provider.ts';

/** COPILOT_… and GITHUB_… of the settings. */
export interface CopilotSettings {
  readonly clientId: string | undefined;
  /** `https://api.github.com`. */
  readonly githubApiRoot: string;
  /** `https://github.com`. */
  readonly githubRoot: string;
  /** Address of the Copilot API; what GitHub names when undefined. */
  readonly apiRoot: string | undefined;
  /** Hosts that GitHub may name: `api.example.com`, or `*.example.com` for every name below it. */
  readonly apiHosts: readonly string[];
  readonly scope: string;
  /** Sent with every request to GitHub's and Copilot's API. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface CopilotDeps {
  readonly http: AccountHttp;
  readonly clock: Clock;
  readonly settings: CopilotSettings;
}

/** Where the Copilot token is sent, and with what. */
export interface CopilotConnection {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const GITHUB = 'GitHub';
const DEFAULT_API = 'https://api.githubcopilot.com';
/** Before the end of a token whose answer does not say when to renew it, in ms. */
const EARLY_MS = 5 * 60_000;
/** A server that names a time in the past is not asked without end, in ms. */
const MIN_LIFE_MS = 60_000;

const ANSWER = z.object({
  token: z.string().min(1),
  /** Seconds since 1970 UTC, by GitHub's clock. */
  expires_at: z.number().positive(),
  /** Seconds from the answer on. */
  refresh_in: z.number().positive().nullish(),
  endpoints: z.object({ api: z.url().max(500).nullish() }).nullish(),
});

export function createCopilotProvider({ http, clock, settings }: CopilotDeps): AccountProvider {
  return {
    name: 'copilot',
    refreshAt({ refreshToken, expiresAt, extra }) {
      if (refreshToken === undefined) return undefined;
      return extra?.['renew_at'] === undefined ? (expiresAt ?? 0) - EARLY_MS : Number(extra['renew_at']);
    },
    async refresh(tokens, signal) {
      const url = `${settings.githubApiRoot.replace(/\/+$/, '')}/copilot_internal/v2/token`;
      const headers = { ...settings.headers, authorization: `token ${tokens.refreshToken ?? ''}` };
      const answer = await http({ url, headers, signal });
      const now = clock.now();
      refuseAccount(answer);
      const given = readAnswer(GITHUB, answer, ANSWER, now);
      const api = given.endpoints?.api ?? undefined;
      const { expiresAt, renewAt } = lifetime(given, Date.parse(answer.headers['date'] ?? ''), now);
      const extra = { renew_at: String(renewAt), ...(api === undefined ? {} : { api }) };
      const fresh = { ...tokens, accessToken: given.token, issuedAt: now, expiresAt, extra };
      // Found out here, so that what is kept can be used.
      copilotConnection(fresh, settings);
      return fresh;
    },
  };
}

/** Where `tokens` may be used. Throws `AccountFailure` (`broken`) when GitHub names a host that is not expected. */
export function copilotConnection({ extra }: AccountTokens, settings: CopilotSettings): CopilotConnection {
  const { apiRoot, apiHosts, headers } = settings;
  const named = extra?.['api'];
  if (apiRoot !== undefined || named === undefined) return { baseUrl: apiRoot ?? DEFAULT_API, headers };
  const { protocol, hostname, host, username, password } = new URL(named);
  const isLocal = hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
  const isExpected = apiHosts.some((pattern) =>
    pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : pattern === hostname || pattern === host,
  );
  if (isExpected && (protocol === 'https:' || isLocal) && username === '' && password === '')
    return { baseUrl: named, headers };
  const why = isExpected ? 'is not encrypted or carries a name' : 'is not in COPILOT_API_HOSTS';
  throw new AccountFailure(
    'broken',
    `GitHub names ${protocol}//${host} as the Copilot API, which ${why}. Nothing was sent there.`,
  );
}

/** The local instants of a token, however wrong the local clock is: its life lies between two instants of GitHub's. */
function lifetime({ expires_at, refresh_in }: z.output<typeof ANSWER>, serverTime: number, now: number) {
  const lifeMs = Math.max(MIN_LIFE_MS, expires_at * 1000 - (Number.isNaN(serverTime) ? now : serverTime));
  const renewMs = Math.max(MIN_LIFE_MS, refresh_in == null ? lifeMs - EARLY_MS : refresh_in * 1000);
  return { expiresAt: now + lifeMs, renewAt: now + Math.min(renewMs, lifeMs) };
}

/** 403 and 404 in JSON are GitHub's words for an account without Copilot, or an app whose tokens are not exchanged. */
function refuseAccount({ status, headers }: AccountAnswer): void {
  if ((status !== 403 && status !== 404) || headers['content-type']?.includes('json') !== true) return;
  const why = 'this account has no Copilot, or the app of COPILOT_CLIENT_ID is given no token for it';
  throw new AccountFailure('blocked', `GitHub answered HTTP ${status}: ${why}.`, { status });
}
