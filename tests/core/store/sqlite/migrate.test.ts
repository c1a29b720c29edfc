/** Homes of every earlier schema become homes of this one, with all that was in them; what landed is never changed. */
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openSqlite } from '../../../../src/core/store/sqlite/dialect.ts';
import { migrate } from '../../../../src/core/store/sqlite/migrate.ts';
import { MIGRATIONS, openStore } from '../../../../src/core/store/store.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';
import { asBefore, contentsOf, makeOldHome, NEWEST } from './old-home.ts';

/** The first 12 hexadecimal digits of the SHA-256 of each migration that landed. A line is added with a migration, and never changed: homes out there have run it. */
const LANDED = [
  '1 conversations ffa9dcfe63a5',
  '2 tools 0ea8b6d6ef2c',
  '3 rooms fca99c737a39',
  '4 delivery 1a987b70a8c0',
  '5 audit 729b6a79472e',
  '6 memories b7881b04b061',
  '7 access 88f2dbd8d199',
  '8 conversation-search 83e06c184862',
  '9 knowledge ea0e2fdf6934',
  '10 compactions 63680ad2ef39',
  '11 webhooks f188398f2751',
  '12 tasks 40e38cba12fa',
  '13 budgets 15ec61b28cf0',
  '14 owned-search 0e823f639da3',
  '15 task-names 1cf33bb98627',
  '16 model-chain d078664e31bc',
  '17 accounts 0534eb74c0da',
  '18 routes a304d2a534f4',
  '19 learning c1fdc3400c8f',
  '20 vectors 5a4b0fdd3783',
  '21 delegations ae7a358bfbe9',
  '22 marketplace d3d4dfdf7cd9',
  '23 import 061bcf4ffdb8',
  '24 retention 26223322f6d7',
  '25 sign-in-links 306aaf37d236',
];

test('a migration that landed is never changed, and each has its line here', () => {
  const hashes = MIGRATIONS.map(
    ({ version, name, sql }) => `${version} ${name} ${createHash('sha256').update(sql).digest('hex').slice(0, 12)}`,
  );
  expect(hashes).toEqual(LANDED);
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

test.each(MIGRATIONS.slice(0, -1).map(({ version }) => version))(
  'a home of schema %i is brought up to date with everything that was in it',
  async (version) => {
    const home = temporaryHome();
    const before = makeOldHome(home, version);
    expect([...before.values()].flat().length).toBeGreaterThan(10);
    const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 5 });
    expect(await store.integrity()).toBe('ok');
    await store.close();
    const database = new Sqlite(join(home, 'claw.db'));
    expect(database.pragma('user_version', { simple: true })).toBe(NEWEST);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(asBefore(contentsOf(database), before)).toEqual(before);
    database.close();
    const snapshot = readdirSync(join(home, 'backups')).find((name) => name.endsWith('.db')) ?? '';
    const old = new Sqlite(join(home, 'backups', snapshot), { readonly: true });
    expect(old.pragma('user_version', { simple: true })).toBe(version);
    expect(contentsOf(old)).toEqual(before);
    old.close();
  },
);

test('a home of today has the same tables, whether it was made or upgraded', () => {
  const schemaOf = (home: string): unknown[] => {
    const database = new Sqlite(join(home, 'claw.db'));
    const rows = database.prepare('select type, name, tbl_name, sql from sqlite_schema order by type, name').all();
    database.close();
    return rows;
  };
  const [made, upgraded] = [temporaryHome(), temporaryHome()];
  makeOldHome(made, NEWEST);
  makeOldHome(upgraded, 1);
  const database = openSqlite(join(upgraded, 'claw.db'));
  migrate(database, { migrations: MIGRATIONS, snapshotFolder: join(upgraded, 'backups'), now: 5 });
  database.close();
  expect(schemaOf(upgraded)).toEqual(schemaOf(made));
});

test('a migration that fails takes the ones before it back', () => {
  const home = temporaryHome();
  const before = makeOldHome(home, 10);
  const database = openSqlite(join(home, 'claw.db'));
  const broken = [
    ...MIGRATIONS.slice(0, 14),
    { version: 15, name: 'broken', sql: 'create table x (y); select nothing' },
  ];
  const options = { migrations: broken, snapshotFolder: join(home, 'backups'), now: 5 };
  expect(() => migrate(database, options)).toThrow(/nothing/);
  expect(database.pragma('user_version', { simple: true })).toBe(10);
  expect(contentsOf(database)).toEqual(before);
  // Another try leaves one snapshot, not two.
  expect(() => migrate(database, { ...options, now: 6 })).toThrow(/nothing/);
  const snapshots = readdirSync(join(home, 'backups')).filter((name) => name.endsWith('.db'));
  expect(snapshots).toEqual([`before-migration-10-to-15-6-${process.pid}.db`]);
  database.close();
});

test('without a place for the snapshot nothing is changed', () => {
  const home = temporaryHome();
  const before = makeOldHome(home, 10);
  const blocked = join(home, 'no-folder');
  writeFileSync(blocked, '');
  const database = openSqlite(join(home, 'claw.db'));
  expect(() => migrate(database, { migrations: MIGRATIONS, snapshotFolder: blocked, now: 5 })).toThrow(
    expect.objectContaining({
      code: 'permission-denied',
      message: expect.stringContaining('Nothing was changed') as string,
    }),
  );
  expect(contentsOf(database)).toEqual(before);
  database.close();
});

test('a newer schema is refused, with the way back', () => {
  const home = temporaryHome();
  makeOldHome(home, NEWEST);
  const database = openSqlite(join(home, 'claw.db'));
  const next = { version: NEWEST + 1, name: 'next', sql: 'create table next (x)' };
  const snapshotFolder = join(home, 'backups');
  migrate(database, { migrations: [...MIGRATIONS, next], snapshotFolder, now: 5 });
  const snapshot = readdirSync(snapshotFolder).find((name) => name.endsWith('.db'));
  expect(() => migrate(database, { migrations: MIGRATIONS, snapshotFolder, now: 6 })).toThrow(
    expect.objectContaining({
      code: 'data-invalid',
      hint: expect.stringContaining(`claw backup restore ${snapshot}`) as string,
    }),
  );
  database.close();
});
