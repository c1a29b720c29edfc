/** Owns the first schema: users, conversations, the journal of turns, and what came in. */
import type { Migration } from '../sqlite/migrate.ts';

export const conversationsMigration: Migration = {
  version: 1,
  name: 'conversations',
  sql: `
create table users (
  id text primary key,
  username text not null unique,
  role text not null check (role in ('admin', 'user', 'readonly')),
  state text not null check (state in ('active', 'disabled')),
  created_at integer not null
) strict;

create table conversations (
  id text primary key,
  owner_id text not null references users (id),
  title text not null,
  origin text not null,
  parent_id text,
  parent_seq integer,
  created_at integer not null,
  updated_at integer not null
) strict;
create index conversations_by_owner on conversations (owner_id, updated_at);

create table turns (
  id text primary key,
  conversation_id text not null references conversations (id) on delete cascade,
  user_id text not null references users (id),
  model text not null,
  state text not null check (state in ('running', 'done', 'failed', 'interrupted')),
  stop_reason text,
  error text,
  runner text not null,
  started_at integer not null,
  ended_at integer
) strict;
create index turns_by_conversation on turns (conversation_id, started_at);
create unique index turns_one_running on turns (conversation_id) where state = 'running';

create table messages (
  id integer primary key,
  conversation_id text not null references conversations (id) on delete cascade,
  seq integer not null,
  turn_id text not null,
  role text not null check (role in ('user', 'assistant', 'tool')),
  parts text not null,
  state text not null check (state in ('complete', 'partial')),
  created_at integer not null,
  unique (conversation_id, seq)
) strict;

create table inbound_messages (
  id text primary key,
  conversation_id text not null references conversations (id) on delete cascade,
  user_id text not null references users (id),
  channel text not null,
  external_id text,
  parts text not null,
  state text not null check (state in ('queued', 'started', 'joined', 'dropped')),
  reason text,
  turn_id text,
  runner text not null,
  received_at integer not null,
  settled_at integer,
  unique (channel, external_id)
) strict;
create index inbound_messages_queued on inbound_messages (conversation_id, received_at) where state = 'queued';

create table model_calls (
  id text primary key,
  turn_id text not null,
  conversation_id text not null,
  user_id text not null references users (id),
  model text not null,
  state text not null check (state in ('started', 'done', 'failed', 'cancelled', 'lost')),
  stop_reason text,
  input_tokens integer not null,
  output_tokens integer not null,
  cached_tokens integer not null,
  cache_write_tokens integer not null,
  cost_micro_usd integer,
  is_estimated integer not null check (is_estimated in (0, 1)),
  error text,
  started_at integer not null,
  ended_at integer
) strict;
create index model_calls_by_turn on model_calls (turn_id);
create index model_calls_by_user on model_calls (user_id, started_at);

create table tool_calls (
  id text primary key,
  turn_id text not null references turns (id) on delete cascade,
  conversation_id text not null,
  message_seq integer not null,
  position integer not null,
  call_id text not null,
  name text not null,
  input text not null,
  state text not null check (state in ('pending', 'started', 'done')),
  status text,
  output text,
  provenance text,
  ms integer,
  started_at integer,
  ended_at integer,
  unique (turn_id, message_seq, position)
) strict;
`,
};
