/** Owns the schema of scheduled tasks: every due instant has exactly one row in the ledger, begun by hand or not. */
import type { Migration } from '../sqlite/migrate.ts';

export const tasksMigration: Migration = {
  version: 12,
  name: 'tasks',
  sql: `
create table tasks (
  id text primary key,
  owner_id text not null references users (id),
  chat_id text,
  prompt text,
  tool text,
  tool_input text,
  gate text,
  schedule_type text not null check (schedule_type in ('cron', 'interval', 'once')),
  schedule_value text not null,
  zone text not null,
  anchor_at integer not null,
  misfire text not null check (misfire in ('skip', 'once', 'all')),
  max_lateness_ms integer,
  context text not null check (context in ('group', 'isolated')),
  conversation_id text references conversations (id) on delete set null,
  budget_micro_usd integer,
  state text not null check (state in ('active', 'paused', 'disabled', 'done', 'cancelled')),
  reason text,
  next_at integer,
  failures integer not null,
  backoff_until integer,
  created_at integer not null,
  updated_at integer not null,
  check ((prompt is null) <> (tool is null))
) strict;
create index tasks_due on tasks (state, next_at);
create index tasks_by_owner on tasks (owner_id);

create table task_runs (
  id text primary key,
  task_id text not null references tasks (id) on delete cascade,
  due_at integer not null,
  is_manual integer not null check (is_manual in (0, 1)),
  instants integer not null,
  last_due_at integer not null,
  state text not null check (state in ('running', 'ran', 'skipped', 'missed', 'failed')),
  reason text,
  runner text,
  conversation_id text,
  inbound_id text,
  turn_id text,
  is_tool_begun integer not null,
  output text,
  claimed_at integer not null,
  ended_at integer,
  unique (task_id, is_manual, due_at)
) strict;
create index task_runs_open on task_runs (state, task_id);
`,
};
