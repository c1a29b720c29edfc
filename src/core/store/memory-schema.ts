/** Owns the row types of memories. Instants are milliseconds UTC. */
import type { Generated, Selectable } from 'kysely';

export type MemoryCategory = 'user_info' | 'preferences' | 'facts' | 'notes' | 'reminders';
/** Who wrote it: a person at a surface, the assistant by its tool, or the pass after a conversation. */
export type MemoryOrigin = 'person' | 'tool' | 'learned';

export interface MemoriesTable {
  /** Key of its row in the index. */
  seq: Generated<number>;
  id: string;
  /** Whose it is: `user:<id>` or `room:<folder>`. */
  holder: string;
  /** The user, or null for a room's. */
  user_id: string | null;
  category: MemoryCategory;
  /** Lower case; one row per holder, category and key. */
  key: string;
  value: string;
  /** 1 to 5. */
  importance: number;
  expires_at: number | null;
  /** `archived`: kept, but never recalled. */
  state: 'active' | 'archived';
  /** Why it is archived: `over-limit`, `expired` or `removed`. */
  reason: string | null;
  origin: MemoryOrigin;
  /** Why it is there, for people. */
  why: string;
  conversation_id: string | null;
  /** The number of the message in which it was said, when it was learned from one. */
  message_seq: number | null;
  created_at: number;
  /** When its value was set. */
  updated_at: number;
  archived_at: number | null;
}

export type MemoryRow = Selectable<MemoriesTable>;

/** A value that a newer one replaced. */
export interface MemoryHistoryTable {
  seq: Generated<number>;
  memory_id: string;
  value: string;
  importance: number;
  origin: MemoryOrigin;
  why: string;
  conversation_id: string | null;
  set_at: number;
  replaced_at: number;
}

/** Memories that wait to be indexed: all of them after the index was made anew. */
export interface MemoriesToIndexTable {
  seq: number;
}

export interface MemorySchema {
  memories_to_index: MemoriesToIndexTable;
  memories: MemoriesTable;
  memory_history: MemoryHistoryTable;
}
