/** Owns what people do with their conversations besides talking: list, read, search, tag, branch, undo, export, delete. Everything is the owner's own, checked in the store. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { isProcessAlive } from '../kernel/process-identity.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { ConversationPage, ConversationSummaryRow } from '../store/conversation-listing.ts';
import type { ConversationRow } from '../store/conversations-table.ts';
import type { Store } from '../store/store.ts';
import { createConversationFacts, visible } from './conversation-facts.ts';
import { createConversationCompaction } from './conversation-compaction.ts';
import { createConversationSearch } from './conversation-search.ts';
import {
  type ConversationMessage,
  type ConversationStory,
  readMessages,
  readStory,
  type StoryPart,
} from './conversation-story.ts';
import { findConversation } from './open-conversation.ts';
import { summarizeTurns, type TurnSummary } from './summarize-turns.ts';

export type ConversationService = ReturnType<typeof createConversationService>;

export function createConversationService(deps: { store: Store; clock: Clock }) {
  const { store } = deps;
  return {
    ...createConversationSearch(deps),
    ...createConversationCompaction(deps),
    ...createConversationFacts(deps),

    /** Newest change first unless `sort` says otherwise. Those of completion clients, one for each of their requests, only when they are asked for. */
    list: (ownerId: string, page: Omit<ConversationPage, 'without'>): Promise<ConversationSummaryRow[]> =>
      store.conversations.list(ownerId, visible(page)),

    /** Throws `not-found`; takes an id or its beginning. */
    find: (ownerId: string, id: string): Promise<ConversationRow> => findConversation(store, ownerId, id),

    async latest(ownerId: string): Promise<ConversationSummaryRow | undefined> {
      const [latest] = await store.conversations.list(ownerId, visible<ConversationPage>({ limit: 1, offset: 0 }));
      return latest;
    },

    /** From `fromSeq` on, at most `limit`; takes an id or its beginning. Of long ones, or with `bare` of all, the data of pictures is empty. Throws `not-found`. */
    async messages(
      ownerId: string,
      id: string,
      fromSeq = 1,
      limit?: number,
      bare = false,
    ): Promise<ConversationMessage[]> {
      const found = await findConversation(store, ownerId, id);
      return readMessages(store, found.id, fromSeq, limit, bare ? 0 : undefined);
    },

    /** The whole story, or a part of it: messages, turns, model calls, tool calls, what came in and what went out. */
    story: async (ownerId: string, id: string, part?: StoryPart): Promise<ConversationStory> =>
      readStory(store, await findConversation(store, ownerId, id), part),

    /** A new conversation with the messages 1 … `upToSeq` (all when absent) of another. */
    async branch(ownerId: string, id: string, upToSeq?: number): Promise<ConversationRow> {
      return branch(deps, await findConversation(store, ownerId, id), upToSeq);
    },

    /** What became of turns; their ids have to be those of the caller's own messages. */
    turns: (ids: readonly string[]): Promise<TurnSummary[]> => summarizeTurns(store, ids),

    /** A branch without the last turn; the original stays as it is. */
    async undo(ownerId: string, id: string): Promise<ConversationRow> {
      const conversation = await findConversation(store, ownerId, id);
      const lastTurn = await store.conversations.lastTurnStart(conversation.id);
      if (lastTurn === 0) throw new ClawError('not-found', phrase('nothingToUndo'));
      return branch(deps, conversation, lastTurn - 1);
    },

    /** Throws `locked` while a turn of it runs. */
    async remove(ownerId: string, id: string, by: Doer = { id: ownerId }): Promise<ConversationRow> {
      const conversation = await findConversation(store, ownerId, id);
      await store.transaction(async (tables) => {
        const open = await tables.journal.runningTurn(conversation.id);
        if (open !== undefined && isProcessAlive(open.runner)) {
          throw new ClawError('locked', phrase('turnRuns'), {
            hint: phrase('againWhenEnded'),
          });
        }
        await tables.conversations.remove(conversation.id, ownerId);
        const entry = { at: deps.clock.now(), by: doneBy(by), action: 'conversation.delete' };
        await tables.audit.append({ ...entry, target: conversation.id });
      });
      return conversation;
    },
  };
}

async function branch(
  deps: { store: Store; clock: Clock },
  from: ConversationRow,
  upToSeq?: number,
): Promise<ConversationRow> {
  const now = deps.clock.now();
  const last = await deps.store.conversations.lastSeq(from.id);
  const end = upToSeq ?? last;
  if (end < 0 || end > last)
    throw new ClawError('usage-invalid', `The conversation has messages 1 to ${last}, not ${end}.`);
  const copy = { ...from, id: newId(now), parent_id: from.id, parent_seq: end, created_at: now, updated_at: now };
  await deps.store.transaction(async ({ conversations, compactions }) => {
    await conversations.insert(copy);
    await conversations.copyMessages(from.id, copy.id, end);
    await compactions.copy(from.id, copy.id, { upToSeq: end, id: newId(now), now });
  });
  return copy;
}
