/** Owns what is written down while a turn runs. Every step is committed before the next begins, so that a killed turn goes on from its last finished step. */
import { newId } from '../kernel/ids.ts';
import { NO_USAGE, type Part, type ToolCallPart, type ToolResultPart, type Usage } from '../kernel/messages.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { ToolCallRow } from '../store/journal-tables.ts';
import type { ModelCallState } from '../store/schema.ts';
import type { Turn, TurnClose, TurnDeps } from './turn.ts';

type JournalDeps = Pick<TurnDeps, 'store' | 'clock' | 'text'>;

/** Writes that a model call has begun; returns its id. */
export async function openModelCall(deps: JournalDeps, turn: Turn): Promise<string> {
  const id = newId(deps.clock.now());
  await deps.store.journal.insertModelCall({
    id,
    turn_id: turn.id,
    conversation_id: turn.conversationId,
    user_id: turn.userId,
    model: turn.modelRef,
    state: 'started',
    stop_reason: null,
    ...usageColumns(NO_USAGE),
    cost_micro_usd: null,
    is_estimated: 0,
    error: null,
    started_at: deps.clock.now(),
    ended_at: null,
  });
  return id;
}

export interface ModelCallEnd {
  readonly id: string;
  readonly state: ModelCallState;
  readonly stopReason: string | null;
  readonly usage: Usage;
  readonly isEstimated: boolean;
  readonly error?: string;
  /** The assistant message, when there is one; `partial` when it was cut off. */
  readonly parts: readonly Part[];
  readonly messageState: 'complete' | 'partial';
}

/** Writes the end of a model call, its message and the tool calls it asks for, in one transaction. */
export async function closeModelCall(deps: JournalDeps, turn: Turn, end: ModelCallEnd): Promise<ToolCallRow[]> {
  const now = deps.clock.now();
  const parts = end.parts.map((part) => maskPart(deps, part));
  return deps.store.transaction(async ({ conversations, journal }) => {
    await journal.updateModelCall(end.id, {
      state: end.state,
      stop_reason: end.stopReason,
      ...usageColumns(end.usage),
      cost_micro_usd: turn.price(end.usage),
      is_estimated: end.isEstimated ? 1 : 0,
      error: end.error ?? null,
      ended_at: now,
    });
    if (parts.length === 0) return [];
    const seq = await conversations.append({
      conversation_id: turn.conversationId,
      turn_id: turn.id,
      role: 'assistant',
      parts: JSON.stringify(parts),
      state: end.messageState,
      created_at: now,
    });
    const calls = parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
    const rows = calls.map((call, position) => newToolCall(turn, call, seq, position, now));
    await journal.insertToolCalls(rows);
    return rows;
  });
}

/** Writes the answers of one response's tool calls as the next message, in call order. */
export async function appendToolResults(deps: JournalDeps, turn: Turn, rows: readonly ToolCallRow[]): Promise<void> {
  await deps.store.transaction(async ({ conversations }) => {
    await conversations.append({
      conversation_id: turn.conversationId,
      turn_id: turn.id,
      role: 'tool',
      parts: JSON.stringify(rows.map(resultPart)),
      state: 'complete',
      created_at: deps.clock.now(),
    });
  });
}

/** Messages that came in for the turn while it runs, oldest first. */
export async function waitingFor(deps: JournalDeps, turn: Turn): Promise<InboundRow[]> {
  const queued = await deps.store.inbound.waiting(turn.conversationId);
  return queued.filter(turn.mayJoin);
}

/** Moves messages that came in while the turn ran into it. Returns how many joined. */
export async function joinWaiting(deps: JournalDeps, turn: Turn): Promise<number> {
  const mine = await waitingFor(deps, turn);
  if (mine.length === 0) return 0;
  const now = deps.clock.now();
  await deps.store.transaction(async ({ conversations, inbound }) => {
    for (const row of mine) {
      await conversations.append({
        conversation_id: turn.conversationId,
        turn_id: turn.id,
        role: 'user',
        parts: row.parts,
        state: 'complete',
        created_at: now,
      });
      await inbound.settle(row.id, 'joined', turn.id, now);
    }
  });
  return mine.length;
}

/** Writes the end of a turn, and in the same transaction whatever its surface has to write with it. */
export async function closeTurn(deps: JournalDeps, turn: Turn, end: TurnClose): Promise<void> {
  const now = deps.clock.now();
  await deps.store.transaction(async (tables) => {
    const { conversations, journal } = tables;
    await journal.updateTurn(turn.id, {
      state: end.state,
      stop_reason: end.stopReason,
      error: end.error === undefined ? null : JSON.stringify(end.error),
      ended_at: now,
    });
    await conversations.touch(turn.conversationId, now);
    await turn.onClose?.(tables, end);
  });
}

function newToolCall(turn: Turn, call: ToolCallPart, seq: number, position: number, now: number): ToolCallRow {
  return {
    id: newId(now),
    turn_id: turn.id,
    conversation_id: turn.conversationId,
    message_seq: seq,
    position,
    call_id: call.callId,
    name: call.name,
    input: JSON.stringify(call.inputError === undefined ? { input: call.input } : { inputError: call.inputError }),
    state: 'pending',
    status: null,
    output: null,
    provenance: null,
    ms: null,
    started_at: null,
    ended_at: null,
  };
}

function resultPart(row: ToolCallRow): ToolResultPart {
  return {
    type: 'tool-result',
    callId: row.call_id,
    name: row.name,
    status: (row.status ?? 'uncertain') as ToolResultPart['status'],
    output: row.output ?? '',
    provenance: (row.provenance ?? 'tool') as ToolResultPart['provenance'],
  };
}

function usageColumns(usage: Usage) {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cached_tokens: usage.cachedTokens,
    cache_write_tokens: usage.cacheWriteTokens,
  };
}

/** Reasoning that carries a signature must go back unchanged, or its provider refuses it. */
function maskPart(deps: JournalDeps, part: Part): Part {
  if (part.type === 'text') return { ...part, text: deps.text.mask(part.text) };
  if (part.type === 'tool-call') return { ...part, input: deps.text.maskJson(part.input) };
  if (part.type === 'reasoning') {
    const text = deps.text.mask(part.text);
    // A provider's signature holds for its exact text only; without one the part is kept for people and not sent again.
    return text === part.text ? part : { type: 'reasoning', provider: part.provider, text };
  }
  return part;
}
