/** Owns the users of a home: who there is, what they may, and what goes when one is deleted. There is always an active admin. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store, Tables } from '../store/store.ts';
import { FORMER_USER_ID } from '../store/users-table.ts';
import type { Actor } from './actor.ts';
import { addKey, type ShownKey } from './keys.ts';
import type { User } from './local-user.ts';
import { requirePermission, requireWhole } from './permissions.ts';
import { cleanUserName, roleNamed } from './user-name.ts';

export interface UserDeps {
  readonly store: Store;
  readonly clock: Clock;
}

export interface UserChange {
  readonly username?: string | undefined;
  readonly role?: string | undefined;
}

export type UserService = ReturnType<typeof createUserService>;

const MAX_LISTED = 1000;

export function createUserService(deps: UserDeps) {
  const { store } = deps;
  return {
    /** Adds a user with a first API key. Throws `usage-invalid`, `conflict` for a name that is taken, `permission-denied`. */
    create: (by: Actor, wanted: { username: string; role: string }) => create(deps, by, wanted),
    /** Newest first; without `all` only the active. */
    list: async (by: Actor, { all, limit = 100 }: { all: boolean; limit?: number | undefined }): Promise<User[]> => {
      requirePermission(by, 'user.read');
      return store.users.list({ all, limit: Math.min(limit, MAX_LISTED) });
    },
    /** By name or id: themselves, or anybody for whoever manages people. Throws `not-found`. */
    find: async (by: Actor, name: string): Promise<User> => {
      const isSelf = name === by.user.id || name === by.user.username;
      requirePermission(by, isSelf ? 'self.read' : 'user.read');
      return named(store, name);
    },
    /** Throws as `create`, and `conflict` when nobody would be left to manage the home. */
    update: async (by: Actor, name: string, to: UserChange) => {
      if (to.role !== undefined) requireWhole(by);
      return change(deps, by, { name, action: 'user.update', work: (tables, user) => update(tables, user, to) });
    },
    /** Access ends at once. Throws `conflict` for one who is disabled already, and for the last admin. */
    disable: (by: Actor, name: string) =>
      change(deps, by, { name, action: 'user.disable', work: (tables, user) => setState(tables, user, 'disabled') }),
    enable: (by: Actor, name: string) =>
      change(deps, by, { name, action: 'user.enable', work: (tables, user) => setState(tables, user, 'active') }),
    /** Deletes the user and all that is theirs alone. What was spent stays, as spent by nobody; their rooms go to whoever deletes them. Throws `conflict` while a turn of theirs runs, for the last admin, and for oneself. */
    remove: (by: Actor, name: string) =>
      change(deps, by, {
        name,
        action: 'user.delete',
        work: (tables, user) => remove(tables, user, { heir: by.user, now: deps.clock.now() }),
      }),
  };
}

interface Change {
  readonly name: string;
  /** What the audit trail calls it. */
  readonly action: string;
  readonly work: (tables: Tables, user: User) => Promise<User>;
}

async function change({ store, clock }: UserDeps, by: Actor, { name, action, work }: Change): Promise<User> {
  requirePermission(by, 'user.manage');
  return store.transaction(async (tables) => {
    const user = await named(tables, name);
    const changed = await work(tables, user);
    const detail = { username: changed.username, role: changed.role };
    await tables.audit.append({ at: clock.now(), by, action, target: user.id, detail });
    return changed;
  });
}

async function create(
  { store, clock }: UserDeps,
  by: Actor,
  wanted: { readonly username: string; readonly role: string },
): Promise<{ user: User; key: ShownKey }> {
  requirePermission(by, 'user.manage');
  requireWhole(by);
  const username = cleanUserName(wanted.username);
  const role = roleNamed(wanted.role);
  const now = clock.now();
  const user: User = { id: newId(now), username, role, state: 'active', created_at: now };
  return store.transaction(async (tables) => {
    if (!(await tables.users.insertIfAbsent(user))) throw taken(username);
    const key = await addKey(tables, { owner: user, name: 'first' }, now);
    const detail = { username, role, key: key.row.prefix };
    await tables.audit.append({ at: now, by, action: 'user.create', target: user.id, detail });
    return { user, key };
  });
}

async function update(tables: Tables, user: User, to: UserChange): Promise<User> {
  const username = to.username === undefined ? user.username : cleanUserName(to.username);
  const role = to.role === undefined ? user.role : roleNamed(to.role);
  const other = await tables.users.byName(username);
  if (other !== undefined && other.id !== user.id) throw taken(username);
  if (role !== 'admin') await keepAnAdmin(tables, user);
  await tables.users.change(user.id, { username, role });
  return { ...user, username, role };
}

async function setState(tables: Tables, user: User, state: User['state']): Promise<User> {
  if (user.state === state) throw new ClawError('conflict', `${user.username} is ${state} already.`);
  if (state === 'disabled') await keepAnAdmin(tables, user);
  await tables.users.change(user.id, { state });
  return { ...user, state };
}

async function remove(tables: Tables, user: User, { heir, now }: { heir: User; now: number }): Promise<User> {
  if (user.id === heir.id) {
    throw new ClawError('conflict', 'Nobody deletes themselves.', { hint: 'Let another admin do it: --by NAME.' });
  }
  await keepAnAdmin(tables, user);
  if (await tables.former.hasRunningTurn(user.id)) {
    throw new ClawError('conflict', `A turn of ${user.username} is running.`, {
      hint: `Run "claw user disable ${user.username}" and try again when it has ended.`,
    });
  }
  await tables.former.erase(user.id, { heirId: heir.id, now });
  return user;
}

/** By name, or by id. */
async function named({ users }: Pick<Tables, 'users'>, name: string): Promise<User> {
  const user = (await users.byName(name.normalize('NFKC').trim())) ?? (await users.byId(name));
  if (user === undefined || user.id === FORMER_USER_ID) {
    throw new ClawError('not-found', phrase('noUser', JSON.stringify(name)), {
      hint: 'claw user list --all',
    });
  }
  return user;
}

async function keepAnAdmin({ users }: Tables, user: User): Promise<void> {
  if (user.role !== 'admin' || user.state !== 'active' || (await users.countActiveAdmins()) > 1) return;
  throw new ClawError('conflict', phrase('lastAdmin', user.username), {
    hint: phrase('makeOtherAdmin'),
  });
}

function taken(username: string): ClawError {
  return new ClawError('conflict', phrase('userExists', username), { hint: phrase('chooseOtherName') });
}
