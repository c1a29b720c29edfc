/** Owns the one JSON shape of users and keys, for every surface; never a hash. */
import type { ApiKeyRow } from '../store/keys-table.ts';
import type { UserRow } from '../store/users-table.ts';

export function userJson(user: UserRow) {
  const { id, username, role, state } = user;
  return { id, username, role, state, created_at: new Date(user.created_at).toISOString() };
}

export function keyJson(key: ApiKeyRow) {
  const { id, name, prefix } = key;
  return {
    id,
    name,
    prefix,
    scopes: key.scopes === null ? null : (JSON.parse(key.scopes) as string[]),
    created_at: new Date(key.created_at).toISOString(),
    expires_at: instant(key.expires_at),
    revoked_at: instant(key.revoked_at),
    last_used_at: instant(key.last_used_at),
  };
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
