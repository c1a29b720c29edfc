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

/** How often a token occurs among an owner's chunks; an estimate when that is more than was counted. */
export interface TokenCount {
  readonly token: string;
  readonly count: number;
}

export interface IndexQueries {
  insert(ownerId: string, rows: readonly IndexedText[]): Promise<void>;
  remove(seqs: readonly number[]): Promise<void>;
  count(ownerId: string, tokens: readonly string[]): Promise<TokenCount[]>;
  match(ownerId: string, tokens: readonly string[], options: { prefix: boolean; limit: number }): Promise<number[]>;
  rowCount(): Promise<number>;
  has(ownerId: string, seq: number, token: string): Promise<boolean>;
  check(): Promise<void>;
  optimise(): Promise<void>;
  clear(): Promise<void>;
}

/** Weights of BM25 for title, words and pairs. */
const WEIGHTS = sql.raw('2.0, 1.0, 1.0');

/** Postings of a token that are counted one by one; beyond, their density tells. */
const COUNTED = 2_000;

const ROWS_AT_ONCE = 50;

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
    async count(ownerId, tokens) {
      if (tokens.length === 0) return [];
      const mark = ownerMark(ownerId);
      const parts = tokens.map(
        (token) => sql`select count(*) as n, max(rowid) as last from
          (select rowid from knowledge_index where knowledge_index match ${quoted(mark + token)} limit ${COUNTED})`,
      );
      const newest = await sql<{ last: number | null }>`
        select max(seq) as last from knowledge_chunks where owner_id = ${ownerId}`.execute(db);
      const { rows } = await sql<{ n: number; last: number | null }>`${sql.join(parts, sql` union all `)}`.execute(db);
      const end = newest.rows[0]?.last ?? 1;
      return rows.map(({ n, last }, index) => ({
        token: tokens[index] ?? '',
        count: n < COUNTED || last === null ? n : Math.round((n * end) / last),
      }));
    },
    async match(ownerId, tokens, { prefix, limit }) {
      const mark = ownerMark(ownerId);
      const query = tokens.map((token) => quoted(mark + token) + (prefix ? ' *' : '')).join(' OR ');
      const { rows } = await sql<{ rowid: number }>`
        select rowid from knowledge_index where knowledge_index match ${query}
        order by bm25(knowledge_index, ${WEIGHTS}) limit ${limit}`.execute(db);
      return rows.map(({ rowid }) => rowid);
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

function marked(mark: string, tokens: SearchTokens['words']): string {
  return tokens.length === 0 ? '' : mark + tokens.join(` ${mark}`);
}
