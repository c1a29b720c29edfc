/** Owns the row types of sums that stand for rows retention took away. Money is micro-USD. */

export interface CallSumsTable {
  /** Only says which of two is older. */
  id: number;
  /** Quarters of an hour since 1970-01-01 UTC. */
  quarter: number;
  user_id: string;
  model: string;
  tools: string;
  task_id: string | null;
  /** Folder of the room that asked. */
  room: string | null;
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cached_tokens: number;
  cache_write_tokens: number;
  cost_micro_usd: number;
  unpriced_calls: number;
  estimated_calls: number;
}

export interface RouteSumsTable {
  id: number;
  quarter: number;
  user_id: string;
  tier: 'light' | 'main';
  escalated: 0 | 1;
  turns: number;
  input_tokens: number;
  output_tokens: number;
  cost_micro_usd: number;
}

export interface RetentionSchema {
  call_sums: CallSumsTable;
  route_sums: RouteSumsTable;
}
