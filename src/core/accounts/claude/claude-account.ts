/** Owns the tokens of a Claude subscription: their renewal, and what the token endpoint's answers mean. */
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { type AccountHttp, readAnswer } from '../account-http.ts';
import type { AccountProvider, AccountTokens } from '../account-provider.ts';

/** CLAUDE_OAUTH_… of the settings. */
export interface ClaudeSettings {
  readonly clientId: string;
  readonly tokenUrl: string;
  readonly authorizeUrl: string;
  readonly redirectUrl: string;
  readonly scopes: readonly string[];
}

export interface ClaudeDeps {
  readonly http: AccountHttp;
  readonly clock: Clock;
  readonly settings: ClaudeSettings;
}

export const CLAUDE = 'Claude';
/** How long before its end an access token is renewed, in ms (SPEC 11). */
const RENEW_BEFORE_MS = 5 * 60_000;
/** A token that seems to come from later than this is one of a clock that was set back, in ms. */
const FROM_LATER_MS = 60_000;

export function createClaudeProvider({ http, clock, settings }: ClaudeDeps): AccountProvider {
  return {
    name: 'claude',
    refreshAt({ refreshToken, expiresAt, issuedAt }) {
      if (refreshToken === undefined || expiresAt === undefined) return undefined;
      // After the clock was set back nobody knows how old the token is.
      return issuedAt > clock.now() + FROM_LATER_MS ? 0 : expiresAt - RENEW_BEFORE_MS;
    },
    async refresh(tokens, signal) {
      const { clientId, tokenUrl, scopes } = settings;
      const json = {
        grant_type: 'refresh_token',
        refresh_token: tokens.refreshToken ?? '',
        client_id: clientId,
        scope: (tokens.scopes ?? scopes).join(' '),
      };
      const answer = await http({ url: tokenUrl, json, signal });
      const fresh = claudeTokens(readAnswer(CLAUDE, answer, TOKEN_ANSWER, clock.now()), clock.now());
      return { ...tokens, ...fresh };
    },
  };
}

/** What the token endpoint answers (RFC 6749, 5.1). */
export const TOKEN_ANSWER = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  /** Seconds. */
  expires_in: z.number().positive().max(400_000_000).nullish(),
  scope: z.string().nullish(),
});

/** The answer as tokens; `now`: when it came. What it leaves out is left out. */
export function claudeTokens(answer: z.output<typeof TOKEN_ANSWER>, now: number): AccountTokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds, scope } = answer;
  return {
    accessToken,
    issuedAt: now,
    ...(refreshToken == null ? {} : { refreshToken }),
    ...(seconds == null ? {} : { expiresAt: now + Math.floor(seconds * 1000) }),
    ...(scope == null || scope.trim() === '' ? {} : { scopes: scope.trim().split(/\s+/) }),
  };
}
