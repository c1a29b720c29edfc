/** What the tests of retention share: a home with conversations of any age, and rounds of cleaning at a set time. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { newId } from '../../../src/core/kernel/ids.ts';
import { homePaths } from '../../../src/core/kernel/paths.ts';
import {
  createRetention,
  type RetentionReport,
  type RetentionSettings,
} from '../../../src/core/retention/retention-service.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';

export const DAY = 86_400_000;
/** 2026-06-15T12:00Z */
export const NOW = 1_781_524_800_000;

const SETTINGS: RetentionSettings = {
  conversationDays: 90,
  conversationCount: 0,
  deliveryDays: 30,
  recordDays: 90,
  taskRuns: 100,
  auditDays: 365,
  logDays: 14,
  zone: 'UTC',
  logBytes: 0,
  requestOrigin: 'openai',
};

export const openHome = (home: string): Store =>
  openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: NOW });

interface CleanOptions {
  readonly settings?: Partial<RetentionSettings>;
  readonly isTrial?: boolean;
  readonly signal?: AbortSignal;
  readonly rest?: () => Promise<void>;
  readonly now?: number;
}

/** One round at NOW. Returns how many rows went of each kind. */
export async function clean(store: Store, home: string, options: CleanOptions = {}): Promise<Record<string, number>> {
  const report = await cleanReport(store, home, options);
  return Object.fromEntries(report.gone.map(({ kind, rows }) => [kind, rows]));
}

export function cleanReport(
  store: Store,
  home: string,
  { settings, isTrial = false, signal, rest, now = NOW }: CleanOptions = {},
): Promise<RetentionReport> {
  const service = createRetention({
    store,
    clock: { ...systemClock, now: () => now },
    paths: homePaths(home),
    settings: () => ({ ...SETTINGS, ...settings }),
    rest: rest ?? (async () => {}),
  });
  return service.run({}, signal ?? new AbortController().signal, isTrial);
}

/** SQL on the file of a home whose store is open, as another process would. */
export function inDatabase<T>(home: string, work: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(join(home, 'claw.db'));
  try {
    database.pragma('foreign_keys = ON');
    database.pragma('secure_delete = ON');
    return work(database);
  } finally {
    database.close();
  }
}

export const countOf = (home: string, from: string): number =>
  inDatabase(home, (database) => database.prepare<[], number>(`select count(*) from ${from}`).pluck().get() ?? 0);

export async function addUser(store: Store, id = 'u1'): Promise<void> {
  await store.users.insertIfAbsent({ id, username: `name-${id}`, role: 'admin', state: 'active', created_at: 0 });
}

interface Talk {
  readonly owner?: string;
  /** How many days ago it was last used; its turns are that old. */
  readonly daysAgo: number;
  readonly turns?: number;
  readonly text?: string;
  readonly origin?: string;
  readonly id?: string;
}

/** A conversation of whole turns: a question, an answer, a model call of 1,000 micro-USD. Returns its id. */
export function addTalk(
  home: string,
  { owner = 'u1', daysAgo, turns = 1, text = 'hello', origin = 'terminal', id }: Talk,
): string {
  const at = NOW - daysAgo * DAY;
  const conversation = id ?? newId(at);
  inDatabase(home, (database) => {
    database
      .prepare(
        'insert into conversations (id, owner_id, title, origin, created_at, updated_at) values (?, ?, ?, ?, ?, ?) on conflict do update set updated_at = max(updated_at, excluded.updated_at)',
      )
      .run(conversation, owner, 'a talk', origin, at, at);
    for (let turn = 0; turn < turns; turn += 1) addTurn(database, { conversation, owner, at, text });
  });
  return conversation;
}

function addTurn(
  database: Sqlite.Database,
  { conversation, owner, at, text }: { conversation: string; owner: string; at: number; text: string },
): void {
  const turn = newId(at);
  database
    .prepare(
      "insert into turns (id, conversation_id, user_id, model, state, runner, started_at, ended_at) values (?, ?, ?, 'm/x', 'done', '1:1', ?, ?)",
    )
    .run(turn, conversation, owner, at, at);
  database
    .prepare(
      "insert into model_calls (id, turn_id, conversation_id, user_id, model, state, input_tokens, output_tokens, cached_tokens, cache_write_tokens, cost_micro_usd, is_estimated, started_at, ended_at) values (?, ?, ?, ?, 'm/x', 'done', 100, 10, 0, 0, 1000, 0, ?, ?)",
    )
    .run(newId(at), turn, conversation, owner, at, at);
  database
    .prepare(
      "insert into route_decisions (turn_id, conversation_id, user_id, tier, reason, score, parts, decision_us, decided_at, model, input_tokens, output_tokens, cost_micro_usd) values (?, ?, ?, 'light', 'short', 1, '[]', 5, ?, 'm/x', 100, 10, 1000)",
    )
    .run(turn, conversation, owner, at);
  const say = database.prepare(
    "insert into messages (conversation_id, seq, turn_id, role, parts, state, created_at) select ?, coalesce(max(seq), 0) + 1, ?, ?, ?, 'complete', ? from messages where conversation_id = ?",
  );
  for (const role of ['user', 'assistant']) {
    const parts = JSON.stringify([{ type: 'text', text: `${text} by ${role}`, provenance: role }]);
    say.run(conversation, turn, role, parts, at, conversation);
  }
  database
    .prepare(
      "insert into tool_calls (id, turn_id, conversation_id, message_seq, position, call_id, name, input, state) values (?, ?, ?, 2, 0, 'c', 't', '{}', 'done')",
    )
    .run(newId(at), turn, conversation);
}
