/** Owns the schema of access: keys, passwords, token families, sessions and devices; a user name differs from another by more than its case. */
import type { Migration } from '../sqlite/migrate.ts';

export const accessMigration: Migration = {
  version: 7,
  name: 'access',
  sql: `
create unique index users_by_name on users (lower(username));

create table api_keys (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  name text not null,
  prefix text not null,
  hash text not null unique,
  scopes text,
  created_at integer not null,
  expires_at integer,
  revoked_at integer,
  last_used_at integer
) strict;
create index api_keys_by_user on api_keys (user_id, created_at);

create table passwords (
  user_id text primary key references users (id) on delete cascade,
  hash text not null,
  changed_at integer not null
) strict;

create table token_families (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  from_address text not null,
  created_at integer not null,
  expires_at integer not null,
  revoked_at integer,
  revoked_reason text
) strict;
create index token_families_by_user on token_families (user_id);
create index token_families_by_end on token_families (expires_at);

create table refresh_tokens (
  hash text primary key,
  family_id text not null references token_families (id) on delete cascade,
  created_at integer not null,
  used_at integer
) strict;
create index refresh_tokens_by_family on refresh_tokens (family_id);

create table devices (
  id text primary key,
  user_id text references users (id) on delete cascade,
  name text not null,
  secret_hash text not null unique,
  code_hash text not null unique,
  state text not null check (state in ('pending', 'approved', 'denied', 'revoked')),
  from_address text not null,
  created_at integer not null,
  expires_at integer not null,
  decided_by text references users (id) on delete set null,
  decided_at integer,
  claimed_at integer
) strict;
create index devices_by_user on devices (user_id);
create index devices_by_time on devices (created_at);

create table sessions (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  device_id text references devices (id) on delete cascade,
  hash text not null unique,
  from_address text not null,
  agent text not null,
  created_at integer not null,
  last_seen_at integer not null,
  expires_at integer not null,
  revoked_at integer
) strict;
create index sessions_by_user on sessions (user_id, created_at);
create index sessions_by_device on sessions (device_id);
create index sessions_by_end on sessions (expires_at);
`,
};
