/** Owns the queries on messages that go out: what is due, what each try came to, and the state it ended in. */
import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type { DeliveryAttemptsTable, OutboxMessagesTable, Schema } from './schema.ts';

export type OutboxRow = Selectable<OutboxMessagesTable>;
export type DeliveryAttemptRow = Selectable<DeliveryAttemptsTable>;
export type OutboxQueries = ReturnType<typeof sendingQueries> &
  ReturnType<typeof failedQueries> &
  ReturnType<typeof waitingQueries> &
  ReturnType<typeof readingQueries>;

export function outboxTable(db: Kysely<Schema>): OutboxQueries {
  return { ...sendingQueries(db), ...failedQueries(db), ...waitingQueries(db), ...readingQueries(db) };
}

const OPEN = ['pending', 'sending'] as const;

/** Why a message waits whose platform is off. */
export const reasonOff = (channel: string): string => `${channel} is off`;

function sendingQueries(db: Kysely<Schema>) {
  return {
    async insert(rows: readonly Insertable<OutboxMessagesTable>[]): Promise<void> {
      if (rows.length > 0) await db.insertInto('outbox_messages').values(rows).execute();
    },
    /** The first open message of each chat, due or not: no message overtakes an earlier one of its chat. */
    heads(): Promise<OutboxRow[]> {
      return db
        .selectFrom('outbox_messages')
        .selectAll()
        .where('seq', 'in', ({ selectFrom }) =>
          selectFrom('outbox_messages')
            .select(sql<number>`min(seq)`.as('seq'))
            .where('state', 'in', OPEN)
            .groupBy('chat_id'),
        )
        .execute();
    },
    /** The first open message of one chat. */
    head(chatId: string): Promise<OutboxRow | undefined> {
      return db
        .selectFrom('outbox_messages')
        .selectAll()
        .where('chat_id', '=', chatId)
        .where('state', 'in', OPEN)
        .orderBy('seq')
        .limit(1)
        .executeTakeFirst();
    },
    /** Changes an open message; false when it was settled meanwhile. */
    async change(id: string, change: Updateable<OutboxMessagesTable>): Promise<boolean> {
      const result = await db
        .updateTable('outbox_messages')
        .set(change)
        .where('id', '=', id)
        .where('state', 'in', OPEN)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async openAttempt(row: Insertable<DeliveryAttemptsTable>): Promise<void> {
      await db.insertInto('delivery_attempts').values(row).execute();
    },
    async closeAttempt(
      id: string,
      attempt: number,
      end: { outcome: string; detail: string | null; ended_at: number },
    ): Promise<void> {
      await db
        .updateTable('delivery_attempts')
        .set(end)
        .where('outbox_id', '=', id)
        .where('attempt', '=', attempt)
        .execute();
    },
  };
}

function failedQueries(db: Kysely<Schema>) {
  return {
    /** Gives up a message that failed; false when it is not in such a state. */
    async discard(id: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('outbox_messages')
        .set({ state: 'cancelled', settled_at: now, reason: 'discarded by hand' })
        .where('id', '=', id)
        .where('state', 'in', ['failed', 'uncertain'])
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    /** Makes a message that failed ready to be sent anew; false when it is not in such a state. */
    async resend(id: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('outbox_messages')
        .set({ state: 'pending', next_attempt_at: now, settled_at: null, reason: 'sent again by hand', runner: null })
        .where('id', '=', id)
        .where('state', 'in', ['failed', 'uncertain'])
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function waitingQueries(db: Kysely<Schema>) {
  return {
    /** The message in which the answer of a turn is shown while it is written. */
    draftOf(turnId: string): Promise<OutboxRow | undefined> {
      return db
        .selectFrom('outbox_messages')
        .selectAll()
        .where('turn_id', '=', turnId)
        .where('kind', '=', 'draft')
        .limit(1)
        .executeTakeFirst();
    },
    /** Makes due what waited for a platform that was off. */
    async platformIsBack(channel: string, now: number): Promise<void> {
      await db
        .updateTable('outbox_messages')
        .set({ next_attempt_at: now })
        .where('channel', '=', channel)
        .where('state', '=', 'pending')
        .where('reason', '=', reasonOff(channel))
        .execute();
    },
  };
}

function readingQueries(db: Kysely<Schema>) {
  return {
    byId(id: string): Promise<OutboxRow | undefined> {
      return db.selectFrom('outbox_messages').selectAll().where('id', '=', id).executeTakeFirst();
    },
    /** By id or the beginning of one, two at most. */
    byPrefix(prefix: string): Promise<OutboxRow[]> {
      return db
        .selectFrom('outbox_messages')
        .selectAll()
        .where('id', '>=', prefix)
        .where('id', '<', `${prefix}g`) // ids are hexadecimal: every continuation sorts before g
        .limit(2)
        .execute();
    },
    ofConversation(conversationId: string): Promise<OutboxRow[]> {
      return db
        .selectFrom('outbox_messages')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('seq')
        .execute();
    },
    attempts(ids: readonly string[]): Promise<DeliveryAttemptRow[]> {
      return db
        .selectFrom('delivery_attempts')
        .selectAll()
        .where('outbox_id', 'in', ids)
        .orderBy('outbox_id')
        .orderBy('attempt')
        .execute();
    },
    /** How many messages of a turn there are already. */
    async countOfTurn(turnId: string): Promise<number> {
      const row = await db
        .selectFrom('outbox_messages')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('turn_id', '=', turnId)
        .executeTakeFirst();
      return row?.count ?? 0;
    },
    /** Messages that were given up or may have been sent twice, newest first. */
    deadLetters(limit: number): Promise<OutboxRow[]> {
      return db
        .selectFrom('outbox_messages')
        .selectAll()
        .where('state', 'in', ['failed', 'uncertain'])
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
    },
    /** How many messages are in each state that is not delivered. */
    async depths(): Promise<Readonly<Record<string, number>>> {
      const rows = await db
        .selectFrom('outbox_messages')
        .select('state')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('state', 'in', [...OPEN, 'failed', 'uncertain'])
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
  };
}
