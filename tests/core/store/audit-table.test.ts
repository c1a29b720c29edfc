import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacSha256 } from '../../../src/core/store/audit-chain.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { fill, openTrail, owner, verdictOf } from '../audit/audit-kit.ts';

test('its code is HMAC-SHA256, for every key and text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 130 }), fc.string({ unit: 'binary' }), (key, text) => {
      expect(hmacSha256(key)(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
    }),
  );
});

test('a row is kept with its effect or not at all', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  await fill(store, 1);
  const fails = store.transaction(async ({ audit }) => {
    await audit.append({ at: 2, by: owner, action: 'user.create', target: 'alice' });
    throw new Error('the effect failed');
  });
  await expect(fails).rejects.toThrow('the effect failed');
  await fill(store, 1, 2);
  expect((await store.audit.list({}, 10)).map(({ seq, action }) => [seq, action])).toEqual([
    [2, 'config.set'],
    [1, 'config.set'],
  ]);
  expect(await verdictOf(store, home)).toMatchObject({ isWhole: true, rows: 2 });
  await store.close();
});

test('the database itself refuses to change, delete, replace or squeeze in a row', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  await fill(store, 3);
  await store.close();
  const database = new Sqlite(join(home, 'claw.db'));
  const row = "'1', null, 'x', 'x', 'x', 'x', null, 'ok', '{}', ''";
  for (const sql of [
    "update audit_events set username = 'eve'",
    'delete from audit_events',
    'delete from audit_head',
    `insert or replace into audit_events values (3, ${row})`,
    `insert into audit_events values (9, ${row})`,
  ]) {
    expect(() => database.exec(sql), sql).toThrow(/audit trail/);
  }
  database.close();
});

test('secrets are hidden and broken text is kept whole', async () => {
  const home = temporaryHome();
  const hide = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '****'));
  const store = openStore({
    file: join(home, 'claw.db'),
    snapshotFolder: join(home, 'backups'),
    now: 1,
    mask: hide as <T>(value: T) => T,
  });
  const detail = { command: ['login', 'hunter2'], note: 'half \ud83d', nul: 'a\0b', 한국어: '비밀' };
  await store.audit.append({ at: 1, by: owner, action: 'exec.run', target: 'curl hunter2 \udc00', detail });
  const [row] = await store.audit.list({}, 1);
  expect(row?.target).toBe('curl **** \ufffd');
  expect(JSON.parse(row?.detail ?? '')).toMatchObject({ command: ['login', '****'], nul: 'a\0b', 한국어: '비밀' });
  expect(await verdictOf(store, home)).toMatchObject({ isWhole: true });
  await store.close();
});

test('rows are found by who, what and when, newest first', async () => {
  const store = openTrail(temporaryHome());
  const add = (at: number, action: string, username: string) =>
    store.audit.append({ at, by: { user: { id: username, username }, via: 'api-key', from: '::1' }, action });
  await add(1, 'user.create', 'owner');
  await add(2, 'user.delete', 'alice');
  await add(3, 'users.x', 'owner');
  await store.audit.append({ at: 4, by: {}, action: 'tool.quarantine' });
  await store.audit.append({
    at: 5,
    by: { via: 'channel', from: 'telegram:7' },
    action: 'user.pair',
    outcome: 'denied',
  });
  const found = async (filter: object) => (await store.audit.list(filter, 10)).map(({ seq }) => seq);
  expect(await found({})).toEqual([5, 4, 3, 2, 1]);
  expect(await found({ username: 'owner' })).toEqual([3, 1]);
  expect(await found({ action: 'user.*' })).toEqual([5, 2, 1]);
  expect(await found({ action: 'user.delete' })).toEqual([2]);
  expect(await found({ since: 2, until: 4 })).toEqual([3, 2]);
  const rows = await store.audit.list({}, 2);
  expect(rows).toMatchObject([
    { username: 'nobody', via: 'channel', origin: 'telegram:7', user_id: null, outcome: 'denied' },
    { username: 'claw', via: 'system', origin: 'system', outcome: 'ok' },
  ]);
  await store.close();
});

test('several processes that write at once make one whole chain', async () => {
  const home = temporaryHome();
  const writers = ['a', 'b', 'c'].map(async (name) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'audit-writer.ts'), home, name, '40']);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(0);
  });
  await Promise.all(writers);
  const store = openTrail(home);
  expect(await verdictOf(store, home)).toMatchObject({ isWhole: true, rows: 120, remark: null });
  await store.close();
});
