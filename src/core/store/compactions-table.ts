/** Owns the queries on compactions. They never touch a message. */
import type { Kysely } from 'kysely';
import type { CompactionRow } from './compactions-schema.ts';
import type { Schema } from './schema.ts';

export type CompactionQueries = ReturnType<typeof compactionsTable>;

export function compactionsTable(db: Kysely<Schema>) {
  const newest = (conversationId: string) =>
    db
      .selectFrom('compactions')
      .selectAll()
      .where('conversation_id', '=', conversationId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1);
  return {
    /** The one that counts; undefined when the model gets the messages themselves. */
    current(conversationId: string): Promise<CompactionRow | undefined> {
      return newest(conversationId).where('undone_at', 'is', null).executeTakeFirst();
    },
    /** The last one, undone or not. */
    last(conversationId: string): Promise<CompactionRow | undefined> {
      return newest(conversationId).executeTakeFirst();
    },
    async insert(row: CompactionRow): Promise<void> {
      await db.insertInto('compactions').values(row).execute();
    },
    /** What counts of one conversation counts of another as well, as far as it goes no further than `upToSeq`. */
    async copy(
      fromId: string,
      toId: string,
      { upToSeq, id, now }: { readonly upToSeq: number; readonly id: string; readonly now: number },
    ): Promise<void> {
      const row = await newest(fromId)
        .where('undone_at', 'is', null)
        .where('up_to_seq', '<=', upToSeq)
        .executeTakeFirst();
      if (row === undefined) return;
      await db
        .insertInto('compactions')
        .values({ ...row, id, conversation_id: toId, created_at: now })
        .execute();
    },
    async undo(id: string, now: number): Promise<void> {
      await db.updateTable('compactions').set({ undone_at: now }).where('id', '=', id).execute();
    },
  };
}
