/** Owns the schema of links that sign a browser in once, and of what is known of a browser: its cookie, and who proved in it who they are before it was let in. */
import type { Migration } from '../sqlite/migrate.ts';

export const signInLinksMigration: Migration = {
  version: 25,
  name: 'sign-in-links',
  sql: `
create table sign_in_links (
  id text primary key,
  kind text not null check (kind in ('set-up', 'sign-in')),
  hash text not null unique,
  user_id text references users (id) on delete cascade,
  created_at integer not null,
  expires_at integer not null,
  used_at integer,
  ended_at integer
) strict;
create index sign_in_links_by_end on sign_in_links (expires_at);
create index sign_in_links_by_user on sign_in_links (user_id);

alter table devices add column cookie_hash text;
alter table devices add column asked_by text references users (id) on delete cascade;
alter table devices add column last_seen_at integer;
create index devices_by_cookie on devices (cookie_hash);
create index devices_by_asker on devices (asked_by);
`,
};
