/** Owns the schema of the vectors of passages: one of each passage at most, of the embedding model that `space` names. */
import type { Migration } from '../sqlite/migrate.ts';

export const vectorsMigration: Migration = {
  version: 20,
  name: 'vectors',
  sql: `
create table knowledge_vectors (
  id integer primary key autoincrement,
  chunk_seq integer not null unique references knowledge_chunks (seq) on delete cascade,
  owner_id text not null,
  space text not null,
  code blob not null,
  vector blob not null
) strict;
create index knowledge_vectors_by_owner on knowledge_vectors (owner_id, space, id);
`,
};
