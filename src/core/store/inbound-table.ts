/** Owns the queries on messages that came in: each is stored once, and ends in a state that says what became of it. */
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import { bareParts } from './message-parts.ts';
import type { InboundMessagesTable, InboundState, Schema } from './schema.ts';

export type InboundRow = Selectable<InboundMessagesTable>;
export type NewInbound = Omit<InboundRow, 'seq'>;
export type InboundQueries = ReturnType<typeof waitingQueries> &
  ReturnType<typeof platformQueries> &
  ReturnType<typeof failedQueries>;

/** A message of a platform by the platform's own id. */
export interface ExternalMessage {
  readonly channel: string;
  readonly chatId: string;
  readonly externalId: string;
}

/** Of a message, but for its parts. */
const ROW = [
  'seq',
  'id',
  'conversation_id',
  'user_id',
  'channel',
  'chat_id',
  'external_id',
  'sender_id',
  'payload',
  'state',
  'reason',
  'turn_id',
  'runner',
  'sent_at',
  'received_at',
  'settled_at',
] as const;

/** A bound for a look back at what came in, in rows. */
const LAST_ROWS = 50_000;

export function inboundTable(db: Kysely<Schema>): InboundQueries {
  return { ...waitingQueries(db), ...platformQueries(db), ...failedQueries(db) };
}

