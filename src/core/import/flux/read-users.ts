/** Owns the users of flux-openclaw and their keys: `data/auth.db`, table `users`. A key is there as the SHA-256 of its text, and here too. */
import { firstOf, flagOf, instantOf, lineOf } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import type { Source } from '../reader.ts';

const ROLES = ['admin', 'user', 'readonly'] as const;

/** Ids of owners by every name a row may call them: the user's id, and their name. */
export type Owners = Map<string, string>;

/** Fills `owners`. */
export async function* readUsers(source: Source, path: string, owners: Owners): AsyncGenerator<ImportedItem> {
  const database = await source.database(path);
  if (database === undefined) return;
  const onDamage = (why: string): void => source.tell(path, `the table users ends early: ${why}`);
  for (const { values } of database.rows('users', { orderBy: ['created_at', 'id'], onDamage })) {
    const name = lineOf(firstOf(values, 'username', 'name'), 100);
    const id = lineOf(values['id']) ?? name;
    const role = ROLES.find((each) => each === lineOf(values['role'])?.toLowerCase());
    if (id === undefined || name === undefined) {
      yield { kind: 'skipped', of: 'user', sourceId: id ?? '?', reason: 'it has no name' };
      continue;
    }
    if (role === undefined) {
      yield { kind: 'skipped', of: 'user', sourceId: name, reason: 'it has a role that claw does not know' };
      continue;
    }
    owners.set(id, id);
    owners.set(name, id);
    const createdAt = instantOf(values['created_at']);
    const isActive = flagOf(values['is_active']) ?? true;
    const calls = Number(values['max_daily_calls'] ?? 100);
    const limited = Number.isInteger(calls) && calls !== 100;
    const remark = 'They had a daily limit of their own: claw budget set gives them one here.';
    yield { kind: 'user', sourceId: id, name, role, isActive, ...(limited ? { remark } : {}) };
    yield keyOf(id, values, createdAt);
  }
}

function keyOf(owner: string, values: Readonly<Record<string, unknown>>, createdAt: number | undefined): ImportedItem {
  const hash = lineOf(values['api_key_hash'])?.toLowerCase();
  const prefix = lineOf(values['api_key_prefix'])?.slice(0, 13) ?? 'flux_';
  if (hash === undefined || !/^[0-9a-f]{64}$/.test(hash) || !/^flux_[0-9a-f]{1,8}$/.test(prefix))
    return { kind: 'skipped', of: 'key', sourceId: owner, reason: 'it is no key of flux' };
  return { kind: 'key', sourceId: `${owner}/${hash.slice(0, 12)}`, owner, name: 'flux', hash, prefix, createdAt };
}
