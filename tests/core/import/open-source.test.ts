import { existsSync, mkdirSync, readdirSync, statfsSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openSource } from '../../../src/core/import/open-source.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

async function open(folder: string) {
  const told: string[] = [];
  const tell = (path: string, why: string): void => void told.push(`${path}: ${why}`);
  const source = await openSource(folder, { scratch: temporaryHome(), tell });
  onTestFinished(() => source[Symbol.asyncDispose]());
  return { source, told };
}

test('a database that is in use is read with what its log holds, and not a byte beside it is written', async () => {
  const folder = temporaryHome();
  const writer = new Sqlite(join(folder, 'a.db'));
  onTestFinished(() => void writer.close());
  writer.pragma('journal_mode = WAL');
  writer.exec("create table t (a); insert into t values ('in the log')");
  const before = readdirSync(folder);
  const { source } = await open(folder);
  const database = await source.database('a.db');
  expect([...(database?.rows('t') ?? [])].map(({ values }) => values['a'])).toEqual(['in the log']);
  expect(await source.database('a.db')).toBe(database);
  expect(readdirSync(folder)).toEqual(before);
});

test('neither a link nor a path leads out of the folder', async () => {
  const outside = temporaryHome();
  new Sqlite(join(outside, 'b.db')).exec('create table t (a)').close();
  const folder = join(outside, 'in');
  mkdirSync(folder);
  symlinkSync(join(outside, 'b.db'), join(folder, 'link.db'));
  symlinkSync(outside, join(folder, 'deep'));
  const { source, told } = await open(folder);
  for (const path of ['link.db', 'deep/b.db', '../b.db']) expect(await source.database(path), path).toBeUndefined();
  expect(told.join('\n')).toContain('link.db');
});

test('what is no database is told, and does not spoil the next', async () => {
  const folder = temporaryHome();
  writeFileSync(join(folder, 'bad.db'), 'no database');
  writeFileSync(join(folder, 'bad.db-wal'), 'no log');
  new Sqlite(join(folder, 'good.db')).exec('create table t (a)').close();
  const { source, told } = await open(folder);
  expect(await source.database('bad.db')).toBeUndefined();
  expect(told).toEqual([expect.stringContaining('bad.db: it cannot be read')]);
  expect((await source.database('good.db'))?.count('t')).toBe(0);
  expect(await source.database('missing.db')).toBeUndefined();
  expect(existsSync(join(folder, 'missing.db'))).toBe(false);
});

test('a database that is larger than the room that is left is told, and not copied', async () => {
  const folder = temporaryHome();
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'holes.db'), '');
  truncateSync(join(folder, 'holes.db'), bavail * bsize);
  const { source, told } = await open(folder);
  expect(await source.database('holes.db')).toBeUndefined();
  expect(told).toEqual([expect.stringContaining('there is no room for a copy of it')]);
});