function waitingQueries(db: Kysely<Schema>) {
  return {
    async insert(row: Insertable<InboundMessagesTable>): Promise<void> {
      await db.insertInto('inbound_messages').values(row).execute();
    },
    /** Messages of the given states, in the order they were sent. */
    waiting(conversationId: string, states: readonly InboundState[] = ['queued']): Promise<InboundRow[]> {
      return db
        .selectFrom('inbound_messages')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('state', 'in', states)
        .orderBy('sent_at')
        .orderBy('seq')
        .execute();
    },
    /** Settles a message that waits for a turn; false when it was settled before. */
    async settle(
      id: string,
      state: InboundState,
      turnId: string | null,
      at: number,
      reason?: string,
    ): Promise<boolean> {
      const result = await db
        .updateTable('inbound_messages')
        .set({ state, turn_id: turnId, settled_at: at, reason: reason ?? null })
        .where('id', '=', id)
        .where('state', 'in', ['queued', 'context'])
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    /** Everything that came in for a conversation, oldest first, without the bytes of pictures. */
    ofConversation(conversationId: string): Promise<InboundRow[]> {
      return db
        .selectFrom('inbound_messages')
        .select([...ROW, bareParts('inbound_messages').as('parts')])
        .where('conversation_id', '=', conversationId)
        .orderBy('received_at')
        .orderBy('seq')
        .execute();
    },
    /** The messages that started a turn or joined it, in the order they were sent. */
    ofTurn(turnId: string): Promise<InboundRow[]> {
      return db
        .selectFrom('inbound_messages')
        .selectAll()
        .where('turn_id', '=', turnId)
        .orderBy('sent_at')
        .orderBy('seq')
        .execute();
    },
    /** Gives the messages of a turn a last state. */
    async endTurn(turnId: string, state: 'failed' | 'started', reason: string | null): Promise<void> {
      await db
        .updateTable('inbound_messages')
        .set({ state, reason })
        .where('turn_id', '=', turnId)
        .where('state', 'in', ['started', 'joined', 'failed'])
        .execute();
    },
  };
}

function platformQueries(db: Kysely<Schema>) {
  return {
    /** Stores a message of a platform; false when it is there already. */
    async insertOnce(row: Insertable<InboundMessagesTable>): Promise<boolean> {
      const result = await db
        .insertInto('inbound_messages')
        .values(row)
        .onConflict((conflict) => conflict.columns(['channel', 'chat_id', 'external_id']).doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    byId(id: string): Promise<InboundRow | undefined> {
      return db.selectFrom('inbound_messages').selectAll().where('id', '=', id).executeTakeFirst();
    },
    byExternal({ channel, chatId, externalId }: ExternalMessage): Promise<InboundRow | undefined> {
      return db
        .selectFrom('inbound_messages')
        .selectAll()
        .where('channel', '=', channel)
        .where('chat_id', '=', chatId)
        .where('external_id', '=', externalId)
        .executeTakeFirst();
    },
    /** The last message stored of each chat of a platform, by its own ids, among the 50,000 that came in last. */
    lastOfChats: (channel: string): Promise<{ chatId: string; externalId: string }[]> => lastOfChats(db, channel),
    /** Messages that nobody has looked at yet, oldest first. */
    received(): Promise<InboundRow[]> {
      return db
        .selectFrom('inbound_messages')
        .selectAll()
        .where('state', '=', 'received')
        .orderBy('received_at')
        .orderBy('seq')
        .execute();
    },
    /** Changes a message that is in the state `from`; false when it is not any more. */
    change: (id: string, from: InboundState, change: Updateable<InboundMessagesTable>): Promise<boolean> =>
      changeFrom(db, id, from, change),
    /** Conversations in which a message of a platform waits for a turn, the longest-waiting first. */
    async waitingConversations(): Promise<string[]> {
      const rows = await db
        .selectFrom('inbound_messages')
        .select('conversation_id')
        .select(({ fn }) => fn.min('received_at').as('since'))
        .where('state', '=', 'queued')
        .where('channel', '!=', 'terminal')
        .where('conversation_id', 'is not', null)
        .groupBy('conversation_id')
        .orderBy('since')
        .execute();
      return rows.flatMap(({ conversation_id: id }) => (id === null ? [] : [id]));
    },
    /** How many messages are in each state that is not final. */
    async depths(): Promise<Readonly<Record<string, number>>> {
      const rows = await db
        .selectFrom('inbound_messages')
        .select('state')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('state', 'in', ['received', 'queued'])
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
  };
}

function failedQueries(db: Kysely<Schema>) {
  return {
    /** Where the messages of turns came from. */
    channelsOf(turnIds: readonly string[]): Promise<{ turn_id: string | null; channel: string }[]> {
      if (turnIds.length === 0) return Promise.resolve([]);
      return db
        .selectFrom('inbound_messages')
        .select(['turn_id', 'channel'])
        .distinct()
        .where('turn_id', 'in', turnIds)
        .execute();
    },
    /** By id or the beginning of one, two at most. */
    byPrefix(prefix: string): Promise<InboundRow[]> {
      return db
        .selectFrom('inbound_messages')
        .selectAll()
        .where('id', '>=', prefix)
        .where('id', '<', `${prefix}g`) // ids are hexadecimal: every continuation sorts before g
        .limit(2)
        .execute();
    },
    /** Messages of platforms that could not be answered, newest first, without the bytes of pictures. */
    failed(limit: number): Promise<InboundRow[]> {
      return db
        .selectFrom('inbound_messages')
        .select([...ROW, bareParts('inbound_messages').as('parts')])
        .where('state', '=', 'failed')
        .where('chat_id', 'is not', null)
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
    },
    /** Gives up a message that failed; false when it is in another state. */
    discard: (id: string, now: number): Promise<boolean> =>
      changeFrom(db, id, 'failed', { state: 'ignored', reason: 'discarded by hand', settled_at: now }),
    /** Makes a message that failed wait to be looked at anew; false when it is in another state. */
    requeue(id: string): Promise<boolean> {
      const change = { state: 'received', reason: 'sent again by hand', turn_id: null, settled_at: null } as const;
      return changeFrom(db, id, 'failed', change);
    },
  };
}

async function changeFrom(
  db: Kysely<Schema>,
  id: string,
  from: InboundState,
  change: Updateable<InboundMessagesTable>,
): Promise<boolean> {
  const result = await db
    .updateTable('inbound_messages')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

async function lastOfChats(db: Kysely<Schema>, channel: string): Promise<{ chatId: string; externalId: string }[]> {
  const youngest = await db
    .selectFrom('inbound_messages')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  const rows = await db
    .selectFrom('inbound_messages')
    .select(['chat_id', 'external_id'])
    .where('channel', '=', channel)
    .where('seq', '>', (youngest?.seq ?? 0) - LAST_ROWS)
    .orderBy('seq')
    .execute();
  const last = new Map<string, string>();
  for (const { chat_id: chatId, external_id: externalId } of rows) {
    if (chatId !== null && externalId !== null) last.set(chatId, externalId);
  }
  return [...last].map(([chatId, externalId]) => ({ chatId, externalId }));
}
