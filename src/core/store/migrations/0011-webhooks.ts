/** Owns the schema of webhooks. */
import type { Migration } from '../sqlite/migrate.ts';

export const webhooksMigration: Migration = {
  version: 11,
  name: 'webhooks',
  sql: `
create table webhooks (
  id text primary key,
  owner_id text not null references users (id) on delete cascade,
  url text not null,
  events text not null,
  state text not null check (state in ('active', 'disabled')),
  reason text,
  failures integer not null,
  created_at integer not null,
  updated_at integer not null
) strict;
create index webhooks_by_owner on webhooks (owner_id, state);

create table webhook_deliveries (
  id text primary key,
  webhook_id text not null references webhooks (id) on delete cascade,
  event text not null,
  body text not null,
  state text not null check (state in ('pending', 'delivered', 'failed')),
  attempts integer not null,
  next_attempt_at integer not null,
  status integer,
  response text,
  error text,
  created_at integer not null,
  settled_at integer
) strict;
create index webhook_deliveries_due on webhook_deliveries (state, next_attempt_at);
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, created_at);
`,
};
