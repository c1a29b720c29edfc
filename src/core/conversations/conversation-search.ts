/** Owns finding conversations again: search in what was said, with snippets and filters, and tags. Everything is the owner's own. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { normalizeText, queryWords, snippetOf } from '../kernel/search-text.ts';
import type { MessageFilter, MessageHitRow } from '../store/search-schema.ts';
import type { OwnedIndexCheck } from '../store/sqlite/check-owned-index.ts';
import type { Store } from '../store/store.ts';
import { checkMessageIndex, indexMessages, rebuildMessageIndex, saidIn } from './message-index.ts';
import { findConversation } from './open-conversation.ts';

export interface MessageHit {
  readonly conversationId: string;
  readonly title: string;
  readonly origin: string;
  readonly seq: number;
  readonly role: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  /** The place in the message, hits between « and ». */
  readonly snippet: string;
  /** Higher is better. */
  readonly score: number;
}

export interface SearchOptions extends MessageFilter {
  readonly limit: number;
}

const MAX_TAG = 50;

export function createConversationSearch({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
  return {
    /** The best first. What is not indexed yet is indexed before. */
    async search(ownerId: string, query: string, options: SearchOptions, signal?: AbortSignal): Promise<MessageHit[]> {
      if (queryWords(query).length === 0) return [];
      while ((await indexMessages(store)) > 0) signal?.throwIfAborted();
      const tag = options.tag === undefined ? undefined : tagOf(options.tag);
      const wanted = { ...options, tag, limit: options.limit * 3 };
      const strict = await store.search.messages(ownerId, { query, mode: 'all' }, wanted);
      const rows = strict.length > 0 ? strict : await store.search.messages(ownerId, { query, mode: 'any' }, wanted);
      return withoutCopies(rows)
        .slice(0, options.limit)
        .map((row) => hitOf(row, query));
    },
    /** Why a search found nothing, and what may find it, in a sentence or two. */
    whyNothing: (ownerId: string, query: string, options: SearchOptions): Promise<string> =>
      whyNothing(store, ownerId, query, options),
    /** Indexes up to 200 messages that wait; returns how many it took. */
    indexWaiting: (): Promise<number> => indexMessages(store),
    /** Makes the index anew, for all users; returns how many messages it looked at. */
    rebuildIndex: (signal?: AbortSignal): Promise<number> => rebuildMessageIndex(store, signal),
    /** The self-test of the index, of everybody's messages. */
    checkIndex: (): Promise<OwnedIndexCheck> => checkMessageIndex(store),
    /** False when the conversation bears the tag already. Throws `not-found`, `usage-invalid`. */
    async tag(ownerId: string, id: string, tag: string): Promise<boolean> {
      const conversation = await findConversation(store, ownerId, id);
      return store.search.addTag(conversation.id, tagOf(tag), clock.now());
    },
    /** False when the conversation does not bear the tag. Throws `not-found`, `usage-invalid`. */
    async untag(ownerId: string, id: string, tag: string): Promise<boolean> {
      const conversation = await findConversation(store, ownerId, id);
      return store.search.removeTag(conversation.id, tagOf(tag));
    },
    async tagsOf(ownerId: string, id: string): Promise<string[]> {
      return store.search.tagsOf((await findConversation(store, ownerId, id)).id);
    },
    /** Every tag of the owner, with how many conversations bear it. */
    tags: (ownerId: string): Promise<{ tag: string; conversations: number }[]> => store.search.tagCounts(ownerId),
  };
}

async function whyNothing(store: Store, ownerId: string, query: string, options: SearchOptions): Promise<string> {
  if (queryWords(query).length === 0)
    return 'Nothing to look for: a search needs a letter or a digit, and this has none.';
  const [newest] = await store.conversations.list(ownerId, { limit: 1, offset: 0 });
  if (newest === undefined) return 'Nothing found: you have no conversations yet.';
  const { limit: _, ...filters } = options;
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  const others = isFiltered ? await store.search.messages(ownerId, { query, mode: 'any' }, { limit: 1 }) : [];
  if (others.length > 0) return 'Nothing found with these filters; without them there are hits.';
  return 'Nothing found: none of these words was said. Another form of a word, or a part of it, may find it.';
}

/** A branch repeats the messages of its origin; the first of several copies stays. */
function withoutCopies(rows: readonly MessageHitRow[]): MessageHitRow[] {
  const seen = new Set<string>();
  return rows.filter(({ turn_id, seq }) => {
    const name = `${turn_id} ${seq}`;
    return !seen.has(name) && seen.add(name).has(name);
  });
}

function hitOf(row: MessageHitRow, query: string): MessageHit {
  const { conversation_id: conversationId, title, origin, seq, role, created_at: createdAt } = row;
  const snippet = snippetOf(saidIn(row.parts), query);
  return { conversationId, title, origin, seq, role, createdAt, snippet, score: row.score };
}

/** Trimmed, lower case. Throws `usage-invalid` for an empty or long one. */
function tagOf(text: string): string {
  const tag = normalizeText(text).trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (tag !== '' && tag.length <= MAX_TAG) return tag;
  throw new ClawError('usage-invalid', `A tag has 1 to ${MAX_TAG} characters.`);
}
