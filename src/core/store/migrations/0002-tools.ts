/** Owns the second schema: versions of tools, requests for approval, and standing grants. */
import type { Migration } from '../sqlite/migrate.ts';

export const toolsMigration: Migration = {
  version: 2,
  name: 'tools',
  sql: `
create table tool_versions (
  id text primary key,
  name text not null,
  version integer not null,
  hash text not null unique,
  file text not null,
  origin text not null check (origin in ('user', 'ai', 'marketplace')),
  state text not null check (state in ('draft', 'pending', 'active', 'disabled', 'rejected', 'superseded', 'quarantined')),
  reason text,
  source text not null,
  code text not null,
  description text not null,
  permissions text not null,
  findings text not null,
  trials text not null,
  is_approved integer not null check (is_approved in (0, 1)),
  approval_id text,
  failures integer not null,
  created_by text,
  created_at integer not null,
  decided_by text,
  decided_at integer,
  unique (name, version)
) strict;

create table approvals (
  id text primary key,
  kind text not null check (kind in ('exec', 'tool')),
  act text not null,
  act_hash text not null,
  pattern text not null,
  reason text not null,
  detail text not null,
  state text not null check (state in ('pending', 'approved', 'denied', 'used', 'cancelled')),
  user_id text not null references users (id),
  conversation_id text,
  call_id text,
  created_at integer not null,
  expires_at integer not null,
  decided_by text references users (id),
  decided_at integer,
  scope text check (scope in ('once', 'conversation', 'pattern', 'always')),
  used_at integer
) strict;
create index approvals_by_act on approvals (act_hash, state);

create table approval_grants (
  id text primary key,
  approval_id text not null references approvals (id),
  kind text not null check (kind in ('exec', 'tool')),
  act text not null,
  scope text not null check (scope in ('conversation', 'pattern', 'always')),
  act_hash text,
  pattern text,
  user_id text not null references users (id),
  conversation_id text,
  expires_at integer,
  created_by text not null references users (id),
  created_at integer not null,
  revoked_by text references users (id),
  revoked_at integer
) strict;
create index approval_grants_by_act on approval_grants (act_hash);
create index approval_grants_by_pattern on approval_grants (pattern);
`,
};
