/** Owns the form of access tokens: JSON Web Tokens (RFC 7519, typed as RFC 9068) of one algorithm, made and accepted by claw alone. Everything else is refused, valid elsewhere or not. */
import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../kernel/clock.ts';

export interface AccessClaims {
  /** Id of the user. */
  readonly sub: string;
  /** Id of the token family. */
  readonly sid: string;
}

export interface AccessTokens {
  /** A token that is good for `ttlSeconds`. */
  sign(claims: AccessClaims, ttlSeconds: number): Promise<string>;
  /** What a good token says; undefined for every other text. */
  verify(token: string): Promise<AccessClaims | undefined>;
}

interface AccessTokenDeps {
  readonly clock: Clock;
  /** At least 32 characters. Read at each use. */
  readonly secret: () => Promise<string>;
}

const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
const ISSUER = 'claw';
const AUDIENCE = 'claw-api';
/** The one header there is: no key, certificate, address or extension in it can be anybody's way in. */
const HEADER = Buffer.from(JSON.stringify({ alg: ALGORITHM, typ: TYPE })).toString('base64url');
const MAX_LENGTH = 2048;
const MAX_TTL_SECONDS = 86_400;

const payload = z.strictObject({
  iss: z.literal(ISSUER),
  aud: z.literal(AUDIENCE),
  sub: z.string().min(1).max(100),
  sid: z.string().min(1).max(100),
  jti: z.uuid(),
  iat: z.int().nonnegative(),
  exp: z.int().nonnegative(),
});

export function createAccessTokens({ clock, secret }: AccessTokenDeps): AccessTokens {
  const key = async (): Promise<Uint8Array> => new TextEncoder().encode(await secret());
  return {
    async sign({ sub, sid }, ttlSeconds) {
      const now = Math.floor(clock.now() / 1000);
      return new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub, sid, jti: randomUUID(), iat: now, exp: now + ttlSeconds })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .sign(await key());
    },
    async verify(token) {
      if (!isWellFormed(token)) return undefined;
      const options = {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        currentDate: new Date(clock.now()),
      };
      const verified = await jwtVerify(token, await key(), options).catch(() => undefined);
      const claims = payload.safeParse(verified?.payload);
      if (!claims.success || !isTimely(claims.data, clock.now() / 1000)) return undefined;
      return { sub: claims.data.sub, sid: claims.data.sid };
    },
  };
}

/** Three parts in their one spelling, the one header, and a payload without a name that stands twice. */
function isWellFormed(token: string): boolean {
  if (token.length > MAX_LENGTH) return false;
  const parts = token.split('.');
  const [header, body = ''] = parts;
  if (parts.length !== 3 || header !== HEADER || !parts.every(isCanonical)) return false;
  const text = Buffer.from(body, 'base64url').toString('utf8');
  try {
    return JSON.stringify(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}

function isCanonical(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part;
}

/** Not made in the future, and not good for longer than any that claw makes. */
function isTimely({ iat, exp }: { readonly iat: number; readonly exp: number }, now: number): boolean {
  return iat <= now && exp > now && exp - iat <= MAX_TTL_SECONDS;
}
