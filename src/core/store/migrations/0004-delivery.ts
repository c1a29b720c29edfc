/** Owns the schema of chat platforms (its indexes are whole ones: a bound parameter never uses a partial index): a message may come in before anybody knows whose it is, and every message that goes out is a row with a final state. */
import type { Migration } from '../sqlite/migrate.ts';

export const deliveryMigration: Migration = {
  version: 4,
  name: 'delivery',
  sql: `
create table inbound_next (
  seq integer primary key,
  id text not null unique,
  conversation_id text references conversations (id) on delete cascade,
  user_id text references users (id),
  channel text not null,
  chat_id text,
  external_id text,
  sender_id text,
  payload text,
  parts text not null,
  state text not null check (state in
    ('received', 'ignored', 'context', 'handled', 'queued', 'started', 'joined', 'dropped', 'failed')),
  reason text,
  turn_id text,
  runner text not null,
  sent_at integer not null,
  received_at integer not null,
  settled_at integer
) strict;
insert into inbound_next (id, conversation_id, user_id, channel, external_id, parts, state, reason, turn_id, runner,
  sent_at, received_at, settled_at)
  select id, conversation_id, user_id, channel, external_id, parts, state, reason, turn_id, runner, received_at,
    received_at, settled_at from inbound_messages order by received_at, id;
drop table inbound_messages;
alter table inbound_next rename to inbound_messages;
create unique index inbound_messages_once on inbound_messages (channel, chat_id, external_id);
create index inbound_messages_waiting on inbound_messages (conversation_id, state, sent_at);
create index inbound_messages_by_state on inbound_messages (state, received_at);
create index inbound_messages_by_turn on inbound_messages (turn_id);

alter table turns add column attempts integer not null default 1;
alter table turns add column retry_at integer;
create index turns_to_retry on turns (retry_at) where retry_at is not null;
create index turns_by_state on turns (state, conversation_id);

create table outbox_messages (
  seq integer primary key,
  id text not null unique,
  channel text not null,
  chat_id text not null,
  thread text,
  conversation_id text references conversations (id) on delete set null,
  turn_id text,
  kind text not null check (kind in ('answer', 'draft', 'notice', 'approval', 'reply', 'sent')),
  part integer not null,
  parts integer not null,
  text text not null,
  buttons text,
  file text,
  reply_to text,
  edits text,
  state text not null check (state in ('pending', 'sending', 'delivered', 'failed', 'uncertain', 'cancelled')),
  reason text,
  attempts integer not null,
  is_repeat integer not null check (is_repeat in (0, 1)),
  external_id text,
  runner text,
  next_attempt_at integer not null,
  created_at integer not null,
  settled_at integer
) strict;
create index outbox_messages_open on outbox_messages (state, chat_id, seq);
create index outbox_messages_by_turn on outbox_messages (turn_id);
create index outbox_messages_by_conversation on outbox_messages (conversation_id);

create table delivery_attempts (
  outbox_id text not null references outbox_messages (id) on delete cascade,
  attempt integer not null,
  outcome text not null,
  detail text,
  started_at integer not null,
  ended_at integer,
  primary key (outbox_id, attempt)
) strict;
`,
};
