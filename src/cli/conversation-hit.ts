/** Owns how a place found in a conversation is shown to people. */
import type { hitJson } from '../core/conversations/story-json.ts';

/** Two lines for people. */
export function hitText(hit: ReturnType<typeof hitJson>): string {
  const { created_at: at, role, title, conversation_id: id, message, snippet } = hit;
  return `${at.slice(0, 10)} ${role} in "${title}" (${id}, message ${message})\n  ${snippet}`;
}
