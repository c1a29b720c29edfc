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
/** Chunks that are looked up in the index one by one. */
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
  if (chunks !== indexed) problems.push(`${chunks} chunks, but ${indexed} in the index`);
  const lost = problems.length > 0 ? 0 : await probe(knowledge);
  if (lost > 0) problems.push(`${lost} of ${PROBES} chunks were not found by their own words`);
  return { ok: problems.length === 0, chunks, indexed, unfinished: await knowledge.unfinishedCount(), problems };
}

async function probe(knowledge: Store['knowledge']): Promise<number> {
  let lost = 0;
  for (const { seq, owner_id: ownerId, text } of await knowledge.spread(PROBES)) {
    const { words, pairs } = searchTokens(text);
    const token = words.at(-1) ?? pairs.at(-1);
    if (token !== undefined && !(await knowledge.index.has(ownerId, seq, token))) lost += 1;
  }
  return lost;
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
