/** Owns the schema of what stays of model calls and decisions that retention takes away: sums of a quarter of an hour, so that days of every time zone keep theirs. */
import type { Migration } from '../sqlite/migrate.ts';

export const retentionMigration: Migration = {
  version: 24,
  name: 'retention',
  sql: `
create table call_sums (
  id integer primary key,
  quarter integer not null,
  user_id text not null references users (id),
  model text not null,
  tools text not null,
  task_id text,
  room text,
  calls integer not null,
  input_tokens integer not null,
  output_tokens integer not null,
  cached_tokens integer not null,
  cache_write_tokens integer not null,
  cost_micro_usd integer not null,
  unpriced_calls integer not null,
  estimated_calls integer not null
) strict;
create index call_sums_by_time on call_sums (quarter);
create index call_sums_by_user on call_sums (user_id);

create table route_sums (
  id integer primary key,
  quarter integer not null,
  user_id text not null,
  tier text not null check (tier in ('light', 'main')),
  escalated integer not null check (escalated in (0, 1)),
  turns integer not null,
  input_tokens integer not null,
  output_tokens integer not null,
  cost_micro_usd integer not null
) strict;
create index route_sums_by_time on route_sums (quarter);

alter table model_calls add column room text;
`,
};
