/** Owns the row types of budgets. Money is micro-USD, instants are milliseconds UTC. */
import type { Selectable } from 'kysely';

export type BudgetScope = 'home' | 'user' | 'room' | 'task' | 'tool';
export type BudgetUnit = 'money' | 'tokens' | 'calls';
export type BudgetPeriod = 'day' | 'month';

export interface BudgetsTable {
  id: string;
  scope: BudgetScope;
  /** Id of the user, folder of the room, id of the task, name of the tool; empty for the home. */
  subject: string;
  unit: BudgetUnit;
  period: BudgetPeriod;
  /** Micro-USD, tokens or calls. */
  amount: number;
  created_at: number;
}

export type BudgetRow = Selectable<BudgetsTable>;

/** What one budget has seen in one period. The settings that limit calls count here too, under an id of their own. */
export interface BudgetPeriodsTable {
  budget_id: string;
  starts_at: number;
  spent: number;
  /** Held for calls that run. */
  reserved: number;
  /** When it was told that most of it is used. */
  warned_at: number | null;
}

export type BudgetPeriodRow = Selectable<BudgetPeriodsTable>;

/** What a running model call holds of a budget. */
export interface BudgetHoldsTable {
  call_id: string;
  budget_id: string;
  starts_at: number;
  amount: number;
  /** Limit of the budget when it was held. */
  budget_amount: number;
  unit: BudgetUnit;
  /** Process that makes the call, as `pid:start`. */
  runner: string;
}

export type BudgetHoldRow = Selectable<BudgetHoldsTable>;

export interface SpendingSchema {
  budgets: BudgetsTable;
  budget_periods: BudgetPeriodsTable;
  budget_holds: BudgetHoldsTable;
}
