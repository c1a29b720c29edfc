/** Owns the queries on webhooks and their deliveries. A delivery is queued in the transaction of the event it tells of. */
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { JsonObject } from '../kernel/messages.ts';
import { newId } from '../kernel/ids.ts';
import type { Schema } from './schema.ts';
import type { WebhookDeliveriesTable, WebhooksTable } from './webhooks-schema.ts';

export type WebhookRow = Selectable<WebhooksTable>;
export type WebhookDeliveryRow = Selectable<WebhookDeliveriesTable>;
export type WebhookQueries = ReturnType<typeof webhooksTable>;

/** What a webhook can be told of. */
export const WEBHOOK_EVENTS = [
  'turn.completed',
  'turn.failed',
  'message.failed',
  'approval.requested',
  'task.run',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export function webhooksTable(db: Kysely<Schema>) {
  return {
    /** Queues the event for every active webhook of its owner that asked for it. */
    async queue(ownerId: string, event: WebhookEvent, data: JsonObject, now: number): Promise<void> {
      const hooks = await db
        .selectFrom('webhooks')
        .select(['id', 'events'])
        .where('owner_id', '=', ownerId)
        .where('state', '=', 'active')
        .execute();
      for (const hook of hooks) {
        if (!(JSON.parse(hook.events) as string[]).includes(event)) continue;
        await db
          .insertInto('webhook_deliveries')
          .values(newDelivery(hook.id, event, data, now))
          .execute();
      }
    },
    ...hookQueries(db),
    ...deliveryQueries(db),
  };
}

/** A delivery that is due at once. */
export function newDelivery(webhookId: string, event: string, data: JsonObject, now: number): WebhookDeliveryRow {
  const body = JSON.stringify({ type: event, timestamp: new Date(now).toISOString(), data });
  return {
    id: newId(now),
    webhook_id: webhookId,
    event,
    body,
    state: 'pending',
    attempts: 0,
    next_attempt_at: now,
    status: null,
    response: null,
    error: null,
    created_at: now,
    settled_at: null,
  };
}

function hookQueries(db: Kysely<Schema>) {
  return {
    async insert(row: Insertable<WebhooksTable>): Promise<void> {
      await db.insertInto('webhooks').values(row).execute();
    },
    /** Newest first. */
    list(ownerId: string): Promise<WebhookRow[]> {
      return db.selectFrom('webhooks').selectAll().where('owner_id', '=', ownerId).orderBy('id', 'desc').execute();
    },
    /** At most two of the owner's whose id begins with `prefix`. */
    findByPrefix(ownerId: string, prefix: string): Promise<WebhookRow[]> {
      return db
        .selectFrom('webhooks')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('id', '>=', prefix)
        .where('id', '<', `${prefix}g`) // ids are hexadecimal: every continuation sorts before g
        .limit(2)
        .execute();
    },
    find(id: string): Promise<WebhookRow | undefined> {
      return db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
    },
    async change(id: string, change: Updateable<WebhooksTable>): Promise<void> {
      await db.updateTable('webhooks').set(change).where('id', '=', id).execute();
    },
    /** With its deliveries. */
    async remove(id: string, ownerId: string): Promise<boolean> {
      const result = await db
        .deleteFrom('webhooks')
        .where('id', '=', id)
        .where('owner_id', '=', ownerId)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

function deliveryQueries(db: Kysely<Schema>) {
  return {
    async insertDelivery(row: WebhookDeliveryRow): Promise<void> {
      await db.insertInto('webhook_deliveries').values(row).execute();
    },
    /** Oldest first. */
    due(now: number, limit: number): Promise<WebhookDeliveryRow[]> {
      return db
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('state', '=', 'pending')
        .where('next_attempt_at', '<=', now)
        .orderBy('next_attempt_at')
        .orderBy('id')
        .limit(limit)
        .execute();
    },
    /** When the first call is due, in milliseconds UTC; null when none waits. */
    async nextAttempt(): Promise<number | null> {
      const row = await db
        .selectFrom('webhook_deliveries')
        .select(({ fn }) => fn.min('next_attempt_at').as('at'))
        .where('state', '=', 'pending')
        .executeTakeFirst();
      return row?.at ?? null;
    },
    async changeDelivery(id: string, change: Updateable<WebhookDeliveriesTable>): Promise<void> {
      await db.updateTable('webhook_deliveries').set(change).where('id', '=', id).execute();
    },
    /** Gives up what waits for a webhook that is switched off. */
    async giveUp(webhookId: string, error: string, now: number): Promise<void> {
      await db
        .updateTable('webhook_deliveries')
        .set({ state: 'failed', error, settled_at: now })
        .where('webhook_id', '=', webhookId)
        .where('state', '=', 'pending')
        .execute();
    },
    /** Newest first. */
    deliveries(webhookId: string, limit: number): Promise<WebhookDeliveryRow[]> {
      return db
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('webhook_id', '=', webhookId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
    },
  };
}
