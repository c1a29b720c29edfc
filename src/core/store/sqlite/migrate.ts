/** Owns schema versions: `PRAGMA user_version` is the number of the last migration. Each runs in its own transaction; a snapshot precedes the first on a store that already holds data. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { ClawError } from '../../kernel/errors.ts';

export interface Migration {
  /** 1, 2, 3 … without gaps; never changed after a release. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

interface MigrateOptions {
  readonly migrations: readonly Migration[];
  /** Where snapshots go: `<snapshotFolder>/before-migration-<from>-to-<to>-<instant>.db`. */
  readonly snapshotFolder: string;
  /** Milliseconds UTC. */
  readonly now: number;
}

const versionOf = (database: Sqlite.Database): number => database.pragma('user_version', { simple: true }) as number;

/** Brings the schema up to date; safe when several processes start at once. Throws `data-invalid` for a schema newer than this program. */
export function migrate(database: Sqlite.Database, options: MigrateOptions): void {
  const newest = options.migrations.at(-1)?.version ?? 0;
  const found = versionOf(database);
  if (found === newest) return;
  if (found > newest) throw newerSchema(found, newest);
  if (found > 0) snapshot(database, options, found, newest);
  for (const migration of options.migrations) {
    database
      .transaction(() => {
        if (versionOf(database) !== migration.version - 1) return; // another process was first
        database.exec(migration.sql);
        database.pragma(`user_version = ${migration.version}`);
      })
      .immediate();
  }
}

function snapshot(database: Sqlite.Database, options: MigrateOptions, from: number, to: number): void {
  mkdirSync(options.snapshotFolder, { recursive: true, mode: 0o700 });
  const file = join(options.snapshotFolder, `before-migration-${from}-to-${to}-${options.now}-${process.pid}.db`);
  if (existsSync(file)) return;
  database.prepare('VACUUM INTO ?').run(file);
  chmodSync(file, 0o600);
}

function newerSchema(found: number, newest: number): ClawError {
  return new ClawError('data-invalid', `This home has schema ${found}; this claw knows up to ${newest}.`, {
    hint: 'Install the newer claw again, or restore a snapshot from backups/.',
  });
}
