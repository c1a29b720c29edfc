/** Owns the row type of compactions. Instants are milliseconds UTC. */
import type { Selectable } from 'kysely';

export interface CompactionsTable {
  id: string;
  conversation_id: string;
  /** Messages 1 … this number are given as `state`. */
  up_to_seq: number;
  /** JSON: `CompactState` of agent/compact-state. */
  state: string;
  origin: 'automatic' | 'asked';
  created_at: number;
  undone_at: number | null;
}

export interface CompactionsSchema {
  compactions: CompactionsTable;
}

export type CompactionRow = Selectable<CompactionsTable>;
