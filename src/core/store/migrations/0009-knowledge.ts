/** Owns the schema of knowledge. The index holds tokens only (`kernel/search-tokens.ts`), each with the mark of its owner before it; the text stays in the chunks. */
import type { Migration } from '../sqlite/migrate.ts';

export const knowledgeMigration: Migration = {
  version: 9,
  name: 'knowledge',
  sql: `
create table knowledge_documents (
  seq integer primary key autoincrement,
  id text not null,
  owner_id text not null references users (id),
  source text not null,
  title text not null,
  kind text not null,
  provenance text not null check (provenance in ('user', 'file', 'web')),
  hash text not null,
  bytes integer not null,
  stamp text,
  state text not null check (state in ('indexing', 'ready')),
  created_at integer not null,
  updated_at integer not null
) strict;
create unique index knowledge_documents_by_id on knowledge_documents (owner_id, id);
create unique index knowledge_documents_by_source on knowledge_documents (owner_id, source);
create index knowledge_documents_by_hash on knowledge_documents (owner_id, hash);

create table knowledge_chunks (
  seq integer primary key autoincrement,
  document_seq integer not null references knowledge_documents (seq) on delete cascade,
  owner_id text not null,
  position integer not null,
  section integer not null,
  heading text not null,
  place text not null,
  text text not null,
  hash text not null
) strict;
create index knowledge_chunks_by_document on knowledge_chunks (document_seq, section, position);
create index knowledge_chunks_by_owner on knowledge_chunks (owner_id);

create virtual table knowledge_index using fts5 (
  title, words, pairs, content = '', contentless_delete = 1, tokenize = 'ascii'
);

create table knowledge_folders (
  id text primary key,
  owner_id text not null references users (id),
  path text not null,
  created_at integer not null,
  checked_at integer
) strict;
create unique index knowledge_folders_once on knowledge_folders (owner_id, path);
`,
};
