/** Owns keeping the search index of messages whole: what waits is indexed before a search, and a damaged index is made anew from the messages. */
import { saidIn as textsIn } from '../agent/said-text.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Part } from '../kernel/messages.ts';
import type { OwnedIndexCheck } from '../store/sqlite/check-owned-index.ts';
import type { UnindexedRow } from '../store/search-schema.ts';
import type { Store } from '../store/store.ts';

/** Messages indexed in one transaction. */
const BATCH = 200;
const PROBES = 50;

/** What people and the assistant said in stored parts. */
export const saidIn = (parts: string): string => textsIn(JSON.parse(parts) as Part[]).join('\n');

/** What a message is found by; nothing of what tools answer. */
const indexedText = ({ role, parts }: UnindexedRow): string => (role === 'tool' ? '' : saidIn(parts));

/** Indexes up to 200 messages that wait; returns how many it took. Throws `data-invalid` when the last of them is not found afterwards. */
export async function indexMessages(store: Store): Promise<number> {
  if ((await store.search.unindexed(1)).length === 0) return 0;
  const rows = await store.transaction(async ({ search }) => {
    const waiting = await search.unindexed(BATCH);
    for (const row of waiting) await search.index(row, indexedText(row));
    return waiting;
  });
  const last = rows.at(-1);
  if (last === undefined || (await store.search.isFindable(last, indexedText(last)))) return rows.length;
  throw new ClawError('data-invalid', 'The search index of conversations is damaged.', {
    hint: 'Make it anew with `claw conversation reindex`.',
  });
}

/** Makes the index anew, for all users. What is cut off goes on at the next search. Returns how many messages it looked at. */
export async function rebuildMessageIndex(store: Store, signal?: AbortSignal): Promise<number> {
  await store.transaction(({ search }) => search.clearIndex());
  let done = 0;
  for (let taken = await indexMessages(store); taken > 0; taken = await indexMessages(store)) {
    done += taken;
    signal?.throwIfAborted();
  }
  return done;
}

/** SQLite's own check, the counts, and words of the newest messages looked up again. */
export const checkMessageIndex = (store: Store): Promise<OwnedIndexCheck> =>
  store.search.checkIndex(PROBES, indexedText);
