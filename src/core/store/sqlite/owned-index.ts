/**
 * Owns the full-text indexes of memories and messages: what SQLite alone can do of them. Each term carries the mark of
 * its owner, so that a search reads, counts and weighs the texts of one owner only: what others have changes nothing.
 */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { indexTerms, type QueryTerm, queryTerms } from '../../kernel/search-text.ts';
import type { Schema } from '../schema.ts';

export interface IndexHit {
  readonly id: number;
  /** Higher is better; comparable within one search. */
  readonly score: number;
}

/** `all`: each word must hit, in some form. `any`: one hit is enough. */
export type MatchMode = 'all' | 'any';

export interface OwnedIndex {
  /** Makes the row findable by `text`, and by nothing else. */
  put(owner: string, id: number, text: string): Promise<void>;
  drop(id: number): Promise<void>;
  /** The best first, of equals the newest; `texts` is how many the owner has. Nothing for a query without words. */
  search(owner: string, query: string, options: { mode: MatchMode; texts: number }): Promise<IndexHit[]>;
  /** Whether a row is found by the last term of its text; true for a text without terms. */
  finds(owner: string, id: number, text: string): Promise<boolean>;
  rowCount(): Promise<number>;
  /** Throws what SQLite finds wrong. */
  check(): Promise<void>;
  clear(): Promise<void>;
}

/** Newest texts that are looked up by one term: a term of more says too little to look further. */
const MOST_OF_A_TERM = 2_000;
/** Best texts that are asked once more whether they hold the terms of more. */
const ASKED_AGAIN = 60;

/** What one term found. */
interface Found {
  readonly expression: string;
  readonly ids: readonly number[];
  readonly weight: number;
}

export function ownedIndex(db: Kysely<Schema>, name: 'memory_index' | 'message_index'): OwnedIndex {
  const index = sql.table(name);
  const drop = async (id: number): Promise<void> => {
    await sql`delete from ${index} where rowid = ${id}`.execute(db);
  };
  const ask = (expression: string, ids: readonly number[]): Promise<readonly number[]> =>
    among(db, name, expression, ids);
  return {
    drop,
    async put(owner, id, text) {
      await drop(id);
      const mark = markOf(owner);
      const terms = indexTerms(text).map((term) => mark + term);
      if (terms.length === 0) return;
      await sql`insert into ${index} (rowid, terms) values (${id}, ${terms.join(' ')})`.execute(db);
    },
    async search(owner, query, { mode, texts }) {
      const words = queryTerms(query);
      if (words.length === 0) return [];
      const mark = markOf(owner);
      const terms = words.flat();
      const expressions = terms.map((term) => expressionOf(mark, term));
      const sets = await newest(db, name, mode === 'any' ? expressions : [...expressions, eachOf(mark, words)]);
      const found = terms.map(({ weight }, at): Found => {
        const ids = sets[at] ?? [];
        return { expression: expressions[at] ?? '', ids, weight: weight * rareness(ids.length, texts) };
      });
      return mode === 'any' ? bestOfAny(found, ask) : bestOfAll(found, sets[terms.length] ?? []);
    },
    async finds(owner, id, text) {
      const term = indexTerms(text).at(-1);
      return term === undefined || (await ask(quoted(markOf(owner) + term), [id])).length > 0;
    },
    async rowCount() {
      const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(`${name}_docsize`)}`.execute(db);
      return rows[0]?.n ?? 0;
    },
    async check() {
      await sql`insert into ${index} (${sql.ref(name)}) values ('integrity-check')`.execute(db);
    },
    async clear() {
      await sql`insert into ${index} (${sql.ref(name)}) values ('delete-all')`.execute(db);
    },
  };
}

/** Letters and digits that no other owner has. */
function markOf(owner: string): string {
  return createHash('sha256').update(owner).digest('hex').slice(0, 16);
}

const quoted = (term: string): string => `"${term.replaceAll('"', '')}"`;
const expressionOf = (mark: string, { term, isPrefix }: QueryTerm): string =>
  quoted(mark + term) + (isPrefix ? ' *' : '');
const eachOf = (mark: string, words: readonly (readonly QueryTerm[])[]): string =>
  words.map((terms) => `(${terms.map((term) => expressionOf(mark, term)).join(' OR ')})`).join(' AND ');

/** How much a term of `count` texts tells among `texts`: the inverse document frequency of BM25. */
function rareness(count: number, texts: number): number {
  return Math.log(1 + (Math.max(texts, count) - count + 0.5) / (count + 0.5));
}

/** For each expression the newest rows that hit it. One statement, and one value a row, because many small ones cost more than the search. */
async function newest(db: Kysely<Schema>, name: string, expressions: readonly string[]): Promise<number[][]> {
  const index = sql.table(name);
  const { rows } = await sql<{ ids: string }>`select (
      select json_group_array(rowid) from (
        select rowid from ${index} where ${index} match asked.value order by rowid desc limit ${MOST_OF_A_TERM}
      )
    ) as ids from json_each(${JSON.stringify(expressions)}) as asked order by asked.key`.execute(db);
  return rows.map(({ ids }) => JSON.parse(ids) as number[]);
}

/** Those of the rows that hit the expression. */
async function among(db: Kysely<Schema>, name: string, expression: string, ids: readonly number[]): Promise<number[]> {
  const index = sql.table(name);
  const { rows } = await sql<{ rowid: number }>`select rowid from ${index}
    where ${index} match ${expression} and rowid in (select value from json_each(${JSON.stringify(ids)}))`.execute(db);
  return rows.map(({ rowid }) => rowid);
}

/** Adds up what the terms say of each row. */
async function bestOfAny(
  found: readonly Found[],
  ask: (expression: string, ids: readonly number[]) => Promise<readonly number[]>,
): Promise<IndexHit[]> {
  const scores = new Map<number, number>();
  const add = (id: number, weight: number): unknown => scores.set(id, (scores.get(id) ?? 0) + weight);
  for (const { ids, weight } of found) for (const id of ids) add(id, weight);
  const first = inOrder(scores).slice(0, ASKED_AGAIN);
  for (const { expression, ids, weight } of found.filter((each) => each.ids.length === MOST_OF_A_TERM)) {
    const counted = new Set(ids);
    const rest = first.flatMap(({ id }) => (counted.has(id) ? [] : [id]));
    for (const id of rest.length === 0 ? [] : await ask(expression, rest)) add(id, weight);
  }
  return inOrder(scores);
}

/** The same for rows that hold every word: what they do not hold in a form that tells little is not asked. */
function bestOfAll(found: readonly Found[], rows: readonly number[]): IndexHit[] {
  const scores = new Map<number, number>(rows.map((id) => [id, 0]));
  for (const { ids, weight } of found) {
    for (const id of ids) {
      const before = scores.get(id);
      if (before !== undefined) scores.set(id, before + weight);
    }
  }
  return inOrder(scores);
}

function inOrder(scores: ReadonlyMap<number, number>): IndexHit[] {
  const hits = [...scores].map(([id, score]) => ({ id, score }));
  return hits.toSorted((a, b) => b.score - a.score || b.id - a.id);
}
