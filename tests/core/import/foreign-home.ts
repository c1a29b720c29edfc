/** Writes the files and databases of another assistant's home, as that assistant would leave them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

export type Row = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

/** Writes each file; a value that is no text is written as JSON, a list of `jsonl` as lines. */
export async function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, textOf(path, content));
  }
}

function textOf(path: string, content: unknown): string | Uint8Array {
  if (typeof content === 'string' || content instanceof Uint8Array) return content;
  if (path.endsWith('.jsonl') && Array.isArray(content)) {
    return content.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  }
  return JSON.stringify(content, null, 2);
}

/** A database with `schema` and the rows of each table. The writer stays open when `keepOpen` is set: its last rows are in the -wal file only. */
export async function writeDatabase(
  file: string,
  schema: string,
  rows: Readonly<Record<string, readonly Row[]>>,
  keepOpen = false,
): Promise<Database.Database> {
  await mkdir(dirname(file), { recursive: true });
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.exec(schema);
  for (const [table, each] of Object.entries(rows)) {
    for (const row of each) {
      const names = Object.keys(row);
      const marks = names.map(() => '?').join(', ');
      database.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`).run(...Object.values(row));
    }
  }
  if (!keepOpen) database.close();
  return database;
}
