/** Owns the schema of tags and of the full-text index of messages. A message waits in a list until it is indexed, so that a turn does not pay for it; messages of older homes wait there too. */
import type { Migration } from '../sqlite/migrate.ts';

export const conversationSearchMigration: Migration = {
  version: 8,
  name: 'conversation-search',
  sql: `
create table conversation_tags (
  conversation_id text not null references conversations (id) on delete cascade,
  tag text not null,
  created_at integer not null,
  primary key (conversation_id, tag)
) strict;
create index conversation_tags_by_tag on conversation_tags (tag);

create virtual table message_index using fts5(
  owner, words, grams,
  content = '', contentless_delete = 1,
  tokenize = 'porter unicode61 remove_diacritics 2'
);
create table messages_to_index (message_id integer primary key) strict;
insert into messages_to_index select id from messages;
create trigger messages_wait_for_index after insert on messages begin
  insert or ignore into messages_to_index values (new.id);
end;
create trigger messages_leave_index after delete on messages begin
  delete from messages_to_index where message_id = old.id;
  delete from message_index where rowid = old.id;
end;
`,
};
