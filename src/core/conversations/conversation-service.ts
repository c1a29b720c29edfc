/** Owns what people do with their conversations besides talking: list, read, search, tag, branch, undo, export, delete. Everything is the owner's own, checked in the store. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Part, Role } from '../kernel/messages.ts';
import { isProcessAlive } from '../kernel/process-identity.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { ConversationPage, ConversationSummaryRow } from '../store/conversation-listing.ts';
import type { ConversationRow } from '../store/conversations-table.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { ModelCallRow, ToolCallRow, TurnRow } from '../store/journal-tables.ts';
import type { DeliveryAttemptRow, OutboxRow } from '../store/outbox-table.ts';
import type { RouteDecisionRow } from '../store/routes-schema.ts';
import type { Store } from '../store/store.ts';
import { createConversationFacts, visible } from './conversation-facts.ts';
import { createConversationCompaction } from './conversation-compaction.ts';
import { createConversationSearch } from './conversation-search.ts';
import { findConversation } from './open-conversation.ts';
import { summarizeTurns, type TurnSummary } from './summarize-turns.ts';

export interface ConversationMessage {
  readonly seq: number;
  readonly turnId: string;
  readonly role: Role;
  readonly parts: readonly Part[];
  readonly state: 'complete' | 'partial';
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

/** A turn with everything that happened in it. */
export interface TurnStory {
  readonly turn: TurnRow;
  /** True when its process died; the next message goes on with it. */
  readonly isAbandoned: boolean;
  readonly modelCalls: readonly ModelCallRow[];
  readonly toolCalls: readonly ToolCallRow[];
  /** Which model it went to first; undefined where that was not decided. */
  readonly route: RouteDecisionRow | undefined;
}

export interface ConversationStory {
  readonly conversation: ConversationRow;
  readonly messages: readonly ConversationMessage[];
  readonly turns: readonly TurnStory[];
  readonly inbound: readonly InboundRow[];
  readonly outbox: readonly OutboxStory[];
}

/** A message that went out, with every try to send it. */
export interface OutboxStory {
  readonly row: OutboxRow;
  readonly attempts: readonly DeliveryAttemptRow[];
}

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

    /** From `fromSeq` on, at most `limit`; takes an id or its beginning. Throws `not-found`. */
    async messages(ownerId: string, id: string, fromSeq = 1, limit?: number): Promise<ConversationMessage[]> {
      return readMessages(store, (await findConversation(store, ownerId, id)).id, fromSeq, limit);
    },

    /** The whole story: messages, turns, model calls, tool calls and what came in. */
    story: async (ownerId: string, id: string): Promise<ConversationStory> =>
      readStory(store, await findConversation(store, ownerId, id)),

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

async function readStory(store: Store, conversation: ConversationRow): Promise<ConversationStory> {
  const turns: TurnStory[] = [];
  for (const turn of await store.journal.turns(conversation.id)) {
    turns.push({
      turn,
      isAbandoned: turn.state === 'running' && !isProcessAlive(turn.runner),
      modelCalls: await store.journal.modelCalls(turn.id),
      toolCalls: await store.journal.toolCalls(turn.id),
      route: await store.routes.ofTurn(turn.id),
    });
  }
  const inbound = await store.inbound.ofConversation(conversation.id);
  const outbox = await readOutbox(store, conversation.id);
  return { conversation, messages: await readMessages(store, conversation.id), turns, inbound, outbox };
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

async function readOutbox(store: Store, conversationId: string): Promise<OutboxStory[]> {
  const rows = await store.outbox.ofConversation(conversationId);
  const attempts = Map.groupBy(await store.outbox.attempts(rows.map(({ id }) => id)), (attempt) => attempt.outbox_id);
  return rows.map((row) => ({ row, attempts: attempts.get(row.id) ?? [] }));
}

async function readMessages(
  store: Store,
  conversationId: string,
  fromSeq = 1,
  limit?: number,
): Promise<ConversationMessage[]> {
  const rows = await store.conversations.messages(conversationId, fromSeq, limit);
  return rows.map((row) => ({
    seq: row.seq,
    turnId: row.turn_id,
    role: row.role,
    parts: JSON.parse(row.parts) as Part[],
    state: row.state,
    createdAt: row.created_at,
  }));
}
