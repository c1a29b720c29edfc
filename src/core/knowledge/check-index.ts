/** Owns the proof that the index holds what the chunks say, and the making of it anew. */
import type { Clock } from '../kernel/clock.ts';
import { searchTokens } from '../kernel/search-tokens.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { Store } from '../store/store.ts';

export interface IndexCheck {
  readonly ok: boolean;
  readonly chunks: number;
  readonly indexed: number;
  /** Documents whose writing was cut off; adding them again goes on. */
  readonly unfinished: number;
  /** What is wrong, in words. */
  readonly problems: readonly string[];
}

const CHUNKS_AT_ONCE = 500;
/** Chunks that are looked up in the index one by one, others each time. */
const PROBES = 50;

/** SQLite's own check, the counts, and a word of chunks all over the base looked up again. */
export async function checkIndex({ knowledge }: Store): Promise<IndexCheck> {
  const problems: string[] = [];
  try {
    await knowledge.index.check();
  } catch (error) {
    problems.push(`the index is damaged: ${String(error)}`);
  }
  const chunks = await knowledge.chunkCount();
  const indexed = await knowledge.index.rowCount();
  if (chunks !== indexed) problems.push(`${chunks} passages, but ${indexed} in the index`);
  const probes = problems.length > 0 ? [] : await knowledge.spread(PROBES);
  let lost = 0;
  for (const probe of probes) if (!(await isFound(knowledge, probe))) lost += 1;
  if (lost > 0) problems.push(`${lost} of ${probes.length} passages were not found by their own words`);
  return { ok: problems.length === 0, chunks, indexed, unfinished: await knowledge.unfinishedCount(), problems };
}

type Probe = Awaited<ReturnType<Store['knowledge']['spread']>>[number];

/** By its last word, or its last pair of syllables. */
async function isFound({ index }: Store['knowledge'], { seq, owner_id: ownerId, text }: Probe): Promise<boolean> {
  const { words, pairs } = searchTokens(text);
  const token = words.at(-1) ?? pairs.at(-1);
  return token === undefined || (await index.has(ownerId, seq, token));
}

/** Makes the index anew from the chunks, for all owners, in one transaction: until it commits, everybody searches in the old one. Returns how many chunks it holds. */
export async function rebuildIndex(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  by: Doer,
  { onProgress }: { readonly onProgress?: (done: number) => void } = {},
): Promise<number> {
  return store.transaction(async ({ knowledge, audit }) => {
    await knowledge.index.clear();
    let done = 0;
    let last = 0;
    for (;;) {
      const chunks = await knowledge.chunksAfter(last, CHUNKS_AT_ONCE);
      const byOwner = Map.groupBy(chunks, ({ owner_id: ownerId }) => ownerId);
      for (const [ownerId, own] of byOwner)
        await knowledge.index.insert(
          ownerId,
          own.map(({ seq, title, heading, text }) => ({ seq, title: `${title} ${heading}`, text })),
        );
      done += chunks.length;
      last = chunks.at(-1)?.seq ?? last;
      onProgress?.(done);
      if (chunks.length < CHUNKS_AT_ONCE) break;
    }
    await knowledge.index.optimise();
    await audit.append({ at: clock.now(), by: doneBy(by), action: 'knowledge.reindex', detail: { passages: done } });
    return done;
  });
}
