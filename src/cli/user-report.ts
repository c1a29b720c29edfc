/** Owns how users and their keys are shown: as rows for people. */
import { keyJson } from '../core/access/access-json.ts';
import type { ApiKeyRow } from '../core/store/keys-table.ts';
import type { UserRow } from '../core/store/users-table.ts';

/** One line of `claw user list`. */
export function userRow({ username, role, state, created_at }: UserRow) {
  return { name: username, role, state, since: new Date(created_at).toISOString().slice(0, 10) };
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
    last_used: keyJson(key).last_used_at?.slice(0, 16) ?? 'never',
  };
}
