/** Owns the full-text index of knowledge chunks. It takes tokens, never text: each is quoted and carries the mark of its owner, so that a query reads the postings of one owner only. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { type SearchTokens, searchTokens } from '../../kernel/search-tokens.ts';
import type { Schema } from '../schema.ts';

export interface IndexedText {
  readonly seq: number;
  /** Title and headings. */
  readonly title: string;
  readonly text: string;
}

/** Where an owner's chunks lie, and about how many they are. */
export interface Extent {
  readonly first: number;
  readonly last: number;
  readonly total: number;
}

/** Chunks that are looked for: those with all of `tokens`, or, with `prefix`, with any word that begins with the last. */
export interface Wanted {
  readonly tokens: readonly string[];
  readonly prefix?: boolean;
}

export interface IndexQueries {
  insert(ownerId: string, rows: readonly IndexedText[]): Promise<void>;
  remove(seqs: readonly number[]): Promise<void>;
  /** Undefined when the owner has nothing. */
  extent(ownerId: string): Promise<Extent | undefined>;
  /** How many of the owner's chunks have each token, in the order asked; an estimate when that is more than was counted. */
  count(ownerId: string, extent: Extent, tokens: readonly string[]): Promise<number[]>;
  /** The chunks of each in ascending order, the first `limit` of them. */
  postings(ownerId: string, wanted: readonly Wanted[], limit: number): Promise<number[][]>;
  rowCount(): Promise<number>;
  has(ownerId: string, seq: number, token: string): Promise<boolean>;
  check(): Promise<void>;
  optimise(): Promise<void>;
  clear(): Promise<void>;
}

/** Postings of a token that are counted one by one from the oldest on, and as many from the newest; beyond, their density tells. */
const COUNTED = 500;
/** Chunks of an owner that are counted one by one. */
const CHUNKS_COUNTED = 2_000;

const ROWS_AT_ONCE = 500;

/** Few characters that tell owners apart; two owners with one mark would still be told apart by their chunks' rows. */
function ownerMark(ownerId: string): string {
  return createHash('sha256').update(ownerId).digest('hex').slice(0, 5);
}

const quoted = (token: string): string => `"${token.replaceAll('"', '')}"`;

export function knowledgeIndex(db: Kysely<Schema>): IndexQueries {
  return {
    async insert(ownerId, rows) {
      const mark = ownerMark(ownerId);
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const values = rows.slice(at, at + ROWS_AT_ONCE).map(({ seq, title, text }) => {
          const named = searchTokens(title);
          const body = searchTokens(text);
          const names = marked(mark, [...named.words, ...named.pairs]);
          return sql`(${seq}, ${names}, ${marked(mark, body.words)}, ${marked(mark, body.pairs)})`;
        });
        await sql`insert into knowledge_index (rowid, title, words, pairs) values ${sql.join(values)}`.execute(db);
      }
    },
    async remove(seqs) {
      for (let at = 0; at < seqs.length; at += 500)
        await sql`delete from knowledge_index where rowid in (${sql.join(seqs.slice(at, at + 500))})`.execute(db);
    },
    extent: (ownerId) => extentOf(db, ownerId),
    count: (ownerId, extent, tokens) => countTokens(db, ownerMark(ownerId), extent, tokens),
    async postings(ownerId, wanted, limit) {
      if (wanted.length === 0) return [];
      const mark = ownerMark(ownerId);
      const queries = wanted.map(
        ({ tokens, prefix }) =>
          tokens.map((token) => quoted(mark + token)).join(' AND ') + (prefix === true ? ' *' : ''),
      );
      // One row for each: a row for each posting costs more than finding it.
      const { rows } = await sql<{ seqs: string }>`
        select (select json_group_array(rowid) from
          (select rowid from knowledge_index where knowledge_index match j.value limit ${limit})) as seqs
        from json_each(${JSON.stringify(queries)}) j order by j.key`.execute(db);
      return rows.map(({ seqs }) => JSON.parse(seqs) as number[]);
    },
    async rowCount() {
      const { rows } = await sql<{ n: number }>`select count(*) as n from knowledge_index_docsize`.execute(db);
      return rows[0]?.n ?? 0;
    },
    async has(ownerId, seq, token) {
      const query = quoted(ownerMark(ownerId) + token);
      const { rows } = await sql`
        select 1 from knowledge_index where knowledge_index match ${query} and rowid = ${seq}`.execute(db);
      return rows.length > 0;
    },
    /** Throws what SQLite finds wrong. */
    async check() {
      await sql`insert into knowledge_index (knowledge_index) values ('integrity-check')`.execute(db);
    },
    async optimise() {
      await sql`insert into knowledge_index (knowledge_index) values ('optimize')`.execute(db);
    },
    async clear() {
      await sql`insert into knowledge_index (knowledge_index) values ('delete-all')`.execute(db);
    },
  };
}

async function extentOf(db: Kysely<Schema>, ownerId: string): Promise<Extent | undefined> {
  const { rows } = await sql<{ first: number | null; last: number | null; counted: number; reached: number | null }>`
    select (select min(seq) from knowledge_chunks where owner_id = ${ownerId}) as first,
      (select max(seq) from knowledge_chunks where owner_id = ${ownerId}) as last, count(*) as counted, max(seq) as reached
    from (select seq from knowledge_chunks where owner_id = ${ownerId} order by seq limit ${CHUNKS_COUNTED})`.execute(
    db,
  );
  const { first, last, counted, reached } = rows[0] ?? {};
  if (first == null || last == null || counted === undefined || reached == null) return undefined;
  const total = counted < CHUNKS_COUNTED ? counted : Math.round((counted * (last - first + 1)) / (reached - first + 1));
  return { first, last, total };
}

async function countTokens(
  db: Kysely<Schema>,
  mark: string,
  extent: Extent,
  tokens: readonly string[],
): Promise<number[]> {
  const ends = async (counted: readonly string[], order: 'asc' | 'desc'): Promise<{ n: number; end: number }[]> => {
    if (counted.length === 0) return [];
    const queries = JSON.stringify(counted.map((token) => quoted(mark + token)));
    const farthest = sql.raw(order === 'asc' ? 'max' : 'min');
    const { rows } = await sql<{ found: string }>`
      select (select json_object('n', count(*), 'end', ${farthest}(rowid)) from
        (select rowid from knowledge_index where knowledge_index match j.value
        order by rowid ${sql.raw(order)} limit ${COUNTED})) as found
      from json_each(${queries}) j order by j.key`.execute(db);
    return rows.map(({ found }) => JSON.parse(found) as { n: number; end: number });
  };
  const oldest = await ends(tokens, 'asc');
  const many = tokens.filter((_, index) => (oldest[index]?.n ?? 0) >= COUNTED);
  const newest = await ends(many, 'desc');
  // What was written together lies together: looked at from one end only, a subject of the oldest documents would pass for a common word.
  const spans = new Map(many.map((token, index) => [token, extent.last - (newest[index]?.end ?? 0) + 1]));
  return tokens.map((token, index) => {
    const { n, end } = oldest[index] ?? { n: 0, end: 0 };
    const span = spans.get(token);
    if (span === undefined) return n;
    const seen = end - extent.first + 1 + span;
    return Math.max(n, Math.round((2 * COUNTED * (extent.last - extent.first + 1)) / seen));
  });
}

function marked(mark: string, tokens: SearchTokens['words']): string {
  return tokens.length === 0 ? '' : mark + tokens.join(` ${mark}`);
}
