/** Owns the queries on the passes that learn from conversations, and on what they look at. */
import type { Kysely } from 'kysely';
import type { LearningPassRow } from './learning-schema.ts';
import type { MessageRow } from './conversations-table.ts';
import { bareParts } from './message-parts.ts';
import type { Schema } from './schema.ts';

export type LearningQueries = ReturnType<typeof passQueries> &
  ReturnType<typeof sourceQueries> &
  ReturnType<typeof quietQueries>;

/** When the last word of a conversation was said, both milliseconds UTC. */
export interface QuietSince {
  readonly from: number;
  readonly to: number;
  /** Where a conversation was begun whose words are nobody's to learn from. */
  readonly without: readonly string[];
}

export function learningTable(db: Kysely<Schema>): LearningQueries {
  return { ...passQueries(db), ...sourceQueries(db), ...quietQueries(db) };
}

function passQueries(db: Kysely<Schema>) {
  const passes = () => db.selectFrom('learning_passes').selectAll();
  return {
    /** The number of the last message that a pass looks at; 0 without one. */
    async upTo(conversationId: string): Promise<number> {
      const row = await db
        .selectFrom('learning_passes')
        .select(({ fn }) => fn.max('up_to_seq').as('last'))
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
      return row?.last ?? 0;
    },
    async insert(row: LearningPassRow): Promise<void> {
      await db.insertInto('learning_passes').values(row).execute();
    },
    byId(id: string): Promise<LearningPassRow | undefined> {
      return passes().where('id', '=', id).executeTakeFirst();
    },
    /** Not ended, oldest first, of one user if given; whether their process lives or not. */
    open(userId?: string): Promise<LearningPassRow[]> {
      return passes()
        .where('state', 'in', ['pending', 'running', 'learned'])
        .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
        .orderBy('created_at')
        .orderBy('id')
        .limit(100)
        .execute();
    },
    /** A user's, newest first. */
    ofUser(userId: string, limit: number): Promise<LearningPassRow[]> {
      return passes()
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
    },
    async update(id: string, change: Partial<Omit<LearningPassRow, 'id'>>): Promise<void> {
      await db.updateTable('learning_passes').set(change).where('id', '=', id).execute();
    },
  };
}

function sourceQueries(db: Kysely<Schema>) {
  return {
    /** The conversation, whoever's it is. */
    conversation(id: string) {
      return db.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirst();
    },
    /** What came in after `afterSeq`, up to `upToSeq`, and was answered here; but for tasks: their words were written by nobody there. */
    async said(conversationId: string, afterSeq: number, upToSeq: number): Promise<MessageRow[]> {
      return db
        .selectFrom('messages')
        .select(['id', 'conversation_id', 'seq', 'turn_id', 'role', 'state', 'created_at'])
        .select(bareParts('messages').as('parts'))
        .where('conversation_id', '=', conversationId)
        .where('role', '=', 'user')
        .where('seq', '>', afterSeq)
        .where('seq', '<=', upToSeq)
        .where(({ exists, selectFrom }) =>
          exists(selectFrom('turns').select('turns.id').whereRef('turns.id', '=', 'messages.turn_id')),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('model_calls')
                .select('id')
                .whereRef('model_calls.turn_id', '=', 'messages.turn_id')
                .where('task_id', 'is not', null),
            ),
          ),
        )
        .orderBy('seq')
        .execute();
    },
    /** The model of the last turn; undefined before the first. */
    async lastModel(conversationId: string): Promise<string | undefined> {
      const row = await db
        .selectFrom('turns')
        .select('model')
        .where('conversation_id', '=', conversationId)
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.model;
    },
  };
}

function quietQueries(db: Kysely<Schema>) {
  return {
    /** Conversations in which nobody spoke of late, and whose last words no pass looks at. What came from another assistant has no turns: it was not said here. */
    async quiet({ from, to, without }: QuietSince, limit: number): Promise<string[]> {
      const rows = await db
        .selectFrom('conversations')
        .select('id')
        .where('updated_at', '>=', from)
        .where('updated_at', '<', to)
        .where('origin', 'not in', without)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('messages')
              .select('messages.id')
              .whereRef('messages.conversation_id', '=', 'conversations.id')
              .innerJoin('turns', 'turns.id', 'messages.turn_id')
              .where('messages.role', '=', 'user')
              .where(({ eb, fn, selectFrom: from_ }) =>
                eb(
                  'messages.seq',
                  '>',
                  fn.coalesce(
                    from_('learning_passes')
                      .select(({ fn: each }) => each.max('up_to_seq').as('last'))
                      .whereRef('learning_passes.conversation_id', '=', 'conversations.id'),
                    fn.coalesce('conversations.parent_seq', eb.lit(0)),
                  ),
                ),
              ),
          ),
        )
        .orderBy('updated_at')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}
