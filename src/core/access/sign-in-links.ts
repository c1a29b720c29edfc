/** Owns the links that sign a browser in once: the set-up link, which makes the first way in while nobody has one, and those that whoever may run claw on this machine makes. What a link holds is 256 random bits, stored as a hash. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { AuditBy } from '../store/audit-table.ts';
import type { SignInLinkRow } from '../store/sign-in-links-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { Actor } from './actor.ts';
import { type Browser, type Entered, enterTrusted } from './devices.ts';
import { localOwner } from './local-user.ts';
import { checkPassword, type PasswordHasher } from './password.ts';
import { requirePermission } from './permissions.ts';
import { hashSecretValue, newSecretValue } from './secret-values.ts';
import type { SessionDeps } from './sessions.ts';
import { cleanUserName } from './user-name.ts';

export interface SignInLinkDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly ttlMs: SessionDeps['ttlMs'];
  /** A token of the settings signs the owner in already. */
  readonly hasOwnerToken: () => boolean;
}

/** A link that was just made: the only time its secret is known. */
export interface LinkOffer {
  readonly kind: SignInLinkRow['kind'];
  /** 64 hexadecimal digits. */
  readonly secret: string;
  /** Milliseconds UTC. */
  readonly expiresAt: number;
}

/** How a set-up link stands; `done`: somebody can sign in by now. */
export type SetUpState = 'good' | 'used' | 'expired' | 'replaced' | 'done' | 'unknown';

export interface Owner {
  readonly username: string;
  readonly password: string;
}

export type SignInLinkService = ReturnType<typeof createSignInLinkService>;

/** How long links are good, and how long it is remembered what became of them, in milliseconds. */
const SET_UP_MS = 3_600_000;
const SIGN_IN_MS = 120_000;
const DAY_MS = 86_400_000;

export function createSignInLinkService(deps: SignInLinkDeps) {
  const { store, clock } = deps;
  return {
    /** Whether no admin has a way into the dashboard. */
    isSetUpMissing: (): Promise<boolean> => isSetUpMissing(deps, store),
    /** A set-up link; those before it end. Undefined when somebody can sign in: then there is none any more. */
    offerSetUp: (by: AuditBy): Promise<LinkOffer | undefined> => offerSetUp(deps, by),
    /** How the link stands, and for one that is good whom it completes. */
    look: (secret: string): Promise<{ state: SetUpState; username: string | null }> => look(deps, secret),
    /** Completes the owner with a name and a password and signs the browser in, once. Throws `auth-rejected` for a link that is not good, `conflict` for a name that is taken, `usage-invalid`. */
    setUp: (secret: string, owner: Owner, browser: Browser): Promise<Entered> => setUp(deps, secret, owner, browser),
    /** A link that signs in the user whom the actor is. */
    offerSignIn: async (by: Actor): Promise<LinkOffer> => {
      requirePermission(by, 'self.read');
      return store.transaction((tables) => insert(tables, { kind: 'sign-in', userId: by.user.id, by }, clock.now()));
    },
    /** Signs the browser in by such a link, once. Throws `auth-rejected`. */
    enter: (secret: string, browser: Browser): Promise<Entered> => enter(deps, secret, browser),
  };
}

async function isSetUpMissing({ clock, ttlMs, hasOwnerToken }: SignInLinkDeps, { links }: Tables): Promise<boolean> {
  const now = clock.now();
  return !hasOwnerToken() && !(await links.canAdminSignIn({ now, seenSince: now - ttlMs().idle }));
}

async function offerSetUp(deps: SignInLinkDeps, by: AuditBy): Promise<LinkOffer | undefined> {
  const now = deps.clock.now();
  return deps.store.transaction(async (tables) => {
    await tables.links.endSetUps(now);
    if (!(await isSetUpMissing(deps, tables))) return undefined;
    return insert(tables, { kind: 'set-up', userId: null, by }, now);
  });
}

