/** Makes the store of a home as an earlier claw left it: the first migrations, and two rows in every table. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { migrate } from '../../../../src/core/store/sqlite/migrate.ts';
import { openSqlite } from '../../../../src/core/store/sqlite/dialect.ts';
import { MIGRATIONS } from '../../../../src/core/store/store.ts';

/** The newest schema. */
export const NEWEST = MIGRATIONS.length;

/** Tables whose rows the program itself makes anew, or that an upgrade may add to. */
const OWN_WORK = /^sqlite_|_to_index$|_index(_|$)/;

/** Rows by table, of every table and column that there is. */
export type Contents = ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;

/** A store of schema `version` at `<home>/claw.db`. Returns what is in it. */
export function makeOldHome(home: string, version: number): Contents {
  mkdirSync(home, { recursive: true });
  const database = openSqlite(join(home, 'claw.db'));
  const snapshotFolder = join(home, 'backups');
  migrate(database, { migrations: MIGRATIONS.slice(0, version), snapshotFolder, now: 1 });
  fill(database);
  const contents = contentsOf(database);
  database.close();
  return contents;
}

export function contentsOf(database: Sqlite.Database): Contents {
  return new Map(
    tablesOf(database).map((table) => [
      table,
      inOrder(database.prepare<[], Record<string, unknown>>(`select * from "${table}"`).all()),
    ]),
  );
}

/** `contents` with the tables and columns of `old` only. */
export function asBefore(contents: Contents, old: Contents): Contents {
  const columnsOf = (table: string): string[] => Object.keys(old.get(table)?.[0] ?? {});
  return new Map(
    [...old.keys()].map((table) => [
      table,
      inOrder(
        (contents.get(table) ?? []).map((row) =>
          Object.fromEntries(columnsOf(table).map((column) => [column, row[column]])),
        ),
      ),
    ]),
  );
}

const inOrder = (rows: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
  rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function tablesOf(database: Sqlite.Database): string[] {
  const names = database.prepare<[], { name: string; wr: number }>(
    "select name, wr from pragma_table_list where schema = 'main' and type = 'table' order by name",
  );
  return names.all().flatMap(({ name }) => (OWN_WORK.test(name) ? [] : [name]));
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

/** What refers to a table comes after it. */
function fill(database: Sqlite.Database): void {
  let left = tablesOf(database).filter((table) => !table.startsWith('audit_'));
  while (left.length > 0) {
    const done = new Set(left);
    for (const table of left) {
      const targets = foreignKeysOf(database, table).map((key) => key.table);
      if (targets.some((target) => target !== table && left.includes(target) && done.has(target))) continue;
      for (const number of [1, 2]) insert(database, table, number);
      done.delete(table);
    }
    if (done.size === left.length) throw new Error(`these tables refer to each other: ${left.join(', ')}`);
    left = [...done];
  }
}

function foreignKeysOf(database: Sqlite.Database, table: string): { from: string; to: string | null; table: string }[] {
  return database.pragma(`foreign_key_list("${table}")`) as { from: string; to: string | null; table: string }[];
}

function insert(database: Sqlite.Database, table: string, number: number): void {
  const columns = database.pragma(`table_info("${table}")`) as Column[];
  const keys = new Map(foreignKeysOf(database, table).map((key) => [key.from, key]));
  const sql =
    database.prepare<[string], string>('select sql from sqlite_schema where name = ?').pluck().get(table) ?? '';
  const values = columns.map((column) => {
    const key = keys.get(column.name);
    if (key !== undefined) return referred(database, key.table, key.to ?? 'rowid', number);
    // A task has a prompt or a tool.
    if (table === 'tasks' && column.name === 'tool') return null;
    return valueOf(sql, table, column, number);
  });
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  database.prepare(`insert into "${table}" (${names}) values (${columns.map(() => '?').join(', ')})`).run(...values);
}

const referred = (database: Sqlite.Database, table: string, column: string, number: number): unknown =>
  database
    .prepare(`select "${column}" from "${table}" order by rowid limit 1 offset ${number - 1}`)
    .pluck()
    .get();

function valueOf(sql: string, table: string, { name, type }: Column, number: number): unknown {
  const choices = new RegExp(`check \\(${name} in\\s*\\(([^)]*)\\)`).exec(sql)?.[1];
  if (choices !== undefined) {
    const all = choices.split(',').map((each) => each.trim());
    const choice = all[(number - 1) % all.length] ?? '';
    return choice.startsWith("'") ? choice.slice(1, -1) : Number(choice);
  }
  if (type === 'BLOB' || type === 'blob') return Buffer.from(`${table} ${name} ${number}`);
  return type.toLowerCase() === 'integer' ? number : `${table} ${name} ${number}`;
}
