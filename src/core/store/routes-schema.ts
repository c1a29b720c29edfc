/** Owns the row type of decisions which model a turn goes to. Instants are milliseconds UTC, money is micro-USD. */
import type { Selectable } from 'kysely';

export interface RouteDecisionsTable {
  turn_id: string;
  conversation_id: string;
  user_id: string;
  tier: 'light' | 'main';
  /** The score part that decided. */
  reason: string;
  score: number;
  /** JSON: `{name, points}[]`. */
  parts: string;
  /** Microseconds that the decision took. */
  decision_us: number;
  decided_at: number;
  /** `provider/model` that the turn went to first; once it is over, the one that answered. */
  model: string;
  /** Of all model calls of the turn; null while it runs. */
  input_tokens: number | null;
  output_tokens: number | null;
  /** Null also when a price is not known. */
  cost_micro_usd: number | null;
  /** Milliseconds from the decision to the end of the turn. */
  ms: number | null;
  escalated: 0 | 1;
  /** Why the main model had to take over. */
  escalated_why: string | null;
}

export interface RoutesSchema {
  route_decisions: RouteDecisionsTable;
}

export type RouteDecisionRow = Selectable<RouteDecisionsTable>;
