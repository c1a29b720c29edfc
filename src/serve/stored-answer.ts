/** Owns the answer of a turn whose events are not kept any more, as the store tells it. It is for its user only. */
import { turnAnswer } from '../core/agent/turn-answer.ts';
import type { StopReason, TurnEnd } from '../core/kernel/events.ts';
import type { ToolStatus } from '../core/kernel/messages.ts';
import { isProcessAlive } from '../core/kernel/process-identity.ts';
import type { TurnRow } from '../core/store/journal-tables.ts';
import type { Store } from '../core/store/store.ts';

/** The end of the turn of that id, or of the conversation's last one; `running` while a process is at it; undefined when there is none of this user. What a dead process left is told as interrupted. */
export async function storedAnswer(
  store: Store,
  userId: string,
  asked: { readonly turnId: string | undefined; readonly conversationId: string | undefined },
): Promise<TurnEnd | 'running' | undefined> {
  const turn = await findTurn(store, userId, asked);
  if (turn === undefined || turn.user_id !== userId) return undefined;
  if (turn.state === 'running' && isProcessAlive(turn.runner)) return 'running';
  const rows = await store.conversations.messages(turn.conversation_id);
  const calls = await store.journal.modelCalls(turn.id);
  const tools = await store.journal.toolCalls(turn.id);
  const sum = (of: (call: (typeof calls)[number]) => number): number =>
    calls.reduce((total, call) => total + of(call), 0);
  const isPriced = calls.every((call) => call.cost_micro_usd !== null);
  return {
    type: 'turn-end',
    conversationId: turn.conversation_id,
    turnId: turn.id,
    model: turn.model,
    text: turnAnswer(rows, turn.id),
    stopReason: (turn.stop_reason ?? 'interrupted') as StopReason,
    usage: {
      inputTokens: sum((call) => call.input_tokens),
      outputTokens: sum((call) => call.output_tokens),
      cachedTokens: sum((call) => call.cached_tokens),
      costUsd: isPriced ? sum((call) => call.cost_micro_usd ?? 0) / 1e6 : null,
    },
    tools: tools.map(({ name, status, ms }) => ({ name, status: (status ?? 'cancelled') as ToolStatus, ms: ms ?? 0 })),
    ...(turn.error === null ? {} : { error: JSON.parse(turn.error) as NonNullable<TurnEnd['error']> }),
  };
}

async function findTurn(
  store: Store,
  userId: string,
  asked: { readonly turnId: string | undefined; readonly conversationId: string | undefined },
): Promise<TurnRow | undefined> {
  if (asked.turnId !== undefined) return store.journal.turn(asked.turnId);
  if (asked.conversationId === undefined) return undefined;
  const conversation = await store.conversations.find(asked.conversationId, userId);
  return conversation === undefined ? undefined : (await store.journal.turns(conversation.id)).at(-1);
}
