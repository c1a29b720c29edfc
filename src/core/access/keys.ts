/** Owns API keys: `claw_` and 256 random bits in lower-case hexadecimal, shown once, kept as a hash. A user may have several; whoever manages people may manage theirs. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { ApiKeyRow } from '../store/keys-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { Actor } from './actor.ts';
import type { User } from './local-user.ts';
import { isScope, requirePermission } from './permissions.ts';
import { hashSecretValue, newSecretValue, SHOWN_KEY_LENGTH } from './secret-values.ts';

export interface NewKey {
  readonly name?: string | undefined;
  /** Actions of the permission table, or `noun.*`; undefined: all its user may do. */
  readonly scopes?: readonly string[] | undefined;
  /** Milliseconds from now. */
  readonly expiresInMs?: number | undefined;
}

/** A key that was just made: the only time its text is known. */
export interface ShownKey {
  readonly row: ApiKeyRow;
  readonly text: string;
}

export interface KeyDeps {
  readonly store: Store;
  readonly clock: Clock;
}

export type KeyService = ReturnType<typeof createKeyService>;

const MAX_KEYS = 50;
const MAX_NAME_LENGTH = 100;

export function createKeyService({ store, clock }: KeyDeps) {
  return {
    /** Throws `permission-denied`, `usage-invalid`, `conflict` for a disabled user and `limit-reached`. */
    create: async (by: Actor, owner: User, wanted: NewKey): Promise<ShownKey> => {
      requireKeyRight(by, owner, 'key.change');
      checkScopes(by, wanted.scopes);
      return store.transaction(async (tables) => {
        const key = await addKey(tables, { owner: await active(tables, owner), ...wanted }, clock.now());
        await tables.audit.append({ ...told(by, key.row, clock), action: 'key.create' });
        return key;
      });
    },
    /** Newest first; without `all` only those that are good. */
    list: async (by: Actor, owner: User, { all }: { readonly all: boolean }): Promise<ApiKeyRow[]> => {
      requireKeyRight(by, owner, 'key.read');
      return store.keys.list(owner.id, all ? undefined : clock.now());
    },
    /** Takes the id or prefix of the key. Throws `not-found` also for one that was revoked before. */
    revoke: async (by: Actor, owner: User, name: string): Promise<ApiKeyRow> => {
      requireKeyRight(by, owner, 'key.change');
      return store.transaction(async (tables) => {
        const key = await goodKey(tables, owner, name, clock.now());
        await tables.keys.revoke(key.id, owner.id, clock.now());
        await tables.audit.append({ ...told(by, key, clock), action: 'key.revoke' });
        return { ...key, revoked_at: clock.now() };
      });
    },
    /** Revokes a key, or every key of the user when none is named, and makes one of the same name, scopes and end. Throws as `revoke`. */
    rotate: async (by: Actor, owner: User, name: string | undefined): Promise<ShownKey> => {
      requireKeyRight(by, owner, 'key.change');
      return store.transaction(async (tables) => {
        const user = await active(tables, owner);
        const key = await rotateKey(tables, user, name, { by, now: clock.now() });
        await tables.audit.append({ ...told(by, key.row, clock), action: 'key.rotate' });
        return key;
      });
    },
  };
}

/** Adds a key inside a transaction. */
export async function addKey(
  { keys }: Tables,
  { owner, name, scopes, expiresInMs }: NewKey & { readonly owner: User },
  now: number,
): Promise<ShownKey> {
  if ((await keys.list(owner.id, now)).length >= MAX_KEYS) {
    throw new ClawError('limit-reached', `${owner.username} has ${MAX_KEYS} keys already.`, {
      hint: 'Revoke one first.',
    });
  }
  const text = `claw_${newSecretValue()}`;
  const row = keyRow(text, {
    owner,
    name: cleanKeyName(name),
    scopes: scopes === undefined ? null : JSON.stringify([...new Set(scopes)]),
    expiresAt: expiresInMs === undefined ? null : now + expiresInMs,
    now,
  });
  await keys.insert(row);
  return { row, text };
}

