/** Runs imports in tests and looks at what became of them in the store. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect } from 'vitest';
import { runClaw } from './run-claw.ts';

interface Count {
  readonly kind: string;
  readonly found: number;
  readonly new: number;
  readonly already: number;
  readonly skipped: number;
}

export interface Report {
  readonly kinds: readonly Count[];
  readonly owner: string;
  readonly skipped: readonly { kind: string; reason: string; count: number; examples: string[] }[];
  readonly remarks: readonly { kind: string | null; remark: string }[];
}

export async function importFlux(folder: string, home: string, ...flags: string[]): Promise<Report> {
  // Runs before the tests of a file too, where nothing can be registered for the end of one.
  const options = { home, timeoutMs: 60_000, onEnd: () => {} };
  const run = await runClaw(['import', 'flux', folder, ...flags, '--json'], options);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  return JSON.parse(run.stdout) as Report;
}

export const newOnes = ({ kinds }: Report): Record<string, number> =>
  Object.fromEntries(kinds.filter((row) => row.new > 0).map((row) => [row.kind, row.new]));

/** Reads from the store of a home, without ids that differ from home to home. */
export function look(home: string, sql: string): unknown[] {
  const database = new Sqlite(join(home, 'claw.db'), { readonly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

export const MESSAGES = `select c.title, c.origin, c.created_at as begun, u.username, m.seq, m.role, m.parts, m.created_at
  from messages m join conversations c on c.id = m.conversation_id join users u on u.id = c.owner_id
  order by c.title, m.seq`;
/** Notes have no time of their own in the fixture: they get that of the import. */
const MEMORIES = `select category, key, value, importance, iif(category = 'notes', 0, created_at) as begun
  from memories order by category, key`;
export const state = (home: string) => ({
  users: look(home, 'select username, role, state from users order by username'),
  keys: look(home, 'select name, prefix, hash from api_keys order by hash'),
  messages: look(home, MESSAGES),
  memories: look(home, MEMORIES),
  documents: look(home, 'select title, hash, state from knowledge_documents order by title'),
  tasks: look(home, 'select name, schedule_type, schedule_value, state, prompt from tasks order by name'),
  webhooks: look(home, 'select url, events, state from webhooks'),
  noted: look(home, 'select source, kind, source_id from imported_items order by kind, source_id'),
});
