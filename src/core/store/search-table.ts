/** Owns the queries on tags of conversations and on the search index of messages. Whoever searches names the owner. */
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type { MessageFilter, MessageHitRow } from './search-schema.ts';
import { putMessage, searchMessages } from './sqlite/message-index.ts';

export type SearchQueries = ReturnType<typeof searchTable>;

/** A message that waits to be indexed. */
export interface UnindexedRow {
  id: number;
  owner_id: string;
  role: 'user' | 'assistant' | 'tool';
  parts: string;
}

export function searchTable(db: Kysely<Schema>) {
  return {
    /** Whether the tag is new to the conversation. */
    async addTag(conversationId: string, tag: string, now: number): Promise<boolean> {
      const result = await db
        .insertInto('conversation_tags')
        .values({ conversation_id: conversationId, tag, created_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async removeTag(conversationId: string, tag: string): Promise<boolean> {
      const result = await db
        .deleteFrom('conversation_tags')
        .where('conversation_id', '=', conversationId)
        .where('tag', '=', tag)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    async tagsOf(conversationId: string): Promise<string[]> {
      const rows = await db
        .selectFrom('conversation_tags')
        .select('tag')
        .where('conversation_id', '=', conversationId)
        .orderBy('tag')
        .execute();
      return rows.map(({ tag }) => tag);
    },
    /** Every tag of the owner, with how many conversations bear it. */
    tagCounts(ownerId: string): Promise<{ tag: string; conversations: number }[]> {
      return db
        .selectFrom('conversation_tags')
        .innerJoin('conversations', 'conversations.id', 'conversation_tags.conversation_id')
        .select(({ fn }) => ['tag', fn.countAll<number>().as('conversations')])
        .where('owner_id', '=', ownerId)
        .groupBy('tag')
        .orderBy('tag')
        .execute();
    },
    /** The oldest messages that wait to be indexed. */
    unindexed(limit: number): Promise<UnindexedRow[]> {
      return db
        .selectFrom('messages_to_index')
        .innerJoin('messages', 'messages.id', 'messages_to_index.message_id')
        .innerJoin('conversations', 'conversations.id', 'messages.conversation_id')
        .select(['messages.id', 'conversations.owner_id', 'messages.role', 'messages.parts'])
        .orderBy('messages_to_index.message_id')
        .limit(limit)
        .execute();
    },
    /** Makes the message findable by `text`; it waits no longer. */
    async index(message: UnindexedRow, text: string): Promise<void> {
      await putMessage(db, message.id, message.owner_id, text);
      await db.deleteFrom('messages_to_index').where('message_id', '=', message.id).execute();
    },
    /** `match` is an expression of `matchExpression`. */
    messages: (ownerId: string, match: string, filter: MessageFilter & { limit: number }): Promise<MessageHitRow[]> =>
      searchMessages(db, ownerId, match, filter),
  };
}
