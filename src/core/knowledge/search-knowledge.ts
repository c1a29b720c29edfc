/** Owns the search in one owner's knowledge: rare tokens find candidates in the index, a second look at their text orders them. What is asked is text, never a query. */
import { queryWords } from '../kernel/search-text.ts';
import { normaliseForSearch, type SearchTokens, searchTokens } from '../kernel/search-tokens.ts';
import type { FoundChunk, KnowledgeQueries } from '../store/knowledge-table.ts';
import { findCandidates } from './find-candidates.ts';
import { rankSections } from './rank-sections.ts';
import type { WeightedQuery } from './scan-section.ts';

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
  /** What each ranking gave it, 0 to 1; null: it did not find it. Absent when only words were looked for. */
  readonly parts?: { readonly words: number | null; readonly meaning: number | null };
}

/** Characters of a question that are looked at, tokens that are counted, chunks that are told apart by their tokens, and those of them that are read. */
const MAX_QUESTION = 2_000;
const MAX_TOKENS = 60;
const CANDIDATES = 60;
const READ = 40;

/** The best places of the owner's documents, at most `limit`; none for a question without words. Nothing another owner keeps is felt in order or score. */
export async function searchKnowledge(
  table: KnowledgeQueries,
  ownerId: string,
  question: string,
  limit: number,
): Promise<Hit[]> {
  const asked = normaliseForSearch(question.slice(0, MAX_QUESTION)).trim();
  const { words, pairs } = tellingTokens(asked);
  const all = [...new Set([...words, ...pairs])].slice(0, MAX_TOKENS);
  const extent = all.length === 0 ? undefined : await table.index.extent(ownerId);
  if (extent === undefined) return [];
  const counts = await table.index.count(ownerId, extent, all);
  const tokens = new Map(all.map((token, at) => [token, weighed(counts[at] ?? 0, extent.total)]));
  const candidates = await findCandidates(table, { ownerId, extent }, tokens, CANDIDATES);
  const seqs = candidates.map(({ seq }) => seq);
  const chunks = await table.withNeighbours(ownerId, seqs, READ);
  const query: WeightedQuery = { phrase: asked, words: weightsOf(words, tokens), pairs: weightsOf(pairs, tokens) };
  const ranked = rankSections(query, groupSections(chunks));
  return withoutRepeats(ranked.map(({ chunk, score }) => hitOf(chunk, score))).slice(0, limit);
}

/** Tokens of the words that tell what is asked: `the` and `what` only where there is nothing else. */
function tellingTokens(asked: string): SearchTokens {
  const telling = queryWords(asked).map(({ word }) => word);
  const emoji = asked.match(/\p{Extended_Pictographic}/gu) ?? [];
  const kept = [...telling, ...emoji].join(' ');
  return searchTokens(kept === '' ? asked : kept);
}

/** With its weight: BM25's inverse document frequency of a token that `count` of `total` chunks have. */
function weighed(count: number, total: number): { count: number; weight: number } {
  const there = Math.min(count, total);
  const idf = (documents: number): number => Math.log(1 + (total - documents + 0.5) / (documents + 0.5));
  // What nobody wrote lowers the score of all alike; half, because it may be but another form of the word.
  return { count, weight: there === 0 ? idf(1) / 2 : idf(there) };
}

function weightsOf(each: readonly string[], tokens: ReadonlyMap<string, { weight: number }>): Map<string, number> {
  return new Map(
    each.flatMap((token) => {
      const known = tokens.get(token);
      return known === undefined ? [] : [[token, known.weight] as const];
    }),
  );
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

/** A chunk as a hit; `score` 0 to 1. */
export function hitOf(chunk: FoundChunk, score: number): Hit {
  const { document_id: id, title, text, place, provenance } = chunk;
  return { id, title, text, place, score: Math.round(score * 10_000) / 10_000, provenance };
}
