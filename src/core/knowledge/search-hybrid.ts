/** Owns the search by words and by meaning: both rank, and their ranks are added (reciprocal rank fusion, Cormack et al. 2009). Without vectors, or when they come too late, the words alone answer. */
import { toError } from '../kernel/errors.ts';
import type { KnowledgeQueries } from '../store/knowledge-table.ts';
import type { Embedder } from './embed-chunks.ts';
import { hitOf, type Hit, searchKnowledge } from './search-knowledge.ts';
import type { NearestChunks } from './nearest-chunks.ts';

export interface Meaning {
  readonly embedder: Embedder;
  readonly nearest: NearestChunks;
  /** How long the vector of a question may take, in milliseconds. */
  readonly timeoutMs: number;
}

export interface SearchOptions {
  readonly signal?: AbortSignal;
  /** Told once when only words were looked for although there is an embedding model. */
  readonly onNote?: (note: string) => void;
}

/** How deep each ranking is read, and how much a rank counts: 1 / (60 + rank). */
const DEPTH = 30;
const SMOOTHING = 60;
/** Characters of a question that are sent. */
const MAX_QUESTION = 2_000;

/** The best places of the owner's documents, at most `limit`. */
export async function searchHybrid(
  table: KnowledgeQueries,
  meaning: Meaning,
  asked: { readonly ownerId: string; readonly question: string; readonly limit: number },
  { signal, onNote }: SearchOptions = {},
): Promise<Hit[]> {
  const { ownerId, question, limit } = asked;
  const depth = Math.max(limit, DEPTH);
  if (question.trim() === '' || !(await table.vectors.hasVectors(ownerId, meaning.embedder.space)))
    return searchKnowledge(table, ownerId, question, limit);
  const [byWords, byMeaning] = await Promise.all([
    searchKnowledge(table, ownerId, question, depth),
    rankByMeaning(table, meaning, { ...asked, depth }, signal).catch((error: unknown) => {
      onNote?.(`Only words were looked for, not their meaning: ${reasonOf(error, meaning.timeoutMs)}`);
      return undefined;
    }),
  ]);
  if (byMeaning === undefined) return byWords.slice(0, limit);
  const scoreIn = (ranking: readonly Hit[], { text }: Hit): number | null =>
    ranking.find((hit) => hit.text === text)?.score ?? null;
  return fuseRanks([byWords, byMeaning], limit).map((hit) => ({
    ...hit,
    parts: { words: scoreIn(byWords, hit), meaning: scoreIn(byMeaning, hit) },
  }));
}

async function rankByMeaning(
  table: KnowledgeQueries,
  { embedder, nearest, timeoutMs }: Meaning,
  { ownerId, question, depth }: { readonly ownerId: string; readonly question: string; readonly depth: number },
  signal: AbortSignal | undefined,
): Promise<Hit[]> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const [vector] = await embedder.embed({
    ownerId,
    texts: [question.slice(0, MAX_QUESTION)],
    reason: 'embed-question',
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  });
  if (vector === undefined) return [];
  const near = (await nearest.find(ownerId, vector, depth)).filter(({ similarity }) => similarity > 0);
  const chunks = await table.chunks(
    ownerId,
    near.map(({ seq }) => seq),
  );
  const bySeq = new Map(chunks.map((chunk) => [chunk.seq, chunk]));
  return near.flatMap(({ seq, similarity }) => {
    const chunk = bySeq.get(seq);
    return chunk === undefined ? [] : [hitOf(chunk, similarity)];
  });
}

/** A passage that all rankings have first gets 1; the same text in two documents is told once. */
export function fuseRanks(rankings: readonly (readonly Hit[])[], limit: number): Hit[] {
  const sums = new Map<string, { readonly hit: Hit; sum: number }>();
  for (const ranking of rankings)
    ranking.forEach((hit, rank) => {
      const known = sums.get(hit.text) ?? { hit, sum: 0 };
      known.sum += (SMOOTHING + 1) / (SMOOTHING + 1 + rank) / rankings.length;
      sums.set(hit.text, known);
    });
  return [...sums.values()]
    .toSorted((a, b) => b.sum - a.sum)
    .slice(0, limit)
    .map(({ hit, sum }) => ({ ...hit, score: Math.round(sum * 10_000) / 10_000 }));
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message } = toError(error);
  const isLate = name === 'TimeoutError' || message.includes('was stopped');
  return isLate ? `the embedding model did not answer within ${timeoutMs} ms.` : message;
}
