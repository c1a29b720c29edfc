/** Owns the counts of what a home holds: of everybody, or of one user. It reads only. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** Rows of each kind; tasks and deliveries by their state. */
export interface StoreCounts {
  readonly users: number;
  readonly conversations: number;
  readonly messages: number;
  readonly turns: number;
  readonly tool_calls: number;
  readonly model_calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly tools: number;
  readonly memories: number;
  readonly documents: number;
}

export interface TableBytes {
  readonly name: string;
  readonly bytes: number;
}

export type StatsQueries = ReturnType<typeof statsTable>;

export function statsTable(db: Kysely<Schema>) {
  return {
    /** Of one user, or of everybody. */
    async counts(userId: string | undefined): Promise<StoreCounts> {
      const { rows } = await (userId === undefined ? countAll() : countOf(userId)).execute(db);
      const [counts] = rows;
      if (counts === undefined) throw new Error('a count without a row');
      return counts;
    },
    tasksByState: (userId: string | undefined): Promise<Record<string, number>> =>
      byState(
        db,
        sql`select state, count(*) as count from tasks
        where ${userId === undefined ? sql.lit(1) : sql`owner_id = ${userId}`} group by state order by state`,
      ),
    /** Messages that went out, or wait to. */
    deliveriesByState: (userId: string | undefined): Promise<Record<string, number>> =>
      byState(
        db,
        sql`select o.state, count(*) as count from outbox_messages o
        where ${userId === undefined ? sql.lit(1) : sql`o.conversation_id in (select id from conversations where owner_id = ${userId})`}
        group by o.state order by o.state`,
      ),
    /** What each table takes in the file with its indexes, the largest first; undefined where SQLite cannot tell. */
    async tableBytes(): Promise<TableBytes[] | undefined> {
      const { rows } = await sql<{
        n: number;
      }>`select count(*) as n from pragma_module_list where name = 'dbstat'`.execute(db);
      if (rows[0]?.n !== 1) return undefined;
      const found = await sql<TableBytes>`select coalesce(s.tbl_name, d.name) as name, sum(d.pgsize) as bytes
        from (select name, pgsize from dbstat where aggregate = 1) d
        left join sqlite_schema s on s.name = d.name group by 1 order by bytes desc`.execute(db);
      return found.rows;
    },
    /** Bytes of the file that hold nothing. */
    async freeBytes(): Promise<number> {
      const { rows } = await sql<{ bytes: number }>`select
        (select freelist_count from pragma_freelist_count) * (select page_size from pragma_page_size) as bytes`.execute(
        db,
      );
      return rows[0]?.bytes ?? 0;
    },
  };
}

async function byState(db: Kysely<Schema>, query: ReturnType<typeof sql>): Promise<Record<string, number>> {
  const { rows } = await query.execute(db);
  return Object.fromEntries((rows as { state: string; count: number }[]).map(({ state, count }) => [state, count]));
}

const countAll = () => sql<StoreCounts>`select
  (select count(*) from users where state = 'active') as users,
  (select count(*) from conversations where origin <> 'deleted') as conversations,
  (select count(*) from messages) as messages,
  (select count(*) from turns) as turns,
  (select count(*) from tool_calls) as tool_calls,
  (select count(*) from model_calls) + (select coalesce(sum(calls), 0) from call_sums) as model_calls,
  (select coalesce(sum(input_tokens), 0) from model_calls) + (select coalesce(sum(input_tokens), 0) from call_sums) as input_tokens,
  (select coalesce(sum(output_tokens), 0) from model_calls) + (select coalesce(sum(output_tokens), 0) from call_sums) as output_tokens,
  (select count(*) from tool_versions where state = 'active') as tools,
  (select count(*) from memories where state = 'active') as memories,
  (select count(*) from knowledge_documents) as documents`;

const countOf = (user: string) => sql<StoreCounts>`select
  1 as users,
  (select count(*) from conversations where owner_id = ${user}) as conversations,
  (select count(*) from messages where conversation_id in (select id from conversations where owner_id = ${user})) as messages,
  (select count(*) from turns where user_id = ${user}) as turns,
  (select count(*) from tool_calls where turn_id in (select id from turns where user_id = ${user})) as tool_calls,
  (select count(*) from model_calls where user_id = ${user}) + (select coalesce(sum(calls), 0) from call_sums where user_id = ${user}) as model_calls,
  (select coalesce(sum(input_tokens), 0) from model_calls where user_id = ${user}) + (select coalesce(sum(input_tokens), 0) from call_sums where user_id = ${user}) as input_tokens,
  (select coalesce(sum(output_tokens), 0) from model_calls where user_id = ${user}) + (select coalesce(sum(output_tokens), 0) from call_sums where user_id = ${user}) as output_tokens,
  (select count(*) from tool_versions where state = 'active' and created_by = ${user}) as tools,
  (select count(*) from memories where state = 'active' and user_id = ${user}) as memories,
  (select count(*) from knowledge_documents where owner_id = ${user}) as documents`;
