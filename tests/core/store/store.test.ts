import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { migrate, type Migration } from '../../../src/core/store/sqlite/migrate.ts';
import { openSqlite } from '../../../src/core/store/sqlite/dialect.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const open = (home: string): Store =>
  openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });

async function withConversation(store: Store): Promise<string> {
  await store.users.insertIfAbsent({ id: 'u1', username: 'owner', role: 'admin', state: 'active', created_at: 0 });
  const row = { id: 'c1', owner_id: 'u1', title: 't', origin: 'test', parent_id: null, parent_seq: null };
  await store.conversations.insert({ ...row, created_at: 0, updated_at: 0 });
  return 'c1';
}

const message = (text: string, turn = 't1') => ({
  conversation_id: 'c1',
  turn_id: turn,
  role: 'user' as const,
  parts: JSON.stringify([{ type: 'text', text, provenance: 'user' }]),
  state: 'complete' as const,
  created_at: 0,
});

test('the database and its side files are readable by their owner only', async () => {
  const home = temporaryHome();
  const store = open(home);
  await withConversation(store);
  const modes = readdirSync(home)
    .filter((name) => name.startsWith('claw.db'))
    .map((name) => statSync(join(home, name)).mode & 0o777);
  expect(modes.length).toBeGreaterThan(1);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  await store.close();
});

test('every table is strict', async () => {
  const home = temporaryHome();
  await open(home).close();
  const database = new Sqlite(join(home, 'claw.db'));
  const loose = database
    .prepare(
      "select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%'",
    )
    .all();
  database.close();
  expect(loose).toEqual([]);
});

test('a query outside waits while a transaction is open', async () => {
  const store = open(temporaryHome());
  await withConversation(store);
  const order: string[] = [];
  const inside = store.transaction(async ({ conversations }) => {
    await conversations.append(message('one'));
    await new Promise((resolve) => setImmediate(resolve));
    await conversations.append(message('two'));
    order.push('inside');
  });
  const outside = store.conversations.lastSeq('c1').then((seq) => order.push(`outside saw ${seq}`));
  await Promise.all([inside, outside]);
  expect(order).toEqual(['inside', 'outside saw 2']);
  await store.close();
});

test('a transaction that throws leaves nothing', async () => {
  const store = open(temporaryHome());
  await withConversation(store);
  const failing = store.transaction(async ({ conversations }) => {
    await conversations.append(message('one'));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await store.conversations.lastSeq('c1')).toBe(0);
  await store.close();
});

test('eight processes that start and write at once on a fresh home lose nothing and number every message once', async () => {
  const home = temporaryHome();
  const program = fileURLToPath(new URL('concurrent-writer.ts', import.meta.url));
  const writers = Array.from({ length: 8 }, (_, index) => {
    const args = [program, join(home, 'claw.db'), join(home, 'backups'), `w${index}`, '25'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    return new Promise<number | null>((resolve) => child.on('exit', resolve));
  });
  expect(await Promise.all(writers)).toEqual(Array.from({ length: 8 }, () => 0));
  const store = open(home);
  const rows = await store.conversations.messages('shared');
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  for (let index = 0; index < 8; index += 1) {
    const own = rows
      .filter(({ turn_id }) => turn_id === `w${index}`)
      .map(({ parts }) => (JSON.parse(parts) as [{ text: string }])[0].text);
    expect(own).toEqual(Array.from({ length: 25 }, (_, count) => `w${index} ${count}`));
  }
  await store.close();
}, 60_000);

const step = (version: number, sql: string): Migration => ({ version, name: `step-${version}`, sql });

test('a migration that fails half-way leaves the schema as it was, and the snapshot holds the old data', () => {
  const home = temporaryHome();
  const snapshotFolder = join(home, 'backups');
  const first = [step(1, "create table a (x text) strict; insert into a values ('kept')")];
  const database = openSqlite(join(home, 'claw.db'));
  migrate(database, { migrations: first, snapshotFolder, now: 5 });
  const broken = [...first, step(2, 'create table b (x text) strict; insert into nowhere values (1)')];
  expect(() => migrate(database, { migrations: broken, snapshotFolder, now: 6 })).toThrow(/nowhere/);
  expect(database.pragma('user_version', { simple: true })).toBe(1);
  expect(database.prepare("select count(*) as n from sqlite_schema where name = 'b'").get()).toEqual({ n: 0 });
  database.close();
  const name = readdirSync(snapshotFolder).find((each) => each.endsWith('.db')) ?? '';
  expect(statSync(join(snapshotFolder, name)).mode & 0o777).toBe(0o600);
  const snapshot = new Sqlite(join(snapshotFolder, name));
  expect(snapshot.prepare('select x from a').get()).toEqual({ x: 'kept' });
  snapshot.close();
});

test('a store of a newer claw is refused, not touched', () => {
  const home = temporaryHome();
  const database = openSqlite(join(home, 'claw.db'));
  database.pragma('user_version = 999');
  database.close();
  expect(() => open(home)).toThrow(/schema 999/);
});

test("another user's conversation is not found, listed or removed", async () => {
  const store = open(temporaryHome());
  await withConversation(store);
  expect(await store.conversations.find('c1', 'someone-else')).toBeUndefined();
  expect(await store.conversations.list('someone-else', { limit: 10, offset: 0 })).toEqual([]);
  expect(await store.conversations.remove('c1', 'someone-else')).toBe(false);
  await store.close();
});

test('a large write-ahead log is emptied; a small one, and one that somebody reads from, is left', async () => {
  const home = temporaryHome();
  const store = open(home);
  const wal = (): number => statSync(join(home, 'claw.db-wal')).size;
  const reader = new Sqlite(join(home, 'claw.db'));
  reader.exec('begin; select * from users');
  await withConversation(store);
  const size = wal();
  expect(await store.checkpoint(size + 1)).toBeUndefined();
  expect([await store.checkpoint(size), wal()]).toEqual([undefined, size]);
  reader.exec('commit');
  reader.close();
  expect([await store.checkpoint(size), wal()]).toEqual([size, 0]);
  await store.ping();
  await store.close();
});
