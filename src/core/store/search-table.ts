/** Owns the queries on tags of conversations and on the search index of messages. Whoever searches names the owner. */
import type { Kysely } from 'kysely';
import { bareParts } from './message-parts.ts';
import type { Schema } from './schema.ts';
import type { MessageFilter, MessageHitRow, UnindexedRow } from './search-schema.ts';
import type { OwnedIndexCheck } from './sqlite/check-owned-index.ts';
import { checkMessages, clearMessageIndex, messageIndex, searchMessages } from './sqlite/message-index.ts';
import type { MatchMode } from './sqlite/owned-index.ts';

export type SearchQueries = ReturnType<typeof searchTable>;

export function searchTable(db: Kysely<Schema>) {
  return { ...tagQueries(db), ...indexQueries(db) };
}

function tagQueries(db: Kysely<Schema>) {
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
    /** The tags of several conversations, by conversation. */
    async tagsOfMany(conversationIds: readonly string[]): Promise<Map<string, string[]>> {
      if (conversationIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('conversation_tags')
        .select(['conversation_id', 'tag'])
        .where('conversation_id', 'in', conversationIds)
        .orderBy('tag')
        .execute();
      const groups = Map.groupBy(rows, (row) => row.conversation_id);
      return new Map([...groups].map(([id, tagged]) => [id, tagged.map(({ tag }) => tag)]));
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
  };
}

function indexQueries(db: Kysely<Schema>) {
  return {
    /** The oldest messages that wait to be indexed. */
    unindexed(limit: number): Promise<UnindexedRow[]> {
      return db
        .selectFrom('messages_to_index')
        .innerJoin('messages', 'messages.id', 'messages_to_index.message_id')
        .innerJoin('conversations', 'conversations.id', 'messages.conversation_id')
        .select(['messages.id', 'conversations.owner_id', 'messages.role', bareParts('messages').as('parts')])
        .orderBy('messages_to_index.message_id')
        .limit(limit)
        .execute();
    },
    /** Makes the message findable by `text`; it waits no longer. */
    async index(message: UnindexedRow, text: string): Promise<void> {
      await messageIndex(db).put(message.owner_id, message.id, text);
      await db.deleteFrom('messages_to_index').where('message_id', '=', message.id).execute();
    },
    isFindable: (message: UnindexedRow, text: string): Promise<boolean> =>
      messageIndex(db).finds(message.owner_id, message.id, text),
    clearIndex: (): Promise<void> => clearMessageIndex(db),
    checkIndex: (probes: number, textOf: (message: UnindexedRow) => string): Promise<OwnedIndexCheck> =>
      checkMessages(db, probes, textOf),
    /** The best first. The query is text, never syntax. */
    messages: (
      ownerId: string,
      asked: { query: string; mode: MatchMode },
      filter: MessageFilter & { limit: number },
    ): Promise<MessageHitRow[]> => searchMessages(db, ownerId, asked, filter),
  };
}
