/** Owns how users and their keys are shown: as JSON and as rows for people. */
import type { ApiKeyRow } from '../core/store/keys-table.ts';
import type { UserRow } from '../core/store/users-table.ts';

export function userJson(user: UserRow) {
  const { id, username, role, state } = user;
  return { id, username, role, state, created_at: new Date(user.created_at).toISOString() };
}

/** One line of `claw user list`. */
export function userRow({ username, role, state, created_at }: UserRow) {
  return { name: username, role, state, since: new Date(created_at).toISOString().slice(0, 10) };
}

export function keyJson(key: ApiKeyRow) {
  const { id, name, prefix } = key;
  return {
    id,
    name,
    prefix,
    scopes: key.scopes === null ? null : (JSON.parse(key.scopes) as string[]),
    created_at: instant(key.created_at),
    expires_at: instant(key.expires_at),
    revoked_at: instant(key.revoked_at),
    last_used_at: instant(key.last_used_at),
  };
}

/** One line of `claw user key list`. */
export function keyRow(key: ApiKeyRow, now: number) {
  const isOver = (key.expires_at ?? Infinity) <= now;
  return {
    id: key.id,
    key: `${key.prefix}…`,
    name: key.name,
    scopes: key.scopes === null ? 'all' : (JSON.parse(key.scopes) as string[]).join(' '),
    state: key.revoked_at === null ? (isOver ? 'expired' : 'good') : 'revoked',
    last_used: instant(key.last_used_at)?.slice(0, 16) ?? 'never',
  };
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
