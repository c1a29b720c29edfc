/** Owns the schema of memories: one row per holder, category and key, the values it had before, and a full-text index of the active ones. */
import type { Migration } from '../sqlite/migrate.ts';

export const memoriesMigration: Migration = {
  version: 6,
  name: 'memories',
  sql: `
create table memories (
  seq integer primary key autoincrement,
  id text not null unique,
  holder text not null,
  user_id text references users (id) on delete cascade,
  category text not null check (category in ('user_info', 'preferences', 'facts', 'notes', 'reminders')),
  key text not null,
  value text not null,
  importance integer not null check (importance between 1 and 5),
  expires_at integer,
  state text not null check (state in ('active', 'archived')),
  reason text,
  origin text not null check (origin in ('person', 'tool', 'learned')),
  why text not null,
  conversation_id text,
  created_at integer not null,
  updated_at integer not null,
  archived_at integer,
  unique (holder, category, key)
) strict;
create index memories_by_rank on memories (holder, state, importance desc, updated_at desc);
create index memories_by_user on memories (user_id);
create index memories_by_expiry on memories (holder, expires_at) where expires_at is not null and state = 'active';

create table memory_history (
  seq integer primary key autoincrement,
  memory_id text not null references memories (id) on delete cascade,
  value text not null,
  importance integer not null,
  origin text not null,
  why text not null,
  conversation_id text,
  set_at integer not null,
  replaced_at integer not null
) strict;
create index memory_history_by_memory on memory_history (memory_id, replaced_at);

create virtual table memory_index using fts5(
  holder, words, grams,
  content = '', contentless_delete = 1,
  tokenize = 'porter unicode61 remove_diacritics 2'
);
create trigger memories_leave_index after delete on memories begin
  delete from memory_index where rowid = old.seq;
end;
`,
};
