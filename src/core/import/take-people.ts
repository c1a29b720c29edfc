/** Owns taking over users and their API keys. A user of a name that is taken is that user; a key never gives more rights than it had. */
import { importKeyHash } from '../access/keys.ts';
import { cleanUserName } from '../access/user-name.ts';
import { newId } from '../kernel/ids.ts';
import type { Store } from '../store/store.ts';
import type { UserRow } from '../store/users-table.ts';
import type { ImportedKey, ImportedUser } from './imported.ts';
import { type ImportRun, ownerOf, skip, type Taker } from './taker.ts';
import { ClawError } from '../kernel/errors.ts';

const RANK: Readonly<Record<UserRow['role'], number>> = { readonly: 1, user: 2, admin: 3 };

/** What users were there, by the id they had there. */
type Roles = Map<string, UserRow['role']>;

export function takePeople(store: Store, run: ImportRun): { user: Taker<ImportedUser>; key: Taker<ImportedKey> } {
  const roles: Roles = new Map();
  return { user: takeUser(store, run, roles), key: takeKey(store, run, roles) };
}

function takeUser(store: Store, run: ImportRun, roles: Roles): Taker<ImportedUser> {
  const names = new Set<string>();
  return {
    async known(item, { target_id }) {
      roles.set(item.sourceId, item.role);
      run.users.set(item.sourceId, (await store.users.byId(target_id)) ?? null);
    },
    async decide(item) {
      const username = cleanUserName(item.name);
      if (names.has(username.toLowerCase())) return skip('another user there has the same name');
      names.add(username.toLowerCase());
      roles.set(item.sourceId, item.role);
      const same = await store.users.byName(username);
      const row: UserRow = same ?? {
        id: newId(run.now),
        username,
        role: item.role,
        state: item.isActive ? 'active' : 'disabled',
        // Never older than the owner of the home, who is its longest-standing admin.
        created_at: Math.max(run.now, run.by.user.created_at + 1),
      };
      run.users.set(item.sourceId, row);
      if (same !== undefined)
        return {
          state: 'already',
          targetId: same.id,
          remark: 'There is a user of this name; what is theirs goes there.',
        };
      return {
        state: 'new',
        targetId: row.id,
        ...(row.role === 'admin' ? { remark: 'They were an admin there, and are one here.' } : {}),
        async write({ users, audit }) {
          if (!(await users.insertIfAbsent(row))) throw new ClawError('conflict', 'the name was taken meanwhile');
          const detail = { username, role: row.role, source: run.source };
          await audit.append({ at: run.now, by: run.by, action: 'user.import', target: row.id, detail });
        },
      };
    },
  };
}

function takeKey(store: Store, run: ImportRun, roles: Roles): Taker<ImportedKey> {
  return {
    async decide(item) {
      const owner = ownerOf(run, item.owner);
      const role = item.owner === undefined ? owner.role : (roles.get(item.owner) ?? 'readonly');
      if (RANK[owner.role] > RANK[role])
        return skip('its user may do more here than there; make a new one with "claw user key create"');
      const known = await store.keys.byHash(item.hash);
      if (known !== undefined) return { state: 'already', targetId: known.id };
      const id = newId(run.now);
      const { name, hash, prefix } = item;
      return {
        state: 'new',
        targetId: id,
        async write(tables) {
          await importKeyHash(tables, owner, { id, name, hash, prefix, createdAt: item.createdAt ?? run.now });
          const detail = { prefix, owner: owner.id, source: run.source };
          await tables.audit.append({ at: run.now, by: run.by, action: 'key.import', target: id, detail });
        },
      };
    },
  };
}
