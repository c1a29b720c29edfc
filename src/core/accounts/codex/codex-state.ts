/** Owns what the Codex CLI says of its own sign-in, read from its file where it lies. It is never changed, copied or sent anywhere; no token leaves this file. */
import { z } from 'zod';

export interface CodexState {
  readonly state: 'signed-in' | 'expired' | 'api-key' | 'signed-out' | 'unreadable';
  /** End of the access token, in ms since 1970 UTC; the CLI renews it by itself at its next use. */
  readonly expiresAt?: number;
  /** When the CLI last renewed it. */
  readonly refreshedAt?: number;
  readonly hasRefreshToken: boolean;
}

const TIME = z.string().transform((text) => Date.parse(text));
const AUTH_FILE = z.object({
  OPENAI_API_KEY: z.string().nullish(),
  tokens: z.object({ access_token: z.string().default(''), refresh_token: z.string().nullish() }).nullish(),
  last_refresh: TIME.nullish().catch(undefined),
});

/** Reads the content of `auth.json`; undefined when there is no such file. `now` in ms since 1970 UTC. */
export function readCodexState(content: string | undefined, now: number): CodexState {
  if (content === undefined) return { state: 'signed-out', hasRefreshToken: false };
  const read = AUTH_FILE.safeParse(parse(content));
  if (!read.success) return { state: 'unreadable', hasRefreshToken: false };
  const { OPENAI_API_KEY: key, tokens, last_refresh: refreshedAt } = read.data;
  if ((tokens?.access_token ?? '') === '') {
    return { state: (key ?? '') === '' ? 'signed-out' : 'api-key', hasRefreshToken: false };
  }
  const expiresAt = expiryOf(tokens?.access_token ?? '');
  const hasRefreshToken = (tokens?.refresh_token ?? '') !== '';
  // With a refresh token an ended one is no harm: the CLI renews it when it is used.
  const isOver = expiresAt !== undefined && expiresAt <= now && !hasRefreshToken;
  return {
    state: isOver ? 'expired' : 'signed-in',
    hasRefreshToken,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(refreshedAt === undefined || refreshedAt === null || Number.isNaN(refreshedAt) ? {} : { refreshedAt }),
  };
}

/** `exp` of a JWT (RFC 7519 4.1.4) in ms, unverified: it is only shown. */
function expiryOf(token: string): number | undefined {
  const [, payload = ''] = token.split('.');
  const read = z.object({ exp: z.number() }).safeParse(parse(Buffer.from(payload, 'base64url').toString('utf8')));
  return read.success ? read.data.exp * 1000 : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
