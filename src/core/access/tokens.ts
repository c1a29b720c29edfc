/** Owns signing in with tokens: a short access token and a refresh token that is good once. One that comes back a second time was stolen by somebody: then everything that followed from the same sign-in ends. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Store, Tables } from '../store/store.ts';
import type { AccessTokens } from './access-token.ts';
import type { Actor } from './actor.ts';
import { hashSecretValue, newSecretValue } from './secret-values.ts';
import { requireWhole } from './permissions.ts';

export interface TokenPair {
  readonly accessToken: string;
  /** 64 hexadecimal digits. */
  readonly refreshToken: string;
  /** Seconds the access token is good for. */
  readonly expiresIn: number;
}

interface TokenDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly accessTokens: AccessTokens;
  /** JWT_ACCESS_TTL and JWT_REFRESH_TTL. */
  readonly ttlSeconds: () => { readonly access: number; readonly refresh: number };
}

export type TokenService = ReturnType<typeof createTokenService>;

const DAY_MS = 86_400_000;

export function createTokenService(deps: TokenDeps) {
  return {
    /** Throws `permission-denied` for a credential that is not good for everything: tokens would be. */
    issue: (by: Actor): Promise<TokenPair> => issue(deps, by),
    /** A new pair for a refresh token, which is used up. Throws `auth-rejected`. */
    refresh: (token: string, from: string): Promise<TokenPair> => refresh(deps, token, from),
    /** Ends the sign-in that the refresh token belongs to; says nothing of tokens that are not known. */
    logOut: async (token: string): Promise<void> => {
      const row = await deps.store.signIn.refreshToken(hashSecretValue(token));
      if (row === undefined) return;
      await endFamily(deps, row.family_id, 'logout');
    },
    /** Ends the sign-in behind an actor who came with an access token. */
    logOutActor: (actor: Actor): Promise<void> => endFamily(deps, actor.credentialId ?? '', 'logout'),
  };
}

async function issue(deps: TokenDeps, by: Actor): Promise<TokenPair> {
  requireWhole(by);
  const { store, clock } = deps;
  const now = clock.now();
  const { refresh: ttl } = deps.ttlSeconds();
  const familyId = newId(now);
  const refreshToken = await store.transaction(async (tables) => {
    await tables.signIn.prune(now - DAY_MS);
    await tables.signIn.insertFamily({
      id: familyId,
      user_id: by.user.id,
      from_address: by.from,
      created_at: now,
      expires_at: now + ttl * 1000,
      revoked_at: null,
      revoked_reason: null,
    });
    await tables.audit.append({ at: now, by, action: 'token.issue', target: familyId });
    return addRefreshToken(tables, familyId, now);
  });
  return pairOf(deps, { userId: by.user.id, familyId, refreshToken });
}

async function refresh(deps: TokenDeps, token: string, from: string): Promise<TokenPair> {
  const { store, clock } = deps;
  const now = clock.now();
  const hash = hashSecretValue(token);
  const next = await store.transaction(async (tables) => {
    const row = await tables.signIn.refreshToken(hash);
    const family = row === undefined ? undefined : await tables.signIn.family(row.family_id);
    const user = family === undefined ? undefined : await tables.users.byId(family.user_id);
    if (row === undefined || family === undefined || user?.state !== 'active') return undefined;
    if (family.revoked_at !== null || family.expires_at <= now) return undefined;
    if (row.used_at !== null) {
      await tables.signIn.revokeFamily(family.id, 'reuse', now);
      const by = { user, via: 'refresh-token', from };
      await tables.audit.append({ at: now, by, action: 'token.reuse', target: family.id, outcome: 'denied' });
      return undefined;
    }
    await tables.signIn.useRefreshToken(hash, now);
    await tables.signIn.extendFamily(family.id, now + deps.ttlSeconds().refresh * 1000);
    const refreshToken = await addRefreshToken(tables, family.id, now);
    return { userId: user.id, familyId: family.id, refreshToken };
  });
  // Thrown out here: that the family ended must stay.
  if (next === undefined) {
    throw new ClawError('auth-rejected', 'The refresh token was refused.', { hint: 'Sign in again.' });
  }
  return pairOf(deps, next);
}

async function endFamily({ store, clock }: TokenDeps, id: string, reason: string): Promise<void> {
  await store.transaction(async (tables) => {
    const family = await tables.signIn.family(id);
    if (family === undefined || !(await tables.signIn.revokeFamily(id, reason, clock.now()))) return;
    const user = (await tables.users.byId(family.user_id)) ?? null;
    const by = { user, via: 'refresh-token', from: family.from_address };
    await tables.audit.append({ at: clock.now(), by, action: 'token.revoke', target: id });
  });
}

async function addRefreshToken({ signIn }: Tables, familyId: string, now: number): Promise<string> {
  const token = newSecretValue();
  await signIn.insertRefreshToken({
    hash: hashSecretValue(token),
    family_id: familyId,
    created_at: now,
    used_at: null,
  });
  return token;
}

async function pairOf(
  { accessTokens, ttlSeconds }: TokenDeps,
  { userId, familyId, refreshToken }: { userId: string; familyId: string; refreshToken: string },
): Promise<TokenPair> {
  const { access } = ttlSeconds();
  const accessToken = await accessTokens.sign({ sub: userId, sid: familyId }, access);
  return { accessToken, refreshToken, expiresIn: access };
}
