/** Owns the schema of what was taken over from another assistant. */
import type { Migration } from '../sqlite/migrate.ts';

export const importMigration: Migration = {
  version: 23,
  name: 'import',
  sql: `
create table imported_items (
  source text not null,
  kind text not null,
  source_id text not null,
  target_id text not null,
  hash text not null,
  at integer not null,
  primary key (source, kind, source_id)
) strict, without rowid;
`,
};