async function insert(
  tables: Tables,
  { kind, userId, by }: { readonly kind: LinkOffer['kind']; readonly userId: string | null; readonly by: AuditBy },
  now: number,
): Promise<LinkOffer> {
  const secret = newSecretValue();
  const expiresAt = now + (kind === 'set-up' ? SET_UP_MS : SIGN_IN_MS);
  const id = newId(now);
  await tables.links.prune(now - DAY_MS);
  await tables.links.insert({
    id,
    kind,
    hash: hashSecretValue(secret),
    user_id: userId,
    created_at: now,
    expires_at: expiresAt,
    used_at: null,
    ended_at: null,
  });
  await tables.audit.append({ at: now, by, action: 'link.create', target: id, detail: { kind } });
  return { kind, secret, expiresAt };
}

async function look(deps: SignInLinkDeps, secret: string): Promise<{ state: SetUpState; username: string | null }> {
  const { store, clock } = deps;
  const row = await store.links.byHash(hashSecretValue(secret));
  if (row?.kind !== 'set-up') return { state: 'unknown', username: null };
  const state = stateOf(row, clock.now());
  if (state !== 'good') return { state, username: null };
  if (!(await isSetUpMissing(deps, store))) return { state: 'done', username: null };
  return { state, username: (await localOwner(store, clock)).username };
}

function stateOf(row: SignInLinkRow, now: number): SetUpState {
  if (row.used_at !== null) return 'used';
  if (row.ended_at !== null) return 'replaced';
  return row.expires_at <= now ? 'expired' : 'good';
}

async function setUp(deps: SignInLinkDeps, secret: string, owner: Owner, browser: Browser): Promise<Entered> {
  const { store, clock, hasher } = deps;
  // Asked before the password is hashed, which takes memory and time; what counts is asked again below.
  if ((await look(deps, secret)).state !== 'good') throw await refused(deps, 'set-up', browser);
  const username = cleanUserName(owner.username);
  checkPassword(owner.password, username);
  const hash = await hasher.hash(owner.password);
  const first = await localOwner(store, clock);
  const entered = await store.transaction(async (tables) => {
    const now = clock.now();
    const row = await tables.links.byHash(hashSecretValue(secret));
    const user = await tables.users.byId(first.id);
    if (row === undefined || user?.role !== 'admin' || user.state !== 'active') return undefined;
    if (!(await isSetUpMissing(deps, tables)) || !(await tables.links.use(row.id, now))) return undefined;
    const namesake = await tables.users.byName(username);
    if (namesake !== undefined && namesake.id !== user.id) {
      throw new ClawError('conflict', phrase('userExists', username), { hint: phrase('chooseOtherName') });
    }
    await tables.users.change(user.id, { username });
    await tables.signIn.setPassword(user.id, hash, now);
    const named = { ...user, username };
    const by = { user: named, via: 'set-up-link', from: browser.from };
    await tables.audit.append({ at: now, by, action: 'user.set-up', target: user.id, detail: { username } });
    return enterTrusted(tables, deps, { user: named, browser });
  });
  if (entered === undefined) throw await refused(deps, 'set-up', browser);
  return entered;
}

async function enter(deps: SignInLinkDeps, secret: string, browser: Browser): Promise<Entered> {
  const entered = await deps.store.transaction(async (tables) => {
    const row = await tables.links.byHash(hashSecretValue(secret));
    if (row?.kind !== 'sign-in' || !(await tables.links.use(row.id, deps.clock.now()))) return undefined;
    const user = row.user_id === null ? undefined : await tables.users.byId(row.user_id);
    return user?.state === 'active' ? enterTrusted(tables, deps, { user, browser }) : undefined;
  });
  if (entered === undefined) throw await refused(deps, 'sign-in', browser);
  return entered;
}

/** At most as often as the limit of sign-ins allows. */
async function refused(
  { store, clock }: SignInLinkDeps,
  kind: LinkOffer['kind'],
  { from }: Browser,
): Promise<ClawError> {
  const by = { via: `${kind}-link`, from };
  await store.audit.append({ at: clock.now(), by, action: 'session.open', outcome: 'denied' });
  return new ClawError('auth-rejected', phrase('linkRefused'), { hint: phrase('newLink') });
}
