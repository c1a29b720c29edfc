import { openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { type ForeignRow, openForeignDatabase } from '../../../../src/core/store/sqlite/read-foreign-database.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

function foreign(sql: string, maxBytes = 100) {
  const file = join(temporaryHome(), 'db');
  const database = new Sqlite(file);
  database.exec(sql);
  database.close();
  return { file, ...opened(file, maxBytes) };
}

function opened(file: string, maxBytes = 100) {
  const database = openForeignDatabase(file, { maxBytes });
  onTestFinished(() => database.close());
  return { database };
}

const values = (rows: Iterable<ForeignRow>) => [...rows].map((row) => ({ ...row.values }));

test('rows come in the order that is asked for; tables and columns that are missing are none', () => {
  const { database } = foreign("create table t (id, name); insert into t values (2, 'b'), (1, 'a'), (3, null)");
  expect(database.tables.get('t')).toEqual(['id', 'name']);
  const ordered = database.rows('t', { orderBy: ['nothing', 'id'], columns: ['id', 'gone'] });
  expect(values(ordered)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  expect(values(database.rows('no table'))).toEqual([]);
  expect(values(database.rows('t', { columns: ['gone'] }))).toEqual([]);
  expect([database.count('t'), database.count('no table')]).toEqual([3, undefined]);
});

test('of what is longer than the limit only the name of the column comes', () => {
  const { database } = foreign(
    `create table t (a, b); insert into t values ('${'가'.repeat(34)}', zeroblob(101)), ('${'가'.repeat(33)}', x'00')`,
  );
  const [long, short] = [...database.rows('t')];
  expect([long?.tooLong, long?.values['a'], long?.values['b']]).toEqual([['a', 'b'], null, null]);
  expect([short?.tooLong, short?.values['a'], short?.values['b']]).toEqual([[], '가'.repeat(33), Buffer.from([0])]);
});

test('an id that no number holds comes as text, and what is no UTF-8 as something that is', () => {
  const { database } = foreign(
    "create table t (id, name); insert into t values (9007199254740993, cast(x'61c328' as text))",
  );
  expect(values(database.rows('t'))).toEqual([{ id: '9007199254740993', name: 'a\uFFFD(' }]);
});

test('nothing of the schema is run: views, virtual tables and generated columns are none', () => {
  const { database } = foreign(`create table t (a, b as (hex(a)) stored); insert into t (a) values ('x');
    create view v as select a from t; create virtual table f using fts5(a);
    create table "odd ""name" (z); insert into "odd ""name" values (7)`);
  expect([...database.tables.keys()].filter((name) => !name.startsWith('f_'))).toEqual(['t', 'odd "name']);
  expect(values(database.rows('t'))).toEqual([{ a: 'x' }]);
  expect(values(database.rows('odd "name'))).toEqual([{ z: 7 }]);
  expect(values(database.rows('v'))).toEqual([]);
});

test('a virtual table that is spelled in another way in the schema is none either', () => {
  const { file } = foreign(
    "create table t (a); create virtual table users using fts5(a); insert into users values ('x')",
  );
  const written = readFileSync(file, 'latin1');
  expect(written).toContain('CREATE VIRTUAL TABLE');
  writeFileSync(file, written.replace('CREATE VIRTUAL TABLE', 'CREATE\tVIRTUAL TABLE'), 'latin1');
  const { database } = opened(file);
  expect([database.tables.has('t'), database.tables.has('users')]).toEqual([true, false]);
  expect(values(database.rows('users'))).toEqual([]);
});

test('two tables are read at the same time, and reading may end early', () => {
  const { database } = foreign('create table t (a); insert into t values (1), (2), (3)');
  const pairs: unknown[] = [];
  for (const outer of database.rows('t')) {
    for (const inner of database.rows('t')) {
      pairs.push([outer.values['a'], inner.values['a']]);
      if (pairs.length > 3) break;
    }
  }
  expect(pairs.slice(0, 4)).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
  ]);
});

test('a damaged page ends its table and says so; what came before it is kept', () => {
  const rows = Array.from({ length: 400 }, (_, at) => `(${at}, '${'x'.repeat(60)}')`).join(',');
  const { file, database: whole } = foreign(`create table t (id, text); insert into t values ${rows}`);
  whole.close();
  const { size } = statSync(file);
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(4096, 0xff), 0, 4096, size - 2 * 4096);
  const told: string[] = [];
  const { database } = opened(file);
  const kept = values(database.rows('t', { onDamage: (why) => told.push(why) }));
  expect(kept.length).toBeGreaterThan(50);
  expect(kept.length).toBeLessThan(400);
  expect(told).toHaveLength(1);
});

test('a file that is no database is refused', () => {
  const file = join(temporaryHome(), 'db');
  writeFileSync(file, 'SQLite format 3? no');
  expect(() => openForeignDatabase(file, { maxBytes: 100 })).toThrow(/not a database/);
  expect(readFileSync(file, 'utf8')).toBe('SQLite format 3? no');
});
