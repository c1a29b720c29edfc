/** Owns the sums over model calls: who used how much of what, when; of calls that retention took away too. It reads only. */
import type { ExpressionBuilder, Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type CostGroup = 'day' | 'user' | 'model' | 'tool' | 'room' | 'task' | 'conversation';

export interface CostQuery {
  readonly by: CostGroup;
  /** Milliseconds UTC; `to` is not in it. */
  readonly from: number;
  readonly to: number;
  /** Only calls of this user; undefined: of everybody. */
  readonly userId: string | undefined;
  /** A sum for each quarter of an hour too. */
  readonly isByTime?: boolean;
}

export interface CostSum {
  /** Name of the user, model, folder, task; names of tools with spaces between them; for a day the quarter of an hour since 1970. Null: none. */
  readonly key: string | number | null;
  /** The quarter of an hour since 1970; 0 where it was not asked for. */
  readonly quarter: number;
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cached_tokens: number;
  readonly cache_write_tokens: number;
  readonly cost_micro_usd: number;
  /** Calls whose price is unknown; they are not in `cost_micro_usd`. */
  readonly unpriced_calls: number;
  /** Calls whose tokens claw estimated, because the provider's count never came. */
  readonly estimated_calls: number;
}

export interface CostQueries {
  sums(query: CostQuery): Promise<CostSum[]>;
}

/** Every time zone is whole quarters of an hour away from UTC. */
export const QUARTER_MS = 900_000;

export function costsTable(db: Kysely<Schema>): CostQueries {
  return {
    async sums(query) {
      return [...(await sumsOfRows(db, query)), ...(await sumsOfKept(db, query))];
    },
  };
}

function sumsOfRows(db: Kysely<Schema>, { by, from, to, userId, isByTime }: CostQuery): Promise<CostSum[]> {
  let calls = db.selectFrom('model_calls').where('started_at', '>=', from).where('started_at', '<', to);
  if (userId !== undefined) calls = calls.where('user_id', '=', userId);
  return calls
    .select((eb) => [
      keyOf(eb, by).as('key'),
      (isByTime === true ? eb('model_calls.started_at', '/', eb.lit(QUARTER_MS)) : eb.lit(0)).as('quarter'),
      eb.fn.countAll<number>().as('calls'),
      eb.fn.sum<number>('input_tokens').as('input_tokens'),
      eb.fn.sum<number>('output_tokens').as('output_tokens'),
      eb.fn.sum<number>('cached_tokens').as('cached_tokens'),
      eb.fn.sum<number>('cache_write_tokens').as('cache_write_tokens'),
      eb.fn.coalesce(eb.fn.sum<number>('cost_micro_usd'), eb.lit(0)).as('cost_micro_usd'),
      eb(eb.fn.countAll<number>(), '-', eb.fn.count<number>('cost_micro_usd')).as('unpriced_calls'),
      eb.fn.sum<number>('is_estimated').as('estimated_calls'),
    ])
    .groupBy(['key', 'quarter'])
    .execute();
}

function sumsOfKept(db: Kysely<Schema>, { by, from, to, userId, isByTime }: CostQuery): Promise<CostSum[]> {
  let sums = db
    .selectFrom('call_sums')
    .where('quarter', '>=', Math.ceil(from / QUARTER_MS))
    .where('quarter', '<', Math.ceil(to / QUARTER_MS));
  if (userId !== undefined) sums = sums.where('user_id', '=', userId);
  return sums
    .select((eb) => [
      keptKeyOf(eb, by).as('key'),
      (isByTime === true ? eb.ref('call_sums.quarter') : eb.lit(0)).as('quarter'),
      eb.fn.sum<number>('calls').as('calls'),
      eb.fn.sum<number>('input_tokens').as('input_tokens'),
      eb.fn.sum<number>('output_tokens').as('output_tokens'),
      eb.fn.sum<number>('cached_tokens').as('cached_tokens'),
      eb.fn.sum<number>('cache_write_tokens').as('cache_write_tokens'),
      eb.fn.sum<number>('cost_micro_usd').as('cost_micro_usd'),
      eb.fn.sum<number>('unpriced_calls').as('unpriced_calls'),
      eb.fn.sum<number>('estimated_calls').as('estimated_calls'),
    ])
    .groupBy(['key', 'quarter'])
    .execute();
}

function keptKeyOf(eb: ExpressionBuilder<Schema, 'call_sums'>, by: CostGroup) {
  switch (by) {
    case 'day':
      return eb.ref('call_sums.quarter').$castTo<string | number | null>();
    case 'user':
      return eb
        .selectFrom('users')
        .select('username')
        .whereRef('users.id', '=', 'call_sums.user_id')
        .$castTo<string | number | null>();
    case 'model':
      return eb.ref('call_sums.model').$castTo<string | number | null>();
    case 'task':
      return keptTaskOf(eb).$castTo<string | number | null>();
    case 'tool':
      return eb.ref('call_sums.tools').$castTo<string | number | null>();
    case 'room':
      return eb.ref('call_sums.room').$castTo<string | number | null>();
    case 'conversation':
      // What is kept of old calls does not tell their conversation.
      return eb.val(null).$castTo<string | number | null>();
  }
}
function keyOf(eb: ExpressionBuilder<Schema, 'model_calls'>, by: CostGroup) {
  switch (by) {
    case 'day':
      return eb('model_calls.started_at', '/', eb.lit(QUARTER_MS)).$castTo<string | number | null>();
    case 'user':
      return eb
        .selectFrom('users')
        .select('username')
        .whereRef('users.id', '=', 'model_calls.user_id')
        .$castTo<string | number | null>();
    case 'model':
      return eb.ref('model_calls.model').$castTo<string | number | null>();
    case 'task':
      return taskOf(eb).$castTo<string | number | null>();
    case 'tool':
      return eb.ref('model_calls.tools').$castTo<string | number | null>();
    case 'room':
      return roomOf(eb).$castTo<string | number | null>();
    case 'conversation':
      return eb.ref('model_calls.conversation_id').$castTo<string | number | null>();
  }
}

/** `user/id`; the id of the store for a task that is gone with its owner. */
function taskOf(eb: ExpressionBuilder<Schema, 'model_calls'>) {
  const named = eb
    .selectFrom('tasks')
    .innerJoin('users', 'users.id', 'tasks.owner_id')
    .select((sub) => sub('users.username', '||', sub(sub.val('/'), '||', sub.ref('tasks.name'))).as('title'))
    .whereRef('tasks.id', '=', 'model_calls.task_id');
  return eb.fn.coalesce(named, 'model_calls.task_id');
}

function keptTaskOf(eb: ExpressionBuilder<Schema, 'call_sums'>) {
  const named = eb
    .selectFrom('tasks')
    .innerJoin('users', 'users.id', 'tasks.owner_id')
    .select((sub) => sub('users.username', '||', sub(sub.val('/'), '||', sub.ref('tasks.name'))).as('title'))
    .whereRef('tasks.id', '=', 'call_sums.task_id');
  return eb.fn.coalesce(named, 'call_sums.task_id');
}

/** The folder of the room that asked; a turn of a task there is known by its conversation. */
function roomOf(eb: ExpressionBuilder<Schema, 'model_calls'>) {
  const asked = eb
    .selectFrom('inbound_messages')
    .innerJoin('rooms', 'rooms.jid', 'inbound_messages.chat_id')
    .select('rooms.folder')
    .whereRef('inbound_messages.turn_id', '=', 'model_calls.turn_id')
    .limit(1);
  const now = eb
    .selectFrom('room_folders')
    .select('room_folders.folder')
    .whereRef('room_folders.conversation_id', '=', 'model_calls.conversation_id')
    .limit(1);
  return eb.fn.coalesce('model_calls.room', asked, now);
}
