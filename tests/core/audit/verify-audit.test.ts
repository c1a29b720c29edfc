import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { fill, openTrail, owner, tamper, verdictOf } from './audit-kit.ts';

async function homeWith(rows: number): Promise<string> {
  const home = temporaryHome();
  const store = openTrail(home);
  await fill(store, rows);
  await store.close();
  return home;
}

async function verdictAt(home: string) {
  const store = openTrail(home);
  try {
    return await verdictOf(store, home);
  } finally {
    await store.close();
  }
}

test('a home without a row is whole', async () => {
  expect(await verdictAt(temporaryHome())).toMatchObject({ isWhole: true, rows: 0, remark: null });
});

test('a trail nobody touched is whole, and its key and note are readable by their owner only', async () => {
  const home = await homeWith(5);
  expect(await verdictAt(home)).toMatchObject({ isWhole: true, rows: 5, lastRow: 5, remark: null });
  for (const name of ['audit.key', 'audit.anchor']) expect(statSync(join(home, name)).mode & 0o777).toBe(0o600);
});

const tamperings: [what: string, sql: string, firstBadRow: number][] = [
  ...['at = 1', "user_id = 'u2'", "username = 'eve'", "via = 'api-key'", "origin = '::1'", "action = 'config.get'"].map(
    (set): [string, string, number] => [`an edit: ${set}`, `update audit_events set ${set} where seq = 3`, 3],
  ),
  ['an edit of the target', "update audit_events set target = 'SETTING_4' where seq = 3", 3],
  ['a target that was removed', 'update audit_events set target = null where seq = 3', 3],
  ['an edit of the outcome', "update audit_events set outcome = 'denied' where seq = 3", 3],
  ['an edit of the detail', `update audit_events set detail = '{"a":1}' where seq = 3`, 3],
  [
    'text that moved from one column to the next',
    "update audit_events set via = '', origin = 'terminalterminal' where seq = 3",
    3,
  ],
  ['a deleted row', 'delete from audit_events where seq = 3', 3],
  [
    'a deleted row whose gap was closed',
    'delete from audit_events where seq = 3; update audit_events set seq = seq - 1 where seq > 3',
    3,
  ],
  ['the first row deleted', 'delete from audit_events where seq = 1', 1],
  [
    'the first rows deleted and the cut moved',
    'delete from audit_events where seq < 3; update audit_head set cut_seq = 2, cut_mac = (select mac from audit_events where seq = 3)',
    3,
  ],
  [
    'the first rows deleted and the cut moved with the right code',
    'create table t as select mac from audit_events where seq = 2; delete from audit_events where seq < 3; update audit_head set cut_seq = 2, cut_mac = (select mac from t); drop table t',
    6,
  ],
  [
    'two rows that changed places',
    'update audit_events set seq = 100 where seq = 2; update audit_events set seq = 2 where seq = 3; update audit_events set seq = 3 where seq = 100',
    2,
  ],
  [
    'a row put in',
    'update audit_events set seq = -seq where seq > 2; update audit_events set seq = 1 - seq where seq < 0; insert into audit_events select 3, at, user_id, username, via, origin, action, target, outcome, detail, mac from audit_events where seq = 2',
    3,
  ],
  [
    'a row put in before the beginning',
    'insert into audit_events select 0, at, user_id, username, via, origin, action, target, outcome, detail, mac from audit_events where seq = 2',
    0,
  ],
  [
    'a row put in at the end',
    'insert into audit_events select 6, at, user_id, username, via, origin, action, target, outcome, detail, mac from audit_events where seq = 5',
    6,
  ],
  ['the last rows deleted', 'delete from audit_events where seq > 3', 4],
  [
    'the last rows deleted and the head moved',
    'delete from audit_events where seq > 3; update audit_head set seq = 3, mac = (select mac from audit_events where seq = 3)',
    4,
  ],
  ['everything deleted', 'delete from audit_events', 1],
];

test.each(tamperings)('%s is found, and the first bad row named', async (_what, sql, firstBadRow) => {
  const home = await homeWith(5);
  tamper(home, sql);
  expect(await verdictAt(home)).toMatchObject({ isWhole: false, firstBadRow });
});

