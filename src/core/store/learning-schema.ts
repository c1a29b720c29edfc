/** Owns the row type of the passes that learn from a conversation. Instants are milliseconds UTC. */
import type { Selectable } from 'kysely';

/** `learned`: its memories are stored, what is told of them outside the store is not. */
export type LearningState = 'pending' | 'running' | 'learned' | 'done' | 'skipped';

export interface LearningPassesTable {
  id: string;
  conversation_id: string;
  user_id: string;
  /** The messages that it looks at, by their numbers. */
  from_seq: number;
  up_to_seq: number;
  state: LearningState;
  /** Why nothing was learned, or why no model was asked; null: a model was. */
  reason: string | null;
  /** `provider/model` that was asked. */
  model: string | null;
  /** How many memories were written. */
  learned: number;
  /** How often it was begun. */
  attempts: number;
  /** The process that works on it. */
  runner: string | null;
  created_at: number;
  ended_at: number | null;
}

export type LearningPassRow = Selectable<LearningPassesTable>;

export interface LearningSchema {
  learning_passes: LearningPassesTable;
}
