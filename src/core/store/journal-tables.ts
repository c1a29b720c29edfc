/** Owns the queries on the journal: turns, model calls, tool calls. */
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { ModelCallsTable, Schema, ToolCallsTable, TurnsTable } from './schema.ts';

export type TurnRow = Selectable<TurnsTable>;
export type ModelCallRow = Selectable<ModelCallsTable>;

export type ToolCallRow = Selectable<ToolCallsTable>;

/** A finished call as statistics need it. */
export type ToolUse = Pick<ToolCallRow, 'id' | 'name' | 'conversation_id' | 'status' | 'ms' | 'started_at'> &
  Pick<TurnRow, 'user_id'>;

export interface ToolUseQuery {
  readonly name?: string | undefined;
  readonly sinceId: string;
  readonly userId?: string | undefined;
  readonly most: number;
}

/** What one person used. */
export interface Spent {
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cost_micro_usd: number;
  /** Calls whose price is unknown; they are not in `cost_micro_usd`. */
  unpriced_calls: number;
}

export type JournalQueries = ReturnType<typeof turnQueries> &
  ReturnType<typeof modelCallQueries> &
  ReturnType<typeof toolCallQueries>;

export function journalTables(db: Kysely<Schema>): JournalQueries {
  return { ...turnQueries(db), ...modelCallQueries(db), ...toolCallQueries(db) };
}

function turnQueries(db: Kysely<Schema>) {
  return {
    async insertTurn(row: Insertable<TurnsTable>): Promise<void> {
      await db.insertInto('turns').values(row).execute();
    },
    async updateTurn(id: string, change: Updateable<TurnsTable>): Promise<void> {
      await db.updateTable('turns').set(change).where('id', '=', id).execute();
    },
    turn(id: string): Promise<TurnRow | undefined> {
      return db.selectFrom('turns').selectAll().where('id', '=', id).executeTakeFirst();
    },
    runningTurn(conversationId: string): Promise<TurnRow | undefined> {
      return db
        .selectFrom('turns')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('state', '=', 'running')
        .executeTakeFirst();
    },
    /** Turns that ended in a failure which may pass, the soonest to be tried again first. */
    turnsToRetry(): Promise<TurnRow[]> {
      return db.selectFrom('turns').selectAll().where('retry_at', 'is not', null).orderBy('retry_at').execute();
    },
    /** Every turn that is written down as running, whether its process lives or not. */
    runningTurns(): Promise<TurnRow[]> {
      return db.selectFrom('turns').selectAll().where('state', '=', 'running').execute();
    },
    /** Those of the ids, in no order. */
    turnsOf(ids: readonly string[]): Promise<TurnRow[]> {
      return ids.length === 0
        ? Promise.resolve([])
        : db.selectFrom('turns').selectAll().where('id', 'in', ids).execute();
    },
    turns(conversationId: string): Promise<TurnRow[]> {
      return db
        .selectFrom('turns')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('started_at')
        .orderBy('id')
        .execute();
    },
  };
}

function modelCallQueries(db: Kysely<Schema>) {
  return {
    async insertModelCall(row: Insertable<ModelCallsTable>): Promise<void> {
      await db.insertInto('model_calls').values(row).execute();
    },
    async updateModelCall(id: string, change: Updateable<ModelCallsTable>): Promise<void> {
      await db.updateTable('model_calls').set(change).where('id', '=', id).execute();
    },
    modelCalls(turnId: string): Promise<ModelCallRow[]> {
      return db
        .selectFrom('model_calls')
        .selectAll()
        .where('turn_id', '=', turnId)
        .orderBy('started_at')
        .orderBy('id')
        .execute();
    },
    /** What turns used, each of the ids that has a call. */
    spentIn(turnIds: readonly string[]): Promise<(Spent & { turn_id: string })[]> {
      if (turnIds.length === 0) return Promise.resolve([]);
      return db
        .selectFrom('model_calls')
        .select(({ fn, eb }) => [
          'turn_id',
          fn.countAll<number>().as('calls'),
          fn.coalesce(fn.sum<number>('input_tokens'), eb.lit(0)).as('input_tokens'),
          fn.coalesce(fn.sum<number>('output_tokens'), eb.lit(0)).as('output_tokens'),
          fn.coalesce(fn.sum<number>('cost_micro_usd'), eb.lit(0)).as('cost_micro_usd'),
          eb(fn.countAll<number>(), '-', fn.count<number>('cost_micro_usd')).as('unpriced_calls'),
        ])
        .where('turn_id', 'in', turnIds)
        .groupBy('turn_id')
        .execute();
    },
    /** Calls of no turn that began before `instant` (milliseconds UTC) and have no end. */
    openCallsOutsideTurns(instant: number): Promise<Pick<ModelCallRow, 'id'>[]> {
      return db
        .selectFrom('model_calls')
        .select('id')
        .where('turn_id', '=', '')
        .where('state', '=', 'started')
        .where('started_at', '<', instant)
        .execute();
    },
    /** What a user used since `since` (milliseconds UTC). */
    spentBy(userId: string, since: number): Promise<Spent> {
      return db
        .selectFrom('model_calls')
        .select(({ fn, eb }) => [
          fn.countAll<number>().as('calls'),
          fn.coalesce(fn.sum<number>('input_tokens'), eb.lit(0)).as('input_tokens'),
          fn.coalesce(fn.sum<number>('output_tokens'), eb.lit(0)).as('output_tokens'),
          fn.coalesce(fn.sum<number>('cost_micro_usd'), eb.lit(0)).as('cost_micro_usd'),
          eb(fn.countAll<number>(), '-', fn.count<number>('cost_micro_usd')).as('unpriced_calls'),
        ])
        .where('user_id', '=', userId)
        .where('started_at', '>=', since)
        .executeTakeFirstOrThrow();
    },
  };
}

function toolCallQueries(db: Kysely<Schema>) {
  return {
    async insertToolCalls(rows: Insertable<ToolCallsTable>[]): Promise<void> {
      if (rows.length > 0) await db.insertInto('tool_calls').values(rows).execute();
    },
    async updateToolCall(id: string, change: Updateable<ToolCallsTable>): Promise<void> {
      await db.updateTable('tool_calls').set(change).where('id', '=', id).execute();
    },
    /** The finished calls of a tool, or of all, whose ids come after `sinceId`: the newest `most`, of one user or of all. */
    async toolUse({ name, sinceId, userId, most }: ToolUseQuery): Promise<ToolUse[]> {
      let query = db
        .selectFrom('tool_calls')
        .innerJoin('turns', 'turns.id', 'tool_calls.turn_id')
        .select(['tool_calls.id', 'tool_calls.name', 'tool_calls.conversation_id', 'tool_calls.status'])
        .select(['tool_calls.ms', 'tool_calls.started_at', 'turns.user_id'])
        .where('tool_calls.id', '>=', sinceId)
        .where('tool_calls.state', '=', 'done');
      if (name !== undefined) query = query.where('tool_calls.name', '=', name);
      if (userId !== undefined) query = query.where('turns.user_id', '=', userId);
      return query.orderBy('tool_calls.id', 'desc').limit(most).execute();
    },
    toolCalls(turnId: string): Promise<ToolCallRow[]> {
      return db
        .selectFrom('tool_calls')
        .selectAll()
        .where('turn_id', '=', turnId)
        .orderBy('message_seq')
        .orderBy('position')
        .execute();
    },
  };
}
