/** Owns keeping the search index of memories whole: what waits is indexed before a search, and a damaged index is made anew from the rows. */
import type { Store } from '../store/store.ts';
import type { MemoryRow } from '../store/memory-schema.ts';

/** Memories indexed in one transaction. */
const BATCH = 500;
const PROBES = 50;

/** Indexes what waits; returns how many memories it were. */
export async function indexMemories(store: Store): Promise<number> {
  let done = 0;
  for (;;) {
    if ((await store.memories.unindexed(1)).length === 0) return done;
    done += await store.transaction(async ({ memories }) => {
      const rows = await memories.unindexed(BATCH);
      for (const row of rows) await memories.index(row);
      return rows.length;
    });
  }
}

/** Makes the index anew, for all users and rooms. What is cut off goes on at the next search. Returns how many memories it holds. */
export async function rebuildMemoryIndex(store: Store): Promise<number> {
  await store.transaction(({ memories }) => memories.clearIndex());
  return indexMemories(store);
}

/** The self-test after a change: a memory that its own words do not find makes the index be made anew. */
export async function proveMemory(store: Store, memory: MemoryRow): Promise<void> {
  if (!(await store.memories.isFindable(memory))) await rebuildMemoryIndex(store);
}

export const checkMemoryIndex = (store: Store) => store.memories.checkIndex(PROBES);
