/** Owns the schema of the audit trail. The triggers stop mistakes, not attackers: whoever can write the file can drop them, and is found by the codes of the rows. */
import type { Migration } from '../sqlite/migrate.ts';

export const auditMigration: Migration = {
  version: 5,
  name: 'audit',
  sql: `
create table audit_events (
  seq integer primary key,
  at integer not null,
  user_id text,
  username text not null,
  via text not null,
  origin text not null,
  action text not null,
  target text,
  outcome text not null check (outcome in ('ok', 'denied', 'failed')),
  detail text not null,
  mac text not null
) strict;
create index audit_events_by_user on audit_events (username, seq);
create index audit_events_by_action on audit_events (action, seq);

create table audit_head (
  id integer primary key check (id = 1),
  seq integer not null,
  mac text not null,
  cut_seq integer not null,
  cut_mac text not null,
  seal text not null
) strict;
insert into audit_head (id, seq, mac, cut_seq, cut_mac, seal) values (1, 0, '', 0, '', '');

create trigger audit_events_unchanged before update on audit_events begin
  select raise(abort, 'a row of the audit trail is never changed');
end;
create trigger audit_events_kept before delete on audit_events
when old.seq > (select cut_seq from audit_head) begin
  select raise(abort, 'a row of the audit trail is never deleted');
end;
create trigger audit_events_in_order before insert on audit_events
when new.seq <> (select seq + 1 from audit_head) or exists (select 1 from audit_events where seq = new.seq) begin
  select raise(abort, 'a row of the audit trail is only ever added at its end');
end;
create trigger audit_head_kept before delete on audit_head begin
  select raise(abort, 'the head of the audit trail is never deleted');
end;
`,
};
