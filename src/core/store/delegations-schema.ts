/** Owns the row type of sub-tasks that a turn handed to the cheap model and that were done. Instants are milliseconds UTC. */
export interface DelegationsTable {
  turn_id: string;
  /** The model's own id of the tool call. */
  call_id: string;
  /** SHA-256 of what was asked, hexadecimal. */
  input_hash: string;
  conversation_id: string;
  model_call_id: string;
  answer: string;
  ended_at: number;
}

export interface DelegationsSchema {
  delegations: DelegationsTable;
}
