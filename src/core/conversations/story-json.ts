/** Owns conversations, their stories and places found in them as JSON, the same on every surface. */
import { toWire } from '../kernel/wire.ts';
import { routeJson } from '../spending/route-json.ts';
import type { ConversationStory } from './conversation-story.ts';
import type { MessageHit } from './conversation-search.ts';

export function storyJson({ conversation, messages, turns, inbound, outbox, approvals }: ConversationStory) {
  return {
    ...conversation,
    messages: messages.map(toWire),
    turns: turns.map(({ turn, isAbandoned, modelCalls, toolCalls, route }) => ({
      ...turn,
      error: parsed(turn.error),
      is_abandoned: isAbandoned,
      route: route === undefined ? null : routeJson(route),
      model_calls: modelCalls.map((call) => ({ ...call, tries: parsed(call.tries) })),
      tool_calls: toolCalls.map((call) => ({ ...call, input: parsed(call.input) })),
    })),
    inbound: inbound.map((row) => ({ ...row, parts: parsed(row.parts), payload: parsed(row.payload) })),
    outbox: outbox.map(({ row, attempts }) => ({
      ...row,
      buttons: parsed(row.buttons),
      file: parsed(row.file),
      tries: attempts,
    })),
    approvals: approvals.map(({ id, kind, act, reason, state, call_id, created_at, decided_at, scope }) => ({
      id,
      kind,
      act,
      reason,
      state,
      call_id,
      created_at,
      decided_at,
      scope,
    })),
  };
}

/** A place found in a conversation. */
export function hitJson(hit: MessageHit) {
  return {
    conversation_id: hit.conversationId,
    title: hit.title,
    origin: hit.origin,
    message: hit.seq,
    role: hit.role,
    created_at: new Date(hit.createdAt).toISOString(),
    snippet: hit.snippet,
    score: hit.score,
  };
}

function parsed(json: string | null): unknown {
  return json === null ? null : (JSON.parse(json) as unknown);
}
