/** Owns the schema of decisions which model a turn goes to. */
import type { Migration } from '../sqlite/migrate.ts';

export const routesMigration: Migration = {
  version: 18,
  name: 'routes',
  sql: `
create table route_decisions (
  turn_id text primary key,
  conversation_id text not null,
  user_id text not null,
  tier text not null check (tier in ('light', 'main')),
  reason text not null,
  score integer not null,
  parts text not null,
  decision_us integer not null,
  decided_at integer not null,
  model text not null,
  input_tokens integer,
  output_tokens integer,
  cost_micro_usd integer,
  ms integer,
  escalated integer not null default 0 check (escalated in (0, 1)),
  escalated_why text
) strict, without rowid;
create index route_decisions_by_user on route_decisions (user_id, decided_at);
create index route_decisions_by_conversation on route_decisions (conversation_id, decided_at);
`,
};
