/** Owns the schema of compactions: which messages of a conversation a model gets as a state instead. The messages stay. */
import type { Migration } from '../sqlite/migrate.ts';

export const compactionsMigration: Migration = {
  version: 10,
  name: 'compactions',
  sql: `
create table compactions (
  id text primary key,
  conversation_id text not null references conversations (id) on delete cascade,
  up_to_seq integer not null,
  state text not null,
  origin text not null check (origin in ('automatic', 'asked')),
  created_at integer not null,
  undone_at integer
) strict;
create index compactions_by_conversation on compactions (conversation_id, created_at);
`,
};
