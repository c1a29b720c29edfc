import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openStore } from '../../../../src/core/store/store.ts';
import { changeTriggers } from '../../../../src/core/store/sqlite/change-triggers.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

/** A store with two people, whose writes are heard from here on. */
async function heardStore() {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  for (const id of ['u1', 'u2'])
    await store.users.insertIfAbsent({ id, username: id, role: 'user', state: 'active', created_at: 0 });
  const conversation = { title: 't', origin: 'test', parent_id: null, parent_seq: null, created_at: 0, updated_at: 0 };
  await store.conversations.insert({ ...conversation, id: 'c1', owner_id: 'u1' });
  const heard: string[] = [];
  await store.watchWrites((topic, owner) => void heard.push(`${topic} ${owner ?? '-'}`));
  const take = (): string[] => [...new Set(heard.splice(0))].toSorted();
  return { home, store, take };
}

const message = { conversation_id: 'c1', turn_id: 't1', role: 'user', state: 'complete', parts: '[]' } as const;

test('a write is heard with whose it is, also of a row that says so only by another table', async () => {
  const { store, take } = await heardStore();
  await store.conversations.touch('c1', 5);
  expect(take()).toEqual(['conversations u1']);
  await store.transaction(({ conversations }) => conversations.append({ ...message, created_at: 1 }));
  expect(take()).toEqual(['conversations u1']);
  await store.users.change('u2', { state: 'disabled' });
  expect(take()).toEqual(['users -']);
  await store.close();
});

test('a conversation that goes is heard by its owner alone, although its messages go with it', async () => {
  const { store, take } = await heardStore();
  await store.transaction(({ conversations }) => conversations.append({ ...message, created_at: 1 }));
  take();
  await store.conversations.remove('c1', 'u1');
  expect(take().filter((each) => each.startsWith('conversations'))).toEqual(['conversations u1']);
  await store.close();
});

test('an act on files is heard by its row in the audit trail', async () => {
  const { store, take } = await heardStore();
  await store.audit.append({ at: 1, by: {}, action: 'config.set' });
  expect(take()).toEqual(['audit -', 'settings -']);
  await store.audit.append({ at: 1, by: {}, action: 'backup.create' });
  expect(take()).toEqual(['audit -', 'backups -']);
  await store.close();
});

test('what is taken back leaves the triggers in place', async () => {
  const { store, take } = await heardStore();
  const failed = store.transaction(async ({ conversations }) => {
    await conversations.touch('c1', 5);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  take();
  await store.conversations.touch('c1', 6);
  expect(take()).toEqual(['conversations u1']);
  await store.close();
});

test('the file of the database knows nothing of it, and other processes write as before', async () => {
  const { home, store, take } = await heardStore();
  const other = new Sqlite(join(home, 'claw.db'));
  const mark = store.changeMark();
  other.prepare("update conversations set title = 'other'").run();
  const triggers = other.prepare("select name from sqlite_schema where name like 'claw_%'").all();
  other.close();
  expect(triggers).toEqual([]);
  expect(take()).toEqual([]);
  expect(store.changeMark()).not.toBe(mark);
  expect(store.changeMark()).toBe(store.changeMark());
  await store.close();
});

test('no trigger hears of a look: sessions, keys, people and claims change by being looked at', () => {
  const looks = changeTriggers().filter((sql) => /last_seen_at|last_used_at|checked_at|\bbeat\b/.test(sql));
  expect(looks).toEqual([]);
  for (const table of ['sessions', 'api_keys', 'channel_people', 'task_runs', 'knowledge_folders'])
    expect(changeTriggers().some((sql) => sql.includes(`after update on main.${table} `))).toBe(false);
});
