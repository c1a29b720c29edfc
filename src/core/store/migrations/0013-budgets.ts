/** Owns the schema of budgets: limits, one row per budget and period, and what running model calls hold of them. */
import type { Migration } from '../sqlite/migrate.ts';

export const budgetsMigration: Migration = {
  version: 13,
  name: 'budgets',
  sql: `
create table budgets (
  id text primary key,
  scope text not null check (scope in ('home', 'user', 'room', 'task', 'tool')),
  subject text not null,
  unit text not null check (unit in ('money', 'tokens', 'calls')),
  period text not null check (period in ('day', 'month')),
  amount integer not null check (amount >= 0),
  created_at integer not null,
  unique (scope, subject, unit, period)
) strict;

create table budget_periods (
  budget_id text not null,
  starts_at integer not null,
  spent integer not null,
  reserved integer not null check (reserved >= 0),
  warned_at integer,
  primary key (budget_id, starts_at)
) strict, without rowid;

create table budget_holds (
  call_id text not null,
  budget_id text not null,
  starts_at integer not null,
  amount integer not null,
  budget_amount integer not null,
  unit text not null,
  runner text not null,
  primary key (call_id, budget_id)
) strict, without rowid;
create index budget_holds_by_budget on budget_holds (budget_id, starts_at);

alter table model_calls add column task_id text;
alter table model_calls add column tools text not null default '';
alter table model_calls add column charged_micro_usd integer not null default 0;
alter table model_calls add column charged_tokens integer not null default 0;
alter table model_calls add column is_metered integer not null default 1 check (is_metered in (0, 1));
update model_calls set
  charged_micro_usd = coalesce(cost_micro_usd, (input_tokens + output_tokens) * 100),
  charged_tokens = input_tokens + output_tokens;
create index model_calls_by_time on model_calls (started_at);
`,
};