test('a trail that was wiped and begun again contradicts the note beside it', async () => {
  const home = await homeWith(5);
  tamper(home, "delete from audit_events; update audit_head set seq = 0, mac = '', seal = ''");
  expect(await verdictAt(home)).toMatchObject({ isWhole: false, firstBadRow: 1 });
  const store = openTrail(home);
  await fill(store, 9, 100);
  await store.close();
  expect(await verdictAt(home)).toMatchObject({ isWhole: false });
});

test('an older copy of the whole database contradicts the note, also after new rows', async () => {
  const home = await homeWith(3);
  copyFileSync(join(home, 'claw.db'), join(home, 'old.db'));
  const store = openTrail(home);
  await fill(store, 3, 4);
  await store.close();
  for (const end of ['-wal', '-shm']) rmSync(join(home, `claw.db${end}`), { force: true });
  copyFileSync(join(home, 'old.db'), join(home, 'claw.db'));
  expect(await verdictAt(home)).toMatchObject({ isWhole: false, firstBadRow: 4 });
  const again = openTrail(home);
  await fill(again, 100, 50);
  await again.close();
  expect(await verdictAt(home)).toMatchObject({ isWhole: false, firstBadRow: 6 });
});

test('rows that are added after a cut end do not heal it', async () => {
  const home = await homeWith(5);
  tamper(
    home,
    'delete from audit_events where seq > 3; update audit_head set seq = 3, mac = (select mac from audit_events where seq = 3)',
  );
  const store = openTrail(home);
  await fill(store, 200, 10);
  await store.close();
  expect(await verdictAt(home)).toMatchObject({ isWhole: false, firstBadRow: 4 });
});

test('a lost or exchanged key, and an exchanged note, are told of', async () => {
  const home = await homeWith(3);
  const key = readFileSync(join(home, 'audit.key'));
  writeFileSync(join(home, 'audit.key'), `${'ab'.repeat(32)}\n`);
  expect(await verdictAt(home)).toMatchObject({ isWhole: false, firstBadRow: 1 });
  rmSync(join(home, 'audit.key'));
  expect((await verdictAt(home)).problem).toMatch(/key .* is missing/);
  writeFileSync(join(home, 'audit.key'), key);
  writeFileSync(join(home, 'audit.anchor'), `1 ${'0'.repeat(64)} ${'0'.repeat(64)}\n`);
  expect((await verdictAt(home)).problem).toMatch(/not written by this home/);
  rmSync(join(home, 'audit.anchor'));
  expect(await verdictAt(home)).toMatchObject({ isWhole: true, remark: expect.stringMatching(/missing/) });
});

test('what retention cuts off at the old end leaves a trail that is whole, again and again', async () => {
  const home = await homeWith(10);
  const store = openTrail(home);
  const first = { instant: 4000, by: { via: 'system' }, at: 20_000, most: 1000 };
  expect(await store.transaction(({ audit }) => audit.cut(first))).toEqual({ rows: 3, isDone: true });
  expect(await verdictOf(store, home)).toMatchObject({ isWhole: true, rows: 8, cutThrough: 3, lastRow: 11 });
  expect(await store.transaction(({ audit }) => audit.cut(first))).toEqual({ rows: 0, isDone: true });
  const rest = { instant: 90_000, by: owner, at: 20_001, most: 1000 };
  expect(await store.transaction(({ audit }) => audit.cut(rest))).toEqual({ rows: 8, isDone: true });
  expect(await verdictOf(store, home)).toMatchObject({ isWhole: true, rows: 1, cutThrough: 11, lastRow: 12 });
  const [last] = await store.audit.list({}, 1);
  expect(last).toMatchObject({ action: 'audit.cut', username: 'owner' });
  await store.close();
});

test('progress is told, and checking stops when it is told to', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  await store.transaction(async ({ audit }) => {
    for (let at = 0; at < 4500; at += 1) await audit.append({ at, by: owner, action: 'config.set' });
  });
  const { verifyAudit } = await import('../../../src/core/audit/verify-audit.ts');
  const { auditPaths } = await import('../../../src/core/kernel/paths.ts');
  const seen: number[] = [];
  await verifyAudit(store.audit, auditPaths(home), { onProgress: (checked, last) => seen.push(checked, last) });
  expect(seen).toEqual([2000, 4500, 4000, 4500, 4500, 4500]);
  const stop = new AbortController();
  const stopped = verifyAudit(store.audit, auditPaths(home), { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toThrow(/abort/);
  await store.close();
});
