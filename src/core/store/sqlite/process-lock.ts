/** Owns the lock that one process at a time can hold: an exclusive SQLite transaction on a file of its own. That is a lock of the kernel (fcntl), gone with the process however it ends. The file is never written to; if the holding process opened and closed it by other means, the kernel would let go. */
import { accessSync, closeSync, constants, mkdirSync, openSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ClawError, toError } from '../../kernel/errors.ts';

export interface ProcessLock {
  release(): void;
}

/** Who only looks holds the file for microseconds; a start waits for that, in milliseconds. */
const LOOK_MS = 50;

/** Takes the lock, or gives undefined when another process still has it after `waitMs`. Throws `locked` for a file of another user, who counts as running. */
export function holdProcessLock(file: string, waitMs = LOOK_MS): ProcessLock | undefined {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  createIfMissing(file);
  const database = lockWith(file, 'begin exclusive', waitMs);
  return database === undefined ? undefined : { release: () => void database.close() };
}

function createIfMissing(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw ofAnotherUser(file, error);
  }
}

/** Whether some process, this one included, has the lock now. */
export function isProcessLockHeld(file: string): boolean {
  try {
    accessSync(file, constants.F_OK);
  } catch {
    return false;
  }
  const database = lockWith(file, 'begin; select count(*) from sqlite_schema', 0);
  database?.close();
  return database === undefined;
}

/** A connection on which `sql` has taken its lock; undefined when another process is in the way. */
function lockWith(file: string, sql: string, timeout: number): Sqlite.Database | undefined {
  const database = open(file, timeout);
  try {
    database.pragma('journal_mode = memory');
    database.exec(sql);
    return database;
  } catch (error) {
    database.close();
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code.startsWith('SQLITE_BUSY')) return undefined;
    if (['SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM'].some((each) => code.startsWith(each)))
      throw ofAnotherUser(file, error);
    if (code !== 'SQLITE_NOTADB' && !code.startsWith('SQLITE_CORRUPT')) throw error;
    // Emptied in place: a new file under the name would let two processes each lock one.
    truncateSync(file, 0);
    return lockWith(file, sql, timeout);
  }
}

function open(file: string, timeout: number): Sqlite.Database {
  try {
    return new Sqlite(file, { timeout });
  } catch (error) {
    throw ofAnotherUser(file, error);
  }
}

function ofAnotherUser(file: string, cause: unknown): ClawError {
  return new ClawError('locked', `${file} cannot be opened: ${toError(cause).message}.`, {
    hint: 'If another user runs claw on this home, that one counts as running; else check the owner and mode of the file.',
    cause,
  });
}
