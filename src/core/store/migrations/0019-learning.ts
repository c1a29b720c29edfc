/** Owns the schema of the passes that learn from conversations, and of where a memory was said. */
import type { Migration } from '../sqlite/migrate.ts';

export const learningMigration: Migration = {
  version: 19,
  name: 'learning',
  sql: `
create table learning_passes (
  id text primary key,
  conversation_id text not null references conversations (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  from_seq integer not null,
  up_to_seq integer not null,
  state text not null check (state in ('pending', 'running', 'learned', 'done', 'skipped')),
  reason text,
  model text,
  learned integer not null,
  attempts integer not null,
  runner text,
  created_at integer not null,
  ended_at integer,
  unique (conversation_id, up_to_seq)
) strict;
create index learning_passes_open on learning_passes (created_at) where state in ('pending', 'running', 'learned');
create index learning_passes_by_user on learning_passes (user_id, created_at);

alter table memories add column message_seq integer;
`,
};