/** A key that another program made and keeps as claw does: by the SHA-256 of its text. */
export interface KeptKey {
  readonly id: string;
  readonly name: string;
  /** Hexadecimal. */
  readonly hash: string;
  /** Its first 13 characters. */
  readonly prefix: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

/** Takes over a key (`claw_` or `flux_` and 64 hexadecimal digits) of which only the hash is known; whoever has the text goes on with it. Throws `usage-invalid`, `conflict`. */
export async function importKeyHash(tables: Tables, owner: User, key: KeptKey): Promise<void> {
  const { id, hash, prefix, createdAt } = key;
  if (!/^[0-9a-f]{64}$/.test(hash) || !/^(?:claw|flux)_[0-9a-f]{1,8}$/.test(prefix))
    throw new ClawError('usage-invalid', 'This is no API key of claw or flux.');
  if ((await tables.keys.byHash(hash)) !== undefined)
    throw new ClawError('conflict', `The key ${prefix}… is here already.`);
  const name = cleanKeyName(key.name);
  const dates = { created_at: createdAt, expires_at: null, revoked_at: null, last_used_at: null };
  await tables.keys.insert({ id, user_id: owner.id, name, prefix, hash, scopes: null, ...dates });
}

function keyRow(
  text: string,
  of: { owner: User; name: string; scopes: string | null; expiresAt: number | null; now: number },
): ApiKeyRow {
  return {
    id: newId(of.now),
    user_id: of.owner.id,
    name: of.name,
    prefix: text.slice(0, SHOWN_KEY_LENGTH),
    hash: hashSecretValue(text),
    scopes: of.scopes,
    created_at: of.now,
    expires_at: of.expiresAt,
    revoked_at: null,
    last_used_at: null,
  };
}

/** What the audit trail gets to know of an act on a key. */
function told(by: Actor, { id, prefix, user_id }: ApiKeyRow, clock: Clock) {
  return { at: clock.now(), by, target: id, detail: { prefix, owner: user_id } };
}

async function rotateKey(
  tables: Tables,
  owner: User,
  name: string | undefined,
  { by, now }: { readonly by: Actor; readonly now: number },
): Promise<ShownKey> {
  const good = await tables.keys.list(owner.id, now);
  const old = name === undefined ? good : [await goodKey(tables, owner, name, now)];
  const [first] = old;
  if (first === undefined)
    throw new ClawError('not-found', `${owner.username} has no key.`, { hint: 'claw user key create' });
  const scopes = first.scopes === null ? undefined : (JSON.parse(first.scopes) as string[]);
  checkScopes(by, scopes);
  for (const { id } of old) await tables.keys.revoke(id, owner.id, now);
  const expiresInMs = first.expires_at === null ? undefined : first.expires_at - now;
  return addKey(tables, { owner, name: first.name, scopes, expiresInMs }, now);
}

/** The key of the owner that is good and bears this id, or begins so. */
async function goodKey({ keys }: Tables, owner: User, name: string, now: number): Promise<ApiKeyRow> {
  const wanted = name.trim();
  const good = await keys.list(owner.id, now);
  const found = good.filter(
    ({ id, prefix }) => wanted.length >= 8 && (id.startsWith(wanted) || prefix.startsWith(wanted)),
  );
  const exact = found.find(({ id }) => id === wanted) ?? found[0];
  if (exact === undefined || (found.length > 1 && exact.id !== wanted)) {
    throw new ClawError('not-found', `${owner.username} has no such key that is good.`, {
      hint: 'claw user key list --all',
    });
  }
  return exact;
}

async function active({ users }: Tables, { id, username }: User): Promise<User> {
  const user = await users.byId(id);
  if (user?.state === 'active') return user;
  throw new ClawError('conflict', phrase('userDisabled', username), { hint: `claw user enable ${username}` });
}

/** Their own keys, or those of everybody for whoever manages people. */
function requireKeyRight(by: Actor, owner: User, action: 'key.read' | 'key.change'): void {
  requirePermission(by, by.user.id === owner.id ? action : 'user.manage');
}

/** A key for narrow use cannot make one for wider use. */
function checkScopes(by: Actor, scopes: readonly string[] | undefined): void {
  for (const scope of scopes ?? []) {
    if (!isScope(scope)) {
      throw new ClawError('usage-invalid', `There is no action ${JSON.stringify(scope)}.`, {
        hint: 'Scopes look like chat.send or conversation.*.',
      });
    }
  }
  if (by.scopes !== null && (scopes === undefined || !scopes.every((scope) => by.scopes?.includes(scope) === true))) {
    throw new ClawError('permission-denied', 'This key may not make a key that is good for more.');
  }
}

function cleanKeyName(name = 'key'): string {
  const clean = name.normalize('NFC').trim();
  if (clean === '' || clean.length > MAX_NAME_LENGTH || /\p{C}/u.test(clean)) {
    throw new ClawError(
      'usage-invalid',
      `The name of a key has 1 to ${MAX_NAME_LENGTH} characters, none of them unseen.`,
    );
  }
  return clean;
}
