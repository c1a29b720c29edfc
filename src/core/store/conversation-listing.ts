/** Owns the queries that list conversations: which, in which order, how many, and what each came to. Every one names its owner. */
import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { Spent } from './journal-tables.ts';
import type { ConversationsTable, Schema } from './schema.ts';

export interface ConversationSummaryRow extends Selectable<ConversationsTable> {
  message_count: number;
  /** Process of the turn that is written down as running, as `pid:start`. */
  runner: string | null;
}

/** Which conversations are meant; what is undefined limits nothing. Instants are milliseconds UTC. */
export interface ConversationFilter {
  readonly origin?: string | undefined;
  readonly without?: string | undefined;
  readonly tag?: string | undefined;
  /** Changed at or after. */
  readonly from?: number | undefined;
  /** Changed before. */
  readonly to?: number | undefined;
  /** A part of the title; case does not matter. */
  readonly title?: string | undefined;
}

/** `updated`, `created`: newest first; `title`: by alphabet; `messages`: most first. */
export type ConversationSort = 'updated' | 'created' | 'title' | 'messages';

export interface ConversationPage extends ConversationFilter {
  readonly limit: number;
  readonly offset: number;
  readonly sort?: ConversationSort | undefined;
}

export type ListingQueries = ReturnType<typeof listingQueries>;

const COUNT_OF_MESSAGES = sql<number>`(select count(*) from messages where messages.conversation_id = conversations.id)`;

const RUNNER = sql<
  string | null
>`(select runner from turns where turns.conversation_id = conversations.id and turns.state = 'running')`;

const ORDERS = {
  updated: sql`conversations.updated_at desc`,
  created: sql`conversations.created_at desc`,
  title: sql`lower(conversations.title)`,
  messages: sql`message_count desc`,
} as const;

export function listingQueries(db: Kysely<Schema>) {
  const own = (ownerId: string, filter: ConversationFilter) =>
    filtered(db.selectFrom('conversations').where('owner_id', '=', ownerId), filter);
  return {
    /** In the order of `sort`, newest change first when it is not given. */
    list(ownerId: string, { limit, offset, sort = 'updated', ...filter }: ConversationPage) {
      return own(ownerId, filter)
        .selectAll('conversations')
        .select([COUNT_OF_MESSAGES.as('message_count'), RUNNER.as('runner')])
        .$castTo<ConversationSummaryRow>()
        .orderBy(ORDERS[sort])
        .orderBy('conversations.id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
    },
    async count(ownerId: string, filter: ConversationFilter): Promise<number> {
      const row = await own(ownerId, filter)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return row.n;
    },
    /** Where the owner's conversations were begun, with how many of each. */
    origins: (ownerId: string): Promise<{ origin: string; conversations: number }[]> =>
      own(ownerId, {})
        .select(({ fn }) => ['origin', fn.countAll<number>().as('conversations')])
        .groupBy('origin')
        .orderBy('origin')
        .execute(),
    /** Those that were branched from it, oldest first. */
    branches: (ownerId: string, parentId: string) =>
      own(ownerId, {})
        .select(['id', 'title', 'parent_seq', 'created_at'])
        .where('parent_id', '=', parentId)
        .orderBy('created_at')
        .execute(),
    /** What its model calls used; those of its turns, and none of its branches. */
    spent: (conversationId: string): Promise<Spent> =>
      db
        .selectFrom('model_calls')
        .innerJoin('turns', 'turns.id', 'model_calls.turn_id')
        .select(({ fn, eb }) => [
          fn.countAll<number>().as('calls'),
          fn.coalesce(fn.sum<number>('input_tokens'), eb.lit(0)).as('input_tokens'),
          fn.coalesce(fn.sum<number>('output_tokens'), eb.lit(0)).as('output_tokens'),
          fn.coalesce(fn.sum<number>('cost_micro_usd'), eb.lit(0)).as('cost_micro_usd'),
          eb(fn.countAll<number>(), '-', fn.count<number>('cost_micro_usd')).as('unpriced_calls'),
        ])
        .where('turns.conversation_id', '=', conversationId)
        .executeTakeFirstOrThrow(),
  };
}

type Listed = SelectQueryBuilder<Schema, 'conversations', object>;

function filtered(query: Listed, { origin, without, tag, from, to, title }: ConversationFilter): Listed {
  return query
    .$if(origin !== undefined, (each) => each.where('origin', '=', origin ?? ''))
    .$if(without !== undefined, (each) => each.where('origin', '!=', without ?? ''))
    .$if(from !== undefined, (each) => each.where('updated_at', '>=', from ?? 0))
    .$if(to !== undefined, (each) => each.where('updated_at', '<', to ?? 0))
    .$if(title !== undefined, (each) => each.where(holds(title ?? '')))
    .$if(tag !== undefined, (each) =>
      each.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('conversation_tags')
            .select('tag')
            .whereRef('conversation_tags.conversation_id', '=', 'conversations.id')
            .where('tag', '=', tag ?? ''),
        ),
      ),
    );
}

/** The title holds the text, as text: no sign of it means anything. */
function holds(text: string) {
  return sql<boolean>`instr(lower(title), ${text.normalize('NFC').toLowerCase()}) > 0`;
}
