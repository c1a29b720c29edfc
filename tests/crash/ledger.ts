/** Judges a home after its crashes: what people saw on the platforms against what they wrote, and every row of the store against its final states. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { CrashPlatform } from './platforms.ts';

export interface Written {
  readonly platform: CrashPlatform;
  readonly chat: number;
  readonly number: number;
  readonly hasEffect: boolean;
}

export interface Verdict {
  /** Messages without a visible answer. */
  readonly lost: readonly string[];
  /** Answers that are visible twice without a mark. */
  readonly doubled: readonly string[];
  /** Answers that are visible twice, and marked as such. */
  readonly flagged: readonly string[];
  /** Pairs of answers in the wrong order. */
  readonly disordered: readonly string[];
  /** Effects that happened more than once. */
  readonly repeated: readonly string[];
  /** Effects that never happened although the journal does not call them uncertain. */
  readonly missing: readonly string[];
  /** Rows without a final state, or without its reason. */
  readonly unexplained: readonly string[];
}

const MARK = '(possibly sent twice)';

export function judge(home: string, written: readonly Written[], effects: ReadonlyMap<string, number>): Verdict {
  const database = new Sqlite(join(home, 'claw.db'), { readonly: true });
  try {
    return { ...judgeAnswers(written), ...judgeEffects(database, written, effects), unexplained: openRows(database) };
  } finally {
    database.close();
  }
}

function judgeAnswers(written: readonly Written[]): Pick<Verdict, 'lost' | 'doubled' | 'flagged' | 'disordered'> {
  const verdict = {
    lost: [] as string[],
    doubled: [] as string[],
    flagged: [] as string[],
    disordered: [] as string[],
  };
  const byChat = Map.groupBy(written, ({ platform, chat }) => `${platform.name} ${chat}`);
  for (const [place, messages] of byChat) {
    const [{ platform, chat } = messages[0] as Written] = messages;
    const shown = platform.shown(chat);
    let last = -1;
    for (const { number } of messages) {
      const answer = new RegExp(`\\breply:${platform.name}${chat}:${number}\\b`);
      const copies = shown.map((text, at) => ({ text, at })).filter(({ text }) => answer.test(text));
      const name = `${place} message ${number}`;
      if (copies.length === 0) verdict.lost.push(name);
      const plain = copies.filter(({ text }) => !text.includes(MARK));
      if (plain.length > 1) verdict.doubled.push(`${name} (${copies.length} times)`);
      else if (copies.length > 1) verdict.flagged.push(name);
      const first = copies[0]?.at ?? last;
      if (platform.keepsOrder && first < last) verdict.disordered.push(name);
      last = Math.max(last, first);
    }
  }
  return verdict;
}

function judgeEffects(
  database: Sqlite.Database,
  written: readonly Written[],
  effects: ReadonlyMap<string, number>,
): Pick<Verdict, 'repeated' | 'missing'> {
  const keys = written
    .filter(({ hasEffect }) => hasEffect)
    .map((one) => `${one.platform.name}${one.chat}_${one.number}`);
  const uncertain = new Set(
    (
      database.prepare("select input from tool_calls where name = 'record_effect' and status <> 'ok'").all() as {
        input: string;
      }[]
    ).map(({ input }) => (JSON.parse(input) as { input: { key: string } }).input.key),
  );
  return {
    repeated: keys.filter((key) => (effects.get(key) ?? 0) > 1),
    missing: keys.filter((key) => !effects.has(key) && !uncertain.has(key)),
  };
}

/** Rows that claim to be under way although everything is over. */
function openRows(database: Sqlite.Database): string[] {
  const count = (sql: string): number => (database.prepare(sql).get() as { count: number }).count;
  const checks: Readonly<Record<string, string>> = {
    'messages that nobody looked at': "select count(*) count from inbound_messages where state = 'received'",
    'messages that wait': "select count(*) count from inbound_messages where state = 'queued'",
    'messages ignored or dropped without a reason':
      "select count(*) count from inbound_messages where state in ('ignored', 'dropped', 'failed', 'handled') and reason is null",
    'turns that run': "select count(*) count from turns where state = 'running'",
    'tool calls that run': "select count(*) count from tool_calls where state <> 'done'",
    'model calls that run': "select count(*) count from model_calls where state = 'started'",
    'messages under way': "select count(*) count from outbox_messages where state in ('pending', 'sending')",
    'messages not delivered without a reason':
      "select count(*) count from outbox_messages where state in ('failed', 'uncertain') and reason is null",
  };
  return Object.entries(checks).flatMap(([name, sql]) => {
    const found = count(sql);
    return found === 0 ? [] : [`${found} ${name}`];
  });
}
