/** Owns the third schema: rooms of chat platforms, the folders they share, direct chats, the people seen there, and pairing codes. */
import type { Migration } from '../sqlite/migrate.ts';

export const roomsMigration: Migration = {
  version: 3,
  name: 'rooms',
  sql: `
create table room_folders (
  folder text primary key,
  conversation_id text references conversations (id) on delete set null,
  owner_id text not null references users (id),
  created_at integer not null
) strict;
create index room_folders_by_conversation on room_folders (conversation_id);

create table rooms (
  jid text primary key,
  channel text not null,
  name text not null,
  folder text not null references room_folders (folder),
  trigger_pattern text,
  requires_trigger integer not null check (requires_trigger in (0, 1)),
  is_main integer not null check (is_main in (0, 1)),
  created_at integer not null,
  updated_at integer not null
) strict;
create index rooms_by_folder on rooms (folder);
create unique index rooms_one_main on rooms (is_main) where is_main = 1;

create table direct_chats (
  jid text primary key,
  channel text not null,
  user_id text not null references users (id),
  conversation_id text references conversations (id) on delete set null,
  created_at integer not null
) strict;
create index direct_chats_by_conversation on direct_chats (conversation_id);

create table channel_people (
  channel text not null,
  person_id text not null,
  name text not null,
  user_id text references users (id),
  state text not null check (state in ('unknown', 'allowed', 'blocked')),
  first_seen_at integer not null,
  last_seen_at integer not null,
  primary key (channel, person_id)
) strict;
create index channel_people_by_user on channel_people (user_id);

create table pairings (
  id text primary key,
  channel text not null,
  person_id text not null,
  person_name text not null,
  chat_jid text not null,
  code_hash text not null unique,
  state text not null check (state in ('pending', 'approved', 'denied', 'expired')),
  created_at integer not null,
  expires_at integer not null,
  decided_by text references users (id),
  decided_at integer
) strict;
create index pairings_by_person on pairings (channel, person_id, created_at);

create table pairing_attempts (
  id text primary key,
  user_id text not null references users (id),
  at integer not null
) strict;
create index pairing_attempts_by_time on pairing_attempts (at);
`,
};
