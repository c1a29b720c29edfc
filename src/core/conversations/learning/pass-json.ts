/** Owns the JSON form of a pass that learns from a conversation, the same on every surface. */
import type { LearningPassRow } from '../../store/learning-schema.ts';

export function passJson(row: LearningPassRow) {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    from_message: row.from_seq,
    to_message: row.up_to_seq,
    state: row.state,
    learned: row.learned,
    model: row.model,
    reason: row.reason,
    created_at: new Date(row.created_at).toISOString(),
  };
}
