/** Owns the schema of what came from marketplaces. */
import type { Migration } from '../sqlite/migrate.ts';

export const marketplaceMigration: Migration = {
  version: 22,
  name: 'marketplace',
  sql: `
create table marketplace_registries (
  location text primary key,
  key_id text not null,
  public_key text not null,
  sequence integer not null,
  seen_at integer not null
) strict, without rowid;
create table marketplace_keys (
  registry text not null,
  name text not null,
  key_id text not null,
  public_key text not null,
  pinned_at integer not null,
  pinned_by text,
  primary key (registry, name)
) strict, without rowid;
create table marketplace_packages (
  name text primary key,
  state text not null check (state in ('placing', 'installed', 'removing')),
  version_id text not null references tool_versions (id),
  version text not null,
  registry text not null,
  registry_key_id text,
  key_id text not null,
  installed_at integer not null,
  installed_by text
) strict, without rowid;
create table marketplace_versions (
  name text not null,
  key_id text not null,
  version text not null,
  version_id text not null references tool_versions (id),
  hash text not null,
  manifest_hash text not null,
  manifest text not null,
  signature text not null,
  installed_at integer not null,
  primary key (name, key_id, version)
) strict, without rowid;
create table marketplace_revocations (
  registry text not null,
  name text not null,
  version text not null,
  sha256 text not null,
  key_id text not null,
  reason text not null,
  at text not null,
  seen_at integer not null,
  primary key (registry, name, version, sha256, key_id)
) strict, without rowid;
`,
};
