/** Owns keeping the write-ahead log small: SQLite copies it into the database by itself, and never makes its file smaller. */
import { statSync } from 'node:fs';
import type Sqlite from 'better-sqlite3';

/** Empties the log of `database`, which lies at `file`, when it holds `fromBytes` or more. Returns the bytes it held; undefined when it was small, or somebody reads from it and it is left for the next time. */
export function checkpoint(database: Sqlite.Database, file: string, fromBytes: number): number | undefined {
  const size = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (size < fromBytes) return undefined;
  const timeout = database.pragma('busy_timeout', { simple: true }) as number;
  // Waiting for a reader would stop everything else meanwhile.
  database.pragma('busy_timeout = 0');
  try {
    const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[];
    return result?.busy === 0 ? size : undefined;
  } finally {
    database.pragma(`busy_timeout = ${timeout}`);
  }
}
