/** Owns the row types of tasks and their ledger. Instants are milliseconds UTC. */

export type TaskState = 'active' | 'paused' | 'disabled' | 'done' | 'cancelled';
export type MisfirePolicy = 'skip' | 'once' | 'all';

export interface TasksTable {
  id: string;
  /** As whom it runs. */
  owner_id: string;
  /** The id that people use; unique among the tasks of its owner. */
  name: string;
  /** Chat that gets the answers; null: they are kept. */
  chat_id: string | null;
  prompt: string | null;
  tool: string | null;
  /** JSON object. */
  tool_input: string | null;
  /** Tool that decides whether a due instant runs. */
  gate: string | null;
  schedule_type: 'cron' | 'interval' | 'once';
  schedule_value: string;
  zone: string;
  /** What an interval counts from. */
  anchor_at: number;
  misfire: MisfirePolicy;
  max_lateness_ms: number | null;
  context: 'group' | 'isolated';
  /** The conversation of a task with context `group` that belongs to no room. */
  conversation_id: string | null;
  /** Most that one run may cost. */
  budget_micro_usd: number | null;
  state: TaskState;
  /** Why it is in this state. */
  reason: string | null;
  /** The first instant that has no row in the ledger yet; null when none comes. */
  next_at: number | null;
  /** Failed runs in a row. */
  failures: number;
  /** When the first of them failed. */
  failing_since: number | null;
  /** Until then due instants are skipped, because the last runs failed. */
  backoff_until: number | null;
  created_at: number;
  updated_at: number;
}

export type TaskRunState = 'running' | 'ran' | 'skipped' | 'missed' | 'failed';

/** The ledger: one row per due instant. */
export interface TaskRunsTable {
  id: string;
  task_id: string;
  due_at: number;
  /** 1: begun by hand, so that its instant is no due one. */
  is_manual: number;
  /** More than 1: the row stands for that many instants, from `due_at` to `last_due_at`. */
  instants: number;
  last_due_at: number;
  state: TaskRunState;
  reason: string | null;
  /** Process that runs it, as `pid:start`. */
  runner: string | null;
  /** Grows while that process renews its claim. */
  beat: number;
  conversation_id: string | null;
  /** The message that asked for the turn; also what makes it be asked only once. */
  inbound_id: string | null;
  turn_id: string | null;
  /** 1: its tool was begun; it is not begun again. */
  is_tool_begun: number;
  output: string | null;
  claimed_at: number;
  ended_at: number | null;
}

export interface TasksSchema {
  tasks: TasksTable;
  task_runs: TaskRunsTable;
}
