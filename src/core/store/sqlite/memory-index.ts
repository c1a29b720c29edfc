/** Owns the full-text index of active memories: what SQLite alone can do of it. The index holds no text, only its terms. */
import { type Kysely, sql } from 'kysely';
import { indexTerms, matchExpression } from '../../kernel/search-text.ts';
import type { MemoryRow } from '../memory-schema.ts';
import type { Schema } from '../schema.ts';

/** The holder as one word that no tokenizer takes apart or stems. */
function holderTerm(holder: string): string {
  return `h${Buffer.from(holder).toString('hex')}x`;
}

export async function putInIndex(db: Kysely<Schema>, row: Pick<MemoryRow, 'seq' | 'holder' | 'key' | 'value'>) {
  await dropFromIndex(db, row.seq);
  const { words, grams } = indexTerms(`${row.key} ${row.value}`);
  await sql`insert into memory_index (rowid, holder, words, grams)
    values (${row.seq}, ${holderTerm(row.holder)}, ${words}, ${grams})`.execute(db);
}

export async function dropFromIndex(db: Kysely<Schema>, seq: number): Promise<void> {
  await sql`delete from memory_index where rowid = ${seq}`.execute(db);
}

/** Active memories of the holder that hit the query, the best first. The query is text, never syntax. */
export async function searchIndex(
  db: Kysely<Schema>,
  holder: string,
  query: string,
  { now, limit }: { now: number; limit: number },
): Promise<MemoryRow[]> {
  const match = matchExpression(query);
  if (match === null) return [];
  const expression = `holder : "${holderTerm(holder)}" AND (${match})`;
  const { rows } = await sql<MemoryRow>`select memories.* from memory_index
    join memories on memories.seq = memory_index.rowid
    where memory_index match ${expression} and memories.holder = ${holder} and memories.state = 'active'
      and (memories.expires_at is null or memories.expires_at > ${now})
    order by bm25(memory_index, 0.0, 4.0, 1.0), memories.importance desc, memories.seq desc
    limit ${limit}`.execute(db);
  return rows;
}

/** How many memories of the holder the index knows: as many as are active, or it is damaged. */
export async function countIndexed(db: Kysely<Schema>, holder: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from memory_index
    where memory_index match ${`holder : "${holderTerm(holder)}"`}`.execute(db);
  return rows[0]?.count ?? 0;
}
