/** Owns the steps by which retention takes rows away: each looks at a bounded number of rows, in the transaction it is called in, and can be repeated from anywhere. */
import { type Kysely, sql } from 'kysely';
import { type Gone, ROW_RULES, type RowLimits, type RowRule } from './retention-rules.ts';
import { conversationRetention } from './retention-conversations.ts';
import type { Schema } from './schema.ts';

export interface Step {
  readonly gone: Gone;
  /** The last key that was looked at; undefined at the end of the table. */
  readonly after: string | number | undefined;
}

export interface StepRequest {
  readonly kind: string;
  readonly limits: RowLimits;
  /** What the step before came to; undefined at the beginning. */
  readonly after: string | number | undefined;
  /** Rows to look at. */
  readonly most: number;
  /** Only counts. */
  readonly isTrial: boolean;
}

export type RetentionQueries = ReturnType<typeof retentionTable>;

/** The kinds of rows, in the order in which they are gone through. */
export const ROW_KINDS: readonly string[] = ROW_RULES.map(({ kind }) => kind);

export function retentionTable(db: Kysely<Schema>) {
  return {
    ...conversationRetention(db),
    /** Goes on with the rows of a kind. */
    step: (request: StepRequest): Promise<Step> => step(db, request),
    /** Files that messages still to be sent, or kept, name: paths. */
    async attachments(): Promise<Set<string>> {
      const rows = await db.selectFrom('outbox_messages').select('file').where('file', 'is not', null).execute();
      return new Set(rows.map(({ file }) => (JSON.parse(file ?? '{}') as { path?: string }).path ?? ''));
    },
    /** Whether a deletion may have the index of messages merged at once, which takes a large part of a second now and then. */
    async mergeWhenDeleted(isMerged: boolean): Promise<void> {
      // A bound number is a real one, which FTS5 refuses here.
      const percent = sql.lit(isMerged ? DELETE_MERGE_PERCENT : 0);
      await sql`insert into message_index (message_index, rank) values ('deletemerge', ${percent})`.execute(db);
    },
    /** Merges a part of the index of messages, so that nothing of deleted texts stays in it; true when there is no more to merge. */
    async mergeIndex(pages: number): Promise<boolean> {
      const changes = async (): Promise<number> =>
        (await sql<{ n: number }>`select total_changes() as n`.execute(db)).rows[0]?.n ?? 0;
      const before = await changes();
      await sql`insert into message_index (message_index, rank) values ('merge', ${pages})`.execute(db);
      return (await changes()) - before < 2;
    },
  };
}

/** What FTS5 begins with: https://www.sqlite.org/fts5.html#the_deletemerge_configuration_option */
const DELETE_MERGE_PERCENT = 10;

async function step(db: Kysely<Schema>, { kind, limits, after, most, isTrial }: StepRequest): Promise<Step> {
  const rule = ROW_RULES.find((each) => each.kind === kind);
  if (rule === undefined) return { gone: { rows: 0, bytes: 0 }, after: undefined };
  const key = sql.ref(`t.${rule.key}`);
  const { rows } = await sql<{ key: string | number; done: number; bytes: number }>`
    select key, done, case when done then bytes else 0 end as bytes from (
      select ${key} as key, coalesce(${rule.isDone(limits)}, 0) as done, ${bytesOf(rule)} as bytes
      from ${sql.table(rule.table)} as t
      where ${after === undefined ? sql.lit(1) : sql`${key} > ${after}`} order by ${key} limit ${most}
    )`.execute(db);
  const done = rows.filter((row) => row.done === 1);
  const keys = JSON.stringify(done.map((row) => row.key));
  if (!isTrial && done.length > 0) {
    if (rule.before !== undefined) await rule.before(keys).execute(db);
    const from = sql.table(rule.from ?? rule.table);
    const by = sql.ref(rule.from === undefined ? rule.key : 'rowid');
    await sql`delete from ${from} where ${by} in (select value from json_each(${keys}))`.execute(db);
  }
  const bytes = done.reduce((sum, row) => sum + row.bytes, 0);
  return { gone: { rows: done.length, bytes }, after: rows.length < most ? undefined : rows.at(-1)?.key };
}

/** Read from the row's header: the texts themselves are not loaded. */
function bytesOf({ texts }: RowRule) {
  const each = texts.map((name) => sql`coalesce(octet_length(${sql.ref(`t.${name}`)}), 0)`);
  return each.length === 0 ? sql.lit(0) : sql.join(each, sql` + `);
}
