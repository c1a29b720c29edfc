/** Owns the one way from a proof to an actor, for every surface. Whatever is wrong with a proof, the refusal reads the same; role and state are read at each call, never taken from the proof. */
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store } from '../store/store.ts';
import type { Actor } from './actor.ts';
import { localOwner, type User } from './local-user.ts';
import type { AccessTokens } from './access-token.ts';
import { API_KEY, hashSecretValue } from './secret-values.ts';
import { SESSION_COOKIE, type SessionService } from './sessions.ts';

export interface ShownProof {
  /** The header as it came. */
  readonly authorization?: string | undefined;
  /** The Cookie header as it came. */
  readonly cookie?: string | undefined;
  /** Address the request came from, without port. */
  readonly address: string;
}

export interface AccessSwitches {
  /** Everybody must show who they are, on loopback too. */
  readonly isAuthOn: boolean;
  /** Tokens of the settings that stand for the owner of the home, and what they are good for (null: everything). */
  readonly ownerTokens: readonly { readonly token: string | undefined; readonly scopes: readonly string[] | null }[];
}

export interface AuthenticateDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly switches: () => AccessSwitches;
  readonly accessTokens: () => Promise<Pick<AccessTokens, 'verify'>>;
  readonly sessions: Pick<SessionService, 'find' | 'isGood'>;
}

export interface Authenticator {
  /** Who is asking. Throws `auth-missing` without a proof and `auth-rejected` for one that is not good. */
  authenticate(proof: ShownProof): Promise<Actor>;
  /** The actor as they stand now: role, state and credential read anew. For long connections, before each act. Throws `auth-rejected`. */
  renew(actor: Actor): Promise<Actor>;
}

/** A key's last use is written down at most so often, in milliseconds. */
const TOUCH_MS = 60_000;
/** A shorter token of the settings signs nobody in by itself. */
const MIN_OWNER_TOKEN = 8;
const MAX_PROOF_CHARS = 8192;
const BEARER = /^bearer +([^\s]+)$/i;
const LOOPBACK = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

export function createAuthenticator(deps: AuthenticateDeps): Authenticator {
  return {
    authenticate: (proof) => authenticate(deps, proof),
    renew: async (actor) => {
      const user = await deps.store.users.byId(actor.user.id);
      if (user?.state !== 'active' || !(await isStillGood(deps, actor))) throw rejected();
      return { ...actor, user };
    },
  };
}

async function authenticate(deps: AuthenticateDeps, proof: ShownProof): Promise<Actor> {
  const { authorization, address } = proof;
  if (authorization !== undefined) {
    const token = authorization.length > MAX_PROOF_CHARS ? undefined : BEARER.exec(authorization)?.[1];
    if (token === undefined) throw rejected();
    return fromToken(deps, token, address);
  }
  const { isAuthOn } = deps.switches();
  const session = await fromCookie(deps, proof);
  if (session !== undefined) return session;
  if (isAuthOn && proof.cookie?.includes(`${SESSION_COOKIE}=`) === true) throw rejected();
  if (isAuthOn || !LOOPBACK.test(address)) {
    throw new ClawError('auth-missing', 'Sign in first: no credential was sent.', {
      hint: 'Send "Authorization: Bearer <API key>".',
    });
  }
  const user = await localOwner(deps.store, deps.clock);
  return { user, via: 'loopback', credentialId: null, scopes: null, from: address };
}

/** A cookie that is no good counts for nothing: the browser may hold it from an earlier time. */
async function fromCookie(
  { store, sessions }: AuthenticateDeps,
  { cookie, address }: ShownProof,
): Promise<Actor | undefined> {
  const values = (cookie ?? '')
    .slice(0, MAX_PROOF_CHARS)
    .split(';')
    .map((pair) => pair.trim());
  const own = values
    .filter((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    .map((pair) => pair.slice(SESSION_COOKIE.length + 1));
  const [value = ''] = own;
  const session = own.length === 1 && /^[0-9a-f]{64}$/.test(value) ? await sessions.find(value) : undefined;
  const user = session === undefined ? undefined : await store.users.byId(session.user_id);
  if (session === undefined || user?.state !== 'active') return undefined;
  return { user, via: 'session', credentialId: session.id, scopes: null, from: address };
}

async function fromAccessToken(
  { store, clock, accessTokens }: AuthenticateDeps,
  token: string,
  address: string,
): Promise<Actor> {
  const claims = await (await accessTokens()).verify(token);
  const family = claims === undefined ? undefined : await store.signIn.family(claims.sid);
  if (claims === undefined || family?.user_id !== claims.sub) throw rejected();
  if (family.revoked_at !== null || family.expires_at <= clock.now()) throw rejected();
  const user = activeOnly(await store.users.byId(family.user_id));
  return { user, via: 'access-token', credentialId: family.id, scopes: null, from: address };
}

async function fromToken(deps: AuthenticateDeps, token: string, address: string): Promise<Actor> {
  if (API_KEY.test(token)) return fromKey(deps, token, address);
  for (const { token: expected, scopes } of deps.switches().ownerTokens) {
    if (expected === undefined || expected.length < MIN_OWNER_TOKEN || !isSame(token, expected)) continue;
    const user = await localOwner(deps.store, deps.clock);
    return {
      user: activeOnly(user),
      via: 'owner-token',
      credentialId: hashSecretValue(expected),
      scopes,
      from: address,
    };
  }
  return fromAccessToken(deps, token, address);
}

async function fromKey({ store, clock }: AuthenticateDeps, text: string, address: string): Promise<Actor> {
  const now = clock.now();
  const key = await store.keys.byHash(hashSecretValue(text));
  if (key === undefined || key.revoked_at !== null || (key.expires_at ?? Infinity) <= now) throw rejected();
  const user = activeOnly(await store.users.byId(key.user_id));
  if (now - (key.last_used_at ?? 0) >= TOUCH_MS) await store.keys.touch(key.id, now);
  const scopes = key.scopes === null ? null : (JSON.parse(key.scopes) as string[]);
  return { user, via: 'api-key', credentialId: key.id, scopes, from: address };
}

async function isStillGood({ store, clock, switches, sessions }: AuthenticateDeps, actor: Actor): Promise<boolean> {
  const { via, credentialId, user } = actor;
  if (via === 'loopback') return !switches().isAuthOn;
  if (via === 'owner-token') {
    return switches().ownerTokens.some(({ token }) => token !== undefined && hashSecretValue(token) === credentialId);
  }
  if (credentialId === null) return via === 'terminal';
  if (via === 'session') return sessions.isGood(credentialId, user.id);
  if (via === 'access-token') {
    const family = await store.signIn.family(credentialId);
    return family?.user_id === user.id && family.revoked_at === null && family.expires_at > clock.now();
  }
  if (via !== 'api-key') return false;
  const key = await store.keys.byId(credentialId, user.id);
  return key?.revoked_at === null && (key.expires_at ?? Infinity) > clock.now();
}

function activeOnly(user: User | undefined): User {
  if (user?.state !== 'active') throw rejected();
  return user;
}

/** Compares in a time that tells nothing. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecretValue(a), 'hex'), Buffer.from(hashSecretValue(b), 'hex'));
}

/** One text for everything: which part was wrong is nobody's business. */
function rejected(): ClawError {
  return new ClawError('auth-rejected', phrase('credentialRefused'), { hint: phrase('signInAgainOrKey') });
}
