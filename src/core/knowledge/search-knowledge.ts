/** Owns the search in one owner's knowledge: rare tokens find candidates in the index, a second look at their text orders them. What is asked is text, never a query. */
import { queryWords } from '../kernel/search-text.ts';
import { normaliseForSearch, type SearchTokens, searchTokens } from '../kernel/search-tokens.ts';
import type { FoundChunk, KnowledgeQueries, SectionKey } from '../store/knowledge-table.ts';
import { rankSections, type WeightedQuery } from './rank-sections.ts';

export interface Hit {
  /** Id of the document. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Where in the document: `page 3`, `# Heading`, `line 120`. */
  readonly place: string;
  /** 0 to 1. */
  readonly score: number;
  readonly provenance: FoundChunk['provenance'];
}

/** Characters of a question that are looked at; tokens that are counted, looked up, and the postings they may have together. */
const MAX_QUESTION = 2_000;
const MAX_TOKENS = 60;
const MAX_LOOKED_UP = 24;
const MAX_POSTINGS = 5_000;
const CANDIDATES = 60;

/** The best places of the owner's documents, at most `limit`; none for a question without words. */
export async function searchKnowledge(
  table: KnowledgeQueries,
  ownerId: string,
  question: string,
  limit: number,
): Promise<Hit[]> {
  const asked = normaliseForSearch(question.slice(0, MAX_QUESTION)).trim();
  const tokens = tellingTokens(asked);
  const words = new Set(tokens.words);
  const pairs = new Set(tokens.pairs);
  const all = [...new Set([...words, ...pairs])].slice(0, MAX_TOKENS);
  if (all.length === 0) return [];
  const counts = new Map((await table.index.count(ownerId, all)).map(({ token, count }) => [token, count]));
  const seqs = await findCandidates(table, ownerId, all, counts);
  const keys = distinctSections(await table.sectionsOf(ownerId, seqs), seqs);
  const sections = groupSections(await table.sections(ownerId, keys));
  // Of this owner alone: what others keep must not be felt in a score.
  const total = Math.max(1, await table.chunkCount(ownerId));
  const weigh = (each: ReadonlySet<string>): Map<string, number> =>
    new Map([...each].map((token) => [token, weightOf(counts.get(token) ?? 0, total)]));
  const query: WeightedQuery = { phrase: asked, words: weigh(words), pairs: weigh(pairs) };
  return withoutRepeats(rankSections(query, sections).map(({ chunk, score }) => hitOf(chunk, score))).slice(0, limit);
}

/** Chunks by the rarest tokens; when nothing has any, by words that begin with them. */
async function findCandidates(
  table: KnowledgeQueries,
  ownerId: string,
  all: readonly string[],
  counts: ReadonlyMap<string, number>,
): Promise<number[]> {
  const known = all.filter((token) => (counts.get(token) ?? 0) > 0);
  if (known.length === 0)
    return table.index.match(ownerId, all.slice(0, MAX_LOOKED_UP), { prefix: true, limit: CANDIDATES });
  const rarest = known.toSorted((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
  const chosen: string[] = [];
  let postings = 0;
  for (const token of rarest.slice(0, MAX_LOOKED_UP)) {
    postings += counts.get(token) ?? 0;
    if (chosen.length > 0 && postings > MAX_POSTINGS) break;
    chosen.push(token);
  }
  return table.index.match(ownerId, chosen, { prefix: false, limit: CANDIDATES });
}

/** Tokens of the words that tell what is asked: `the` and `what` only where there is nothing else. */
function tellingTokens(asked: string): SearchTokens {
  const telling = queryWords(asked).map(({ word }) => word);
  const emoji = asked.match(/\p{Extended_Pictographic}/gu) ?? [];
  const kept = [...telling, ...emoji].join(' ');
  return searchTokens(kept === '' ? asked : kept);
}

/** Weight of a token that `count` of `total` chunks have (BM25's inverse document frequency). */
function weightOf(count: number, total: number): number {
  const there = Math.min(count, total);
  const idf = (documents: number): number => Math.log(1 + (total - documents + 0.5) / (documents + 0.5));
  // What nobody wrote lowers the score of all alike; half, because it may be but another form of the word.
  return there === 0 ? idf(1) / 2 : idf(there);
}

function distinctSections(rows: readonly (SectionKey & { seq: number })[], order: readonly number[]): SectionKey[] {
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const keys = new Map<string, SectionKey>();
  for (const seq of order) {
    const row = bySeq.get(seq);
    if (row !== undefined) keys.set(`${row.document_seq}:${row.section}`, row);
  }
  return [...keys.values()];
}

function groupSections(chunks: readonly FoundChunk[]): FoundChunk[][] {
  const groups = new Map<string, FoundChunk[]>();
  for (const chunk of chunks) {
    const key = `${chunk.document_seq}:${chunk.section}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [chunk]);
    else group.push(chunk);
  }
  return [...groups.values()];
}

/** The same words in two documents are told once. */
function withoutRepeats(hits: readonly Hit[]): Hit[] {
  const seen = new Set<string>();
  return hits.filter(({ text, id }) => {
    const isNew = !seen.has(text);
    if (isNew) seen.add(text);
    return isNew && id !== '';
  });
}

function hitOf(chunk: FoundChunk, score: number): Hit {
  const { document_id: id, title, text, place, provenance } = chunk;
  return { id, title, text, place, score: Math.round(score * 10_000) / 10_000, provenance };
}
