/** Owns the queries on conversations and their messages. Every read of a conversation names its owner. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { listingQueries, type ListingQueries } from './conversation-listing.ts';
import { bareParts, firstWhole, partsBareBefore } from './message-parts.ts';
import type { ConversationsTable, MessagesTable, Schema } from './schema.ts';

export type ConversationRow = Selectable<ConversationsTable>;
export type MessageRow = Selectable<MessagesTable>;
export type NewMessage = Omit<MessageRow, 'id' | 'seq'>;
export type ConversationsTableQueries = ListingQueries &
  ReturnType<typeof conversationQueries> &
  ReturnType<typeof messageQueries> &
  ReturnType<typeof messageChanges>;

export function conversationsTable(db: Kysely<Schema>): ConversationsTableQueries {
  return { ...listingQueries(db), ...conversationQueries(db), ...messageQueries(db), ...messageChanges(db) };
}

function conversationQueries(db: Kysely<Schema>) {
  return {
    async insert(row: ConversationRow): Promise<void> {
      await db.insertInto('conversations').values(row).execute();
    },
    /** Adds it unless there is one of that id, whoever's it is. */
    async insertIfAbsent(row: ConversationRow): Promise<void> {
      await db
        .insertInto('conversations')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    find(id: string, ownerId: string): Promise<ConversationRow | undefined> {
      return db
        .selectFrom('conversations')
        .selectAll()
        .where('id', '=', id)
        .where('owner_id', '=', ownerId)
        .executeTakeFirst();
    },
    /** Id of the user whose conversation it is; undefined when there is none. */
    async ownerOf(id: string): Promise<string | undefined> {
      const row = await db.selectFrom('conversations').select('owner_id').where('id', '=', id).executeTakeFirst();
      return row?.owner_id;
    },
    /** At most two rows whose id begins with `prefix`: two means it is ambiguous. */
    findByPrefix(prefix: string, ownerId: string): Promise<ConversationRow[]> {
      return db
        .selectFrom('conversations')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('id', '>=', prefix)
        .where('id', '<', `${prefix}g`) // ids are hexadecimal: every continuation sorts before g
        .limit(2)
        .execute();
    },
    async touch(id: string, updatedAt: number): Promise<void> {
      await db.updateTable('conversations').set({ updated_at: updatedAt }).where('id', '=', id).execute();
    },
    async setTitle(id: string, title: string): Promise<void> {
      await db.updateTable('conversations').set({ title }).where('id', '=', id).execute();
    },
    /** Messages, turns and tool calls go with it; model calls stay, because money stays accounted for. */
    async remove(id: string, ownerId: string): Promise<boolean> {
      const result = await db
        .deleteFrom('conversations')
        .where('id', '=', id)
        .where('owner_id', '=', ownerId)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

/** Of a message, but for its parts. */
const ROW = ['id', 'conversation_id', 'seq', 'turn_id', 'role', 'state', 'created_at'] as const;
const PARTS_BYTES = sql<number>`octet_length(parts)`.as('bytes');
/** No limit, as SQLite writes it. */
const MOST_ROWS = -1;

function messageQueries(db: Kysely<Schema>) {
  return {
    async lastSeq(conversationId: string): Promise<number> {
      const row = await db
        .selectFrom('messages')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
      return row?.seq ?? 0;
    },
    /** In order, from `fromSeq` (inclusive) on, at most `limit`. Pictures have their bytes as long as all of a message fit into `pictureBytes`, counted from the last; then their data is empty. */
    async messages(
      conversationId: string,
      fromSeq = 1,
      limit = MOST_ROWS,
      pictureBytes = Infinity,
    ): Promise<MessageRow[]> {
      const wanted = db
        .selectFrom('messages')
        .where('conversation_id', '=', conversationId)
        .where('seq', '>=', fromSeq)
        .orderBy('seq')
        .limit(limit);
      if (pictureBytes === Infinity) return wanted.selectAll().execute();
      if (pictureBytes === 0) return wanted.select([...ROW, bareParts('messages').as('parts')]).execute();
      const first = firstWhole(await wanted.select(['seq', PARTS_BYTES]).execute(), pictureBytes);
      return wanted.select([...ROW, partsBareBefore(first).as('parts')]).execute();
    },
    /** Those of some turns, in order, without the bytes of pictures. */
    async messagesOfTurns(conversationId: string, turnIds: readonly string[]): Promise<MessageRow[]> {
      if (turnIds.length === 0) return [];
      return db
        .selectFrom('messages')
        .select([...ROW, bareParts('messages').as('parts')])
        .where('conversation_id', '=', conversationId)
        .where('turn_id', 'in', turnIds)
        .orderBy('seq')
        .execute();
    },
    /** User messages from `fromSeq` on whose parts hold `text` as it stands in JSON; in order, without the bytes of pictures. */
    messagesWith(conversationId: string, text: string, fromSeq: number): Promise<MessageRow[]> {
      return db
        .selectFrom('messages')
        .select([...ROW, bareParts('messages').as('parts')])
        .where('conversation_id', '=', conversationId)
        .where('seq', '>=', fromSeq)
        .where('role', '=', 'user')
        .where(({ eb, fn, val }) => eb(fn<number>('instr', ['parts', val(text)]), '>', 0))
        .orderBy('seq')
        .execute();
    },
    /** The number of the last user message that began a turn, 0 when there is none. */
    async lastTurnStart(conversationId: string): Promise<number> {
      const row = await db
        .selectFrom('messages')
        .select(({ fn }) => fn.min('seq').as('seq'))
        .where('conversation_id', '=', conversationId)
        .where('turn_id', '=', ({ selectFrom }) =>
          selectFrom('messages')
            .select('turn_id')
            .where('conversation_id', '=', conversationId)
            .orderBy('seq', 'desc')
            .limit(1),
        )
        .executeTakeFirst();
      return row?.seq ?? 0;
    },
  };
}

function messageChanges(db: Kysely<Schema>) {
  return {
    /** Appends and returns the new message's number. Call inside a transaction. */
    async append(message: NewMessage): Promise<number> {
      const row = await db
        .insertInto('messages')
        .values(({ selectFrom }) => ({
          ...message,
          seq: selectFrom('messages')
            .select(sql<number>`coalesce(max(seq), 0) + 1`.as('seq'))
            .where('conversation_id', '=', message.conversation_id),
        }))
        .returning('seq')
        .executeTakeFirstOrThrow();
      return row.seq;
    },
    /** Replaces the parts of a message that no model has seen yet. */
    async setParts(conversationId: string, seq: number, parts: string): Promise<void> {
      await db
        .updateTable('messages')
        .set({ parts })
        .where('conversation_id', '=', conversationId)
        .where('seq', '=', seq)
        .execute();
    },
    /** Copies the messages 1 … `upToSeq` into another conversation. */
    async copyMessages(from: string, into: string, upToSeq: number): Promise<void> {
      await db
        .insertInto('messages')
        .columns(['conversation_id', 'seq', 'turn_id', 'role', 'parts', 'state', 'created_at'])
        .expression(({ selectFrom }) =>
          selectFrom('messages')
            .select(({ val }) => [
              val(into).as('conversation_id'),
              'seq',
              'turn_id',
              'role',
              'parts',
              'state',
              'created_at',
            ])
            .where('conversation_id', '=', from)
            .where('seq', '<=', upToSeq),
        )
        .execute();
    },
  };
}
