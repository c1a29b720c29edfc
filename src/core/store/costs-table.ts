/** Owns the sums over model calls: who used how much of what, when. It reads only. */
import type { ExpressionBuilder, Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type CostGroup = 'day' | 'user' | 'model' | 'tool' | 'room' | 'task';

export interface CostQuery {
  readonly by: CostGroup;
  /** Milliseconds UTC; `to` is not in it. */
  readonly from: number;
  readonly to: number;
  /** Only calls of this user; undefined: of everybody. */
  readonly userId: string | undefined;
}

export interface CostSum {
  /** Name of the user, model, folder, task; names of tools with spaces between them; for a day the quarter of an hour since 1970. Null: none. */
  readonly key: string | number | null;
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
    sums({ by, from, to, userId }) {
      let calls = db.selectFrom('model_calls').where('started_at', '>=', from).where('started_at', '<', to);
      if (userId !== undefined) calls = calls.where('user_id', '=', userId);
      return calls
        .select((eb) => [
          keyOf(eb, by).as('key'),
          eb.fn.countAll<number>().as('calls'),
          eb.fn.sum<number>('input_tokens').as('input_tokens'),
          eb.fn.sum<number>('output_tokens').as('output_tokens'),
          eb.fn.sum<number>('cached_tokens').as('cached_tokens'),
          eb.fn.sum<number>('cache_write_tokens').as('cache_write_tokens'),
          eb.fn.coalesce(eb.fn.sum<number>('cost_micro_usd'), eb.lit(0)).as('cost_micro_usd'),
          eb(eb.fn.countAll<number>(), '-', eb.fn.count<number>('cost_micro_usd')).as('unpriced_calls'),
          eb.fn.sum<number>('is_estimated').as('estimated_calls'),
        ])
        .groupBy('key')
        .execute();
    },
  };
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
  return eb.fn.coalesce(asked, now);
}
