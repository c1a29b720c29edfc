/** Owns the schema of the model chain: states of providers, chosen models, and the tries of a call that failed. */
import type { Migration } from '../sqlite/migrate.ts';

export const modelChainMigration: Migration = {
  version: 16,
  name: 'model-chain',
  sql: `
create table provider_states (
  provider text primary key,
  failures integer not null,
  open_until integer,
  probe_until integer,
  last_failure text,
  patience_ms integer not null,
  patience_at integer not null,
  changed_at integer not null
) strict;

create table model_choices (
  scope text not null check (scope in ('user', 'room', 'task')),
  subject text not null,
  models text not null,
  set_by text references users (id) on delete set null,
  set_at integer not null,
  primary key (scope, subject)
) strict;

alter table model_calls add column tries text;
`,
};
