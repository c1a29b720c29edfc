/** Loaded into claw with --import: the process is killed at the step KILL_AT of an upgrade of its schema, `name:before` or `name:after`: `copy` (the copy is written aside), `rename` (it gets its name), `change-1`, `change-2` … (a migration runs), `version-1` … (it is noted, in its transaction), `release` (the upgrade is committed). */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import Sqlite from 'better-sqlite3';

const [killAt, when] = (process.env['KILL_AT'] ?? '').split(':');
let changes = 0;

function around<T>(name: string, work: () => T): T {
  if (name === killAt && when === 'before') process.kill(process.pid, 'SIGKILL');
  const result = work();
  if (name === killAt && when === 'after') process.kill(process.pid, 'SIGKILL');
  return result;
}

const { renameSync } = fs;
fs.renameSync = (from, to) => around('rename', () => renameSync(from, to));
syncBuiltinESMExports();

const { exec, prepare, pragma, close } = Sqlite.prototype;
Sqlite.prototype.exec = function watched(this: Sqlite.Database, sql: string) {
  if (!/create table|alter table|create index/.test(sql)) return exec.call(this, sql);
  changes += 1;
  return around(`change-${changes}`, () => exec.call(this, sql));
};
Sqlite.prototype.prepare = function watched(this: Sqlite.Database, sql: string) {
  const statement = prepare.call(this, sql);
  if (!sql.startsWith('VACUUM INTO')) return statement;
  const run = statement.run.bind(statement) as (...values: unknown[]) => unknown;
  Object.defineProperty(statement, 'run', { value: (...values: unknown[]) => around('copy', () => run(...values)) });
  return statement;
} as typeof prepare;
Sqlite.prototype.pragma = function watched(this: Sqlite.Database, text: string, options) {
  if (!text.startsWith('user_version =')) return pragma.call(this, text, options);
  return around(`version-${changes}`, () => pragma.call(this, text, options));
};
Sqlite.prototype.close = function watched(this: Sqlite.Database) {
  return around('release', () => close.call(this));
};
