/** Owns the search in the index of active memories. */
import { type Kysely, sql } from 'kysely';
import type { MemoryRow } from '../memory-schema.ts';
import type { Schema } from '../schema.ts';
import { type OwnedIndex, ownedIndex } from './owned-index.ts';
import { takePages } from './take-pages.ts';

/** A memory that was found; a higher score is better. */
export interface FoundMemory extends MemoryRow {
  score: number;
}

/** Characters of a memory that counts half as much as a short one. */
const LONG = 1_000;

/** Beyond so many, how many there are changes no weight that matters. */
const MOST_COUNTED = 2_000;

export const memoryIndex = (db: Kysely<Schema>): OwnedIndex => ownedIndex(db, 'memory_index');

export const memoryText = ({ key, value }: Pick<MemoryRow, 'key' | 'value'>): string => `${key} ${value}`;

/** Active memories of the holder that hit the query, the best first. The query is text, never syntax. */
export async function searchMemories(
  db: Kysely<Schema>,
  holder: string,
  query: string,
  { now, limit }: { now: number; limit: number },
): Promise<FoundMemory[]> {
  const counted = await sql<{ n: number }>`select count(*) as n from (
      select 1 from memories where holder = ${holder} and state = 'active' limit ${MOST_COUNTED}
    )`.execute(db);
  const hits = await memoryIndex(db).search(holder, query, { mode: 'any', texts: counted.rows[0]?.n ?? 0 });
  const found = await takePages(hits, { wanted: limit, longAt: LONG }, async (ids) => {
    const { rows } = await sql<MemoryRow>`select * from memories
      where seq in (select value from json_each(${ids})) and holder = ${holder} and state = 'active'
        and (expires_at is null or expires_at > ${now})`.execute(db);
    return rows.map((row) => ({ row, id: row.seq, length: row.value.length }));
  });
  const sorted = found.toSorted(
    (a, b) => b.score - a.score || b.row.importance - a.row.importance || b.row.seq - a.row.seq,
  );
  return sorted.slice(0, limit).map(({ row, score }) => ({ ...row, score }));
}
