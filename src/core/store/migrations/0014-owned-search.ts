/** Owns the schema of the indexes of memories and messages: terms that carry the mark of their owner. Their rows wait to be indexed, because only the program knows the terms of a text. */
import type { Migration } from '../sqlite/migrate.ts';

export const ownedSearchMigration: Migration = {
  version: 14,
  name: 'owned-search',
  sql: `
create table memories_to_index (seq integer primary key) strict;
insert into memories_to_index select seq from memories where state = 'active';
drop trigger memories_leave_index;
drop table memory_index;
create virtual table memory_index using fts5(
  terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
create trigger memories_leave_index after delete on memories begin
  delete from memories_to_index where seq = old.seq;
  delete from memory_index where rowid = old.seq;
end;

insert or ignore into messages_to_index select id from messages;
drop table message_index;
create virtual table message_index using fts5(
  terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
`,
};
