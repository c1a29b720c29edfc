/** Owns the first look of a search: which chunks have most of what is asked, by the rarity of each token among the owner's own. It reads the index only, and a bounded part of it. */
import type { Extent, Wanted } from '../store/sqlite/knowledge-index.ts';
import type { KnowledgeQueries } from '../store/knowledge-table.ts';

export interface Candidate {
  /** Of the chunk. */
  readonly seq: number;
  /** Sum of the weights of the tokens it has, of those that were looked up. */
  readonly score: number;
}

/** Tokens that are looked up, and the postings that are read of all together; of each where words that begin alike are looked for. */
const MAX_LOOKED_UP = 24;
const MAX_POSTINGS = 8_000;
const MAX_LIST = 2_000;
/** Tokens that are too common to be read whole are read where the rarest stands as well; so many of them. */
const JOINED = 3;
/** From this share of all chunks on, a token tells next to nothing. */
const COMMON = 0.25;

/** The `limit` best chunks, best first; when nothing has any token, those with words that begin with one. */
export async function findCandidates(
  { index }: Pick<KnowledgeQueries, 'index'>,
  { ownerId, extent }: { readonly ownerId: string; readonly extent: Extent },
  tokens: ReadonlyMap<string, { readonly count: number; readonly weight: number }>,
  limit: number,
): Promise<Candidate[]> {
  const known = [...tokens].filter(([, { count }]) => count > 0).toSorted(([, a], [, b]) => a.count - b.count);
  const lists =
    known.length === 0
      ? [...tokens.keys()]
          .slice(0, MAX_LOOKED_UP)
          .map((token) => ({ wanted: { tokens: [token], prefix: true }, weight: 1 }))
      : listsToRead(known, extent.total);
  const postings = await index.postings(
    ownerId,
    lists.map(({ wanted }) => wanted),
    known.length === 0 ? MAX_LIST : MAX_POSTINGS,
  );
  const scores = new Map<number, number>();
  for (const [at, { weight }] of lists.entries())
    for (const seq of postings[at] ?? []) scores.set(seq, (scores.get(seq) ?? 0) + weight);
  const all = [...scores].map(([seq, score]) => ({ seq, score }));
  return firstOf(
    all.toSorted((a, b) => b.score - a.score || a.seq - b.seq),
    limit,
  );
}

/** The first `limit` of the sorted; of the many that tie for the last places some from all over, not the oldest documents' alone. */
function firstOf(sorted: readonly Candidate[], limit: number): Candidate[] {
  const last = sorted[limit - 1]?.score;
  if (last === undefined) return [...sorted];
  const better = sorted.findIndex(({ score }) => score === last);
  const tied = sorted.slice(better).filter(({ score }) => score === last);
  const step = tied.length / (limit - better);
  return [...sorted.slice(0, better), ...tied.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))];
}

type Known = readonly (readonly [token: string, { readonly count: number; readonly weight: number }])[];

/** The rarest tokens' lists; where they are few, others' together with the rarest. */
function listsToRead(known: Known, total: number): { wanted: Wanted; weight: number }[] {
  const lists: { wanted: Wanted; weight: number }[] = [];
  let postings = 0;
  for (const [token, { count, weight }] of known.slice(0, MAX_LOOKED_UP)) {
    postings += count;
    if (postings > MAX_POSTINGS) break;
    lists.push({ wanted: { tokens: [token] }, weight });
  }
  const [rarest] = known;
  if (lists.length > JOINED || rarest === undefined) return lists;
  const [token, { weight }] = rarest;
  const joined = known.slice(Math.max(1, lists.length)).filter(([, { count }]) => count < total * COMMON);
  if (lists.length === 0) lists.push({ wanted: { tokens: [token] }, weight });
  for (const [other, { weight: more }] of joined.slice(0, JOINED))
    lists.push({ wanted: { tokens: [token, other] }, weight: more });
  return lists;
}
