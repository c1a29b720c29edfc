/** Owns the people of a home as far as the terminal needs them: the default local owner exists from the first run. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store } from '../store/store.ts';
import type { UserRow } from '../store/users-table.ts';
import { requirePermission } from './permissions.ts';

/** Name of the owner that the first run creates. */
const OWNER_NAME = 'owner';

export type User = UserRow;

/** The default owner, created at the first call. */
export async function localOwner(store: Store, clock: Clock): Promise<User> {
  const found = await store.users.firstAdmin();
  if (found !== undefined) return found;
  const now = clock.now();
  await store.users.insertIfAbsent({
    id: newId(now),
    username: OWNER_NAME,
    role: 'admin',
    state: 'active',
    created_at: now,
  });
  return (await store.users.firstAdmin()) ?? (await userByName(store, OWNER_NAME));
}

/** Throws `not-found` for an unknown name. */
export async function userByName(store: Store, username: string): Promise<User> {
  const user = await store.users.byName(username);
  if (user === undefined) throw new ClawError('not-found', phrase('noUser', JSON.stringify(username)));
  return user;
}

/** Throws `permission-denied` for those who may not begin a turn. */
export function requireChatRight(user: User): void {
  requirePermission({ user, scopes: null }, 'chat.send');
}

/** Throws `permission-denied` for those who may not decide for everybody in the home. */
export function requireAdmin(user: User): void {
  requirePermission({ user, scopes: null }, 'user.manage');
}
