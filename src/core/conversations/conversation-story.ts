/** Owns the story of a conversation: its messages and turns with all that happened in them, what came in, what went out, and what people were asked. */
import type { Part, Role } from '../kernel/messages.ts';
import { isProcessAlive } from '../kernel/process-identity.ts';
import type { ApprovalRow } from '../store/approvals-table.ts';
import type { ConversationRow, MessageRow } from '../store/conversations-table.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { ModelCallRow, ToolCallRow, TurnRow } from '../store/journal-tables.ts';
import { PICTURE_BYTES } from '../store/message-parts.ts';
import type { DeliveryAttemptRow, OutboxRow } from '../store/outbox-table.ts';
import type { RouteDecisionRow } from '../store/routes-schema.ts';
import type { Store } from '../store/store.ts';

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
  /** What was asked of people on the way. */
  readonly approvals: readonly ApprovalRow[];
  /** Whether there are turns before these. */
  readonly hasEarlier: boolean;
}

/** A message that went out, with every try to send it. */
export interface OutboxStory {
  readonly row: OutboxRow;
  readonly attempts: readonly DeliveryAttemptRow[];
}

/** The last turns only: at most `turns`, those before the turn `before`. */
export interface StoryPart {
  readonly turns: number;
  readonly before?: string | undefined;
}

export async function readStory(
  store: Store,
  conversation: ConversationRow,
  part?: StoryPart,
): Promise<ConversationStory> {
  const { id } = conversation;
  const all = await store.journal.turns(id);
  const end = part?.before === undefined ? -1 : all.findIndex((turn) => turn.id === part.before);
  const to = end === -1 ? all.length : end;
  const from = part === undefined ? 0 : Math.max(0, to - part.turns);
  const told = all.slice(from, to);
  const turns: TurnStory[] = [];
  for (const turn of told) turns.push(await readTurn(store, turn));
  const span = { from: from === 0 ? 0 : (told[0]?.started_at ?? 0), to: all[to]?.started_at ?? Infinity };
  const names = new Set(told.map((turn) => turn.id));
  const isOf = (turnId: string | null, at: number): boolean =>
    part === undefined || (turnId === null ? at >= span.from && at < span.to : names.has(turnId));
  return {
    conversation,
    messages: part === undefined ? await readMessages(store, id) : await messagesOfTurns(store, id, [...names]),
    turns,
    inbound: (await store.inbound.ofConversation(id)).filter((row) => isOf(row.turn_id, row.received_at)),
    outbox: await readOutbox(store, id, isOf),
    approvals: (await store.approvals.ofConversation(id)).filter((row) => isOf(null, row.created_at)),
    hasEarlier: from > 0,
  };
}

async function readTurn(store: Store, turn: TurnRow): Promise<TurnStory> {
  return {
    turn,
    isAbandoned: turn.state === 'running' && !isProcessAlive(turn.runner),
    modelCalls: await store.journal.modelCalls(turn.id),
    toolCalls: await store.journal.toolCalls(turn.id),
    route: await store.routes.ofTurn(turn.id),
  };
}

async function readOutbox(
  store: Store,
  conversationId: string,
  isOf: (turnId: string | null, at: number) => boolean,
): Promise<OutboxStory[]> {
  const all = await store.outbox.ofConversation(conversationId);
  const rows = all.filter((row) => isOf(row.turn_id, row.created_at));
  const attempts = Map.groupBy(await store.outbox.attempts(rows.map(({ id }) => id)), (attempt) => attempt.outbox_id);
  return rows.map((row) => ({ row, attempts: attempts.get(row.id) ?? [] }));
}

/** From `fromSeq` on, at most `limit`; with the bytes of the last pictures alone. */
export async function readMessages(
  store: Store,
  conversationId: string,
  fromSeq = 1,
  limit?: number,
  pictureBytes = PICTURE_BYTES,
): Promise<ConversationMessage[]> {
  return (await store.conversations.messages(conversationId, fromSeq, limit, pictureBytes)).map(messageOf);
}

async function messagesOfTurns(store: Store, id: string, turns: readonly string[]): Promise<ConversationMessage[]> {
  return (await store.conversations.messagesOfTurns(id, turns)).map(messageOf);
}

function messageOf(row: MessageRow): ConversationMessage {
  return {
    seq: row.seq,
    turnId: row.turn_id,
    role: row.role,
    parts: JSON.parse(row.parts) as Part[],
    state: row.state,
    createdAt: row.created_at,
  };
}
