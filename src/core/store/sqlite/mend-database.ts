/** Owns looking at a database beside the store's own connection, and making its indexes anew. */
import { statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/** How many rows refer to rows that are missing. */
export function countLooseRows(file: string): number {
  const database = new Sqlite(file, { fileMustExist: true, readonly: true });
  try {
    return (database.pragma('foreign_key_check') as unknown[]).length;
  } finally {
    database.close();
  }
}

/** Number of the last migration of the database at `file`. */
export function schemaVersion(file: string): number {
  const database = new Sqlite(file, { fileMustExist: true, readonly: true });
  try {
    return database.pragma('user_version', { simple: true }) as number;
  } finally {
    database.close();
  }
}

/** Bytes of the write-ahead log beside `file`. */
export function logBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** Makes every index of the database anew; throws what SQLite says when a table itself is damaged. */
export function remakeIndexes(file: string): void {
  const database = new Sqlite(file, { fileMustExist: true, timeout: 15_000 });
  try {
    database.exec('reindex');
  } finally {
    database.close();
  }
}
