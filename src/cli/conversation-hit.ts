/** Owns how a place found in a conversation is shown. */
import type { MessageHit } from '../core/conversations/conversation-search.ts';

/** Its JSON form. */
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

/** Two lines for people. */
export function hitText(hit: ReturnType<typeof hitJson>): string {
  const { created_at: at, role, title, conversation_id: id, message, snippet } = hit;
  return `${at.slice(0, 10)} ${role} in "${title}" (${id}, message ${message})\n  ${snippet}`;
}
