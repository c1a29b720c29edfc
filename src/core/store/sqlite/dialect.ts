/** Owns the connection to SQLite: one per process, write-ahead log, foreign keys, and transactions that take the write lock at their start, so that no process can be refused half-way. */
import { closeSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';

/** How long a writer waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT_MS = 15_000;

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: this.#database });
  }
}

/** Opens (and creates, mode 0600) the file; `:memory:` is not supported, a home always has a file. */
export function openSqlite(file: string): Sqlite.Database {
  closeSync(openSync(file, 'a', 0o600)); // SQLite gives -wal and -shm the mode of the main file
  const database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  database.pragma('journal_mode = WAL');
  // A killed process loses nothing that was committed; after a power cut the last commits may be rolled back, never torn.
  database.pragma('synchronous = NORMAL');
  // What is deleted is written over, so that nobody reads it from the file.
  database.pragma('secure_delete = ON');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  return database;
}

export function createDialect(database: Sqlite.Database): SqliteDialect {
  return new ImmediateDialect(withKeptStatements(database));
}

/** Compiled statements that are kept; queries are a few hundred different texts at most. */
const KEPT_STATEMENTS = 300;

/** The same database, its statements compiled once: compiling one takes longer than most of them take to run. */
function withKeptStatements(database: Sqlite.Database): SqliteDatabase {
  const kept = new Map<string, Sqlite.Statement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = database.prepare(sql);
      const [oldest] = kept.keys();
      if (kept.size >= KEPT_STATEMENTS && oldest !== undefined) kept.delete(oldest);
      kept.set(sql, statement);
      return statement;
    },
  };
}
