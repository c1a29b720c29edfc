/** Owns schema versions: `PRAGMA user_version` is the number of the last migration. All that are missing run in one transaction, after a snapshot of a store that already holds data: it is of the old schema or of the new one, never between. */
import type Sqlite from 'better-sqlite3';
import { ClawError } from '../../kernel/errors.ts';
import { holdProcessLock } from './process-lock.ts';
import { newestSnapshot, upgradeLock, writeSnapshot } from './snapshot.ts';

export interface Migration {
  /** 1, 2, 3 … without gaps; never changed after a release. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

interface MigrateOptions {
  readonly migrations: readonly Migration[];
  /** Where snapshots go: `<snapshotFolder>/before-migration-<from>-to-<to>-<instant>-<pid>.db`. */
  readonly snapshotFolder: string;
  /** Milliseconds UTC. */
  readonly now: number;
}

/** How long a process waits for another one that upgrades the home, in milliseconds. */
const WAIT_MS = 120_000;

const versionOf = (database: Sqlite.Database): number => database.pragma('user_version', { simple: true }) as number;

/** Brings the schema up to date; of several processes that start at once one does it. Throws `data-invalid` for a schema newer than this program, `locked`, and what `writeSnapshot` throws: then nothing was changed. */
export function migrate(database: Sqlite.Database, options: MigrateOptions): void {
  const { migrations, snapshotFolder, now } = options;
  const newest = migrations.at(-1)?.version ?? 0;
  const found = versionOf(database);
  if (found === newest) return;
  if (found > newest) throw newerSchema(found, newest, snapshotFolder);
  if (found === 0) {
    upgrade(database, migrations);
    return;
  }
  const lock = holdProcessLock(upgradeLock(snapshotFolder), WAIT_MS);
  if (lock === undefined)
    throw new ClawError('locked', 'Another claw upgrades this home.', { hint: 'Try again when it is done.' });
  try {
    const from = versionOf(database);
    // Another process was first.
    if (from === newest) return;
    writeSnapshot(database, { folder: snapshotFolder, from, to: newest, now });
    upgrade(database, migrations);
  } finally {
    lock.release();
  }
}

function upgrade(database: Sqlite.Database, migrations: readonly Migration[]): void {
  database
    .transaction(() => {
      for (const { version, sql } of migrations) {
        if (versionOf(database) !== version - 1) continue;
        database.exec(sql);
        database.pragma(`user_version = ${version}`);
      }
    })
    .immediate();
}

function newerSchema(found: number, newest: number, folder: string): ClawError {
  const snapshot = newestSnapshot(folder, newest);
  const before = snapshot === undefined ? '' : `, or go back to before its upgrade: claw backup restore ${snapshot}`;
  return new ClawError('data-invalid', `This home has schema ${found}; this claw knows up to ${newest}.`, {
    hint: `Install the newer claw again${before}`,
  });
}
