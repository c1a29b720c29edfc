/** Owns the schema of sub-tasks that a turn handed to the cheap model. */
import type { Migration } from '../sqlite/migrate.ts';

export const delegationsMigration: Migration = {
  version: 21,
  name: 'delegations',
  sql: `
create table delegations (
  turn_id text not null,
  call_id text not null,
  input_hash text not null,
  conversation_id text not null references conversations (id) on delete cascade,
  model_call_id text not null,
  answer text not null,
  ended_at integer not null,
  primary key (turn_id, call_id, input_hash)
) strict, without rowid;
create index delegations_by_conversation on delegations (conversation_id);
`,
};
