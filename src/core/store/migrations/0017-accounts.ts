/** Owns the schema of accounts of other services, and of the uses of a key that stands in for one. */
import type { Migration } from '../sqlite/migrate.ts';

export const accountsMigration: Migration = {
  version: 17,
  name: 'accounts',
  sql: `
create table accounts (
  name text primary key,
  state text not null check (state in ('signed-in', 'needs-login', 'revoked')),
  mirror text,
  expires_at integer,
  refresh_at integer,
  refreshed_at integer,
  failures integer not null,
  error text,
  limited_until integer,
  consent_at integer,
  signed_in_at integer not null,
  version integer not null
) strict, without rowid;

create table key_uses (
  key text not null,
  at integer not null,
  primary key (key, at)
) strict, without rowid;
`,
};
