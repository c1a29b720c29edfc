/** Owns copies of a database: taken while others write, and looked at without changing anything. */
import Sqlite from 'better-sqlite3';

/** Pages copied before the event loop gets a turn. */
const PAGES_AT_ONCE = 4_096;

export interface CopyProgress {
  readonly pages: number;
  readonly total: number;
}

/** Copies the database at `from` to the new file `to` as it is at one instant, however much is written meanwhile. */
export async function copyDatabase(
  from: string,
  to: string,
  {
    signal,
    onProgress,
  }: { readonly signal?: AbortSignal; readonly onProgress?: (progress: CopyProgress) => void } = {},
): Promise<void> {
  const source = new Sqlite(from, { fileMustExist: true, readonly: true, timeout: 10_000 });
  try {
    // An open read transaction holds one state of the database; without it each write of another process would begin the copy anew.
    source.exec('begin; select count(*) from sqlite_schema');
    await source.backup(to, {
      progress({ totalPages, remainingPages }) {
        signal?.throwIfAborted();
        onProgress?.({ pages: totalPages - remainingPages, total: totalPages });
        return PAGES_AT_ONCE;
      },
    });
  } finally {
    source.close();
  }
  // The copy is one file: no log beside it.
  const copy = new Sqlite(to, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = delete');
  } finally {
    copy.close();
  }
}

export interface DatabaseFacts {
  /** Number of the last migration. */
  readonly schema: number;
  /** `ok`, or the first thing that is wrong. */
  readonly integrity: string;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What is in the database at `file`. `isThorough`: every page, index and reference is looked at. */
export function inspectDatabase(file: string, { isThorough }: { readonly isThorough: boolean }): DatabaseFacts {
  const database = new Sqlite(file, { fileMustExist: true, readonly: true });
  try {
    const check = isThorough ? 'integrity_check(1)' : 'quick_check(1)';
    const integrity = database.pragma(check, { simple: true }) as string;
    const loose = isThorough && integrity === 'ok' ? (database.pragma('foreign_key_check') as unknown[]) : [];
    const tables = database
      .prepare<[], string>(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name",
      )
      .pluck()
      .all();
    const count = (table: string): number =>
      database
        .prepare<[], number>(`select count(*) from "${table.replaceAll('"', '""')}"`)
        .pluck()
        .get() ?? 0;
    return {
      schema: database.pragma('user_version', { simple: true }) as number,
      integrity: loose.length === 0 ? integrity : `${loose.length} rows refer to rows that are missing`,
      rows: Object.fromEntries(tables.map((table) => [table, count(table)])),
    };
  } finally {
    database.close();
  }
}

/** Whether some process, this one included, has the database open. */
export function isDatabaseOpen(file: string): boolean {
  const database = new Sqlite(file, { fileMustExist: true, timeout: 0 });
  try {
    // In this mode SQLite wants the log to itself, which it gets from nobody who has it open.
    database.pragma('locking_mode = exclusive');
    database.exec('begin immediate; commit');
    return false;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code.startsWith('SQLITE_BUSY')) return true;
    // Nobody works with what is no database.
    if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return false;
    throw error;
  } finally {
    database.close();
  }
}
