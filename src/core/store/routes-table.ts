/** Owns the queries on decisions which model a turn goes to: one row for each turn that was decided about. */
import type { Kysely } from 'kysely';
import type { RouteDecisionRow } from './routes-schema.ts';
import type { Schema } from './schema.ts';

/** How many turns went where since an instant. */
export interface RouteCount {
  readonly tier: RouteDecisionRow['tier'];
  readonly escalated: 0 | 1;
  readonly turns: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micro_usd: number;
}

export type RouteQueries = ReturnType<typeof routesTable>;

export function routesTable(db: Kysely<Schema>) {
  return {
    /** Does nothing for a turn that was decided about before. */
    async insert(row: RouteDecisionRow): Promise<void> {
      await db
        .insertInto('route_decisions')
        .values(row)
        .onConflict((on) => on.column('turn_id').doNothing())
        .execute();
    },
    ofTurn(turnId: string): Promise<RouteDecisionRow | undefined> {
      return db.selectFrom('route_decisions').selectAll().where('turn_id', '=', turnId).executeTakeFirst();
    },
    async update(turnId: string, change: Partial<RouteDecisionRow>): Promise<void> {
      await db.updateTable('route_decisions').set(change).where('turn_id', '=', turnId).execute();
    },
    /** The decision about the last turn of a conversation. */
    last(conversationId: string): Promise<RouteDecisionRow | undefined> {
      return db
        .selectFrom('route_decisions')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('decided_at', 'desc')
        .orderBy('turn_id', 'desc')
        .limit(1)
        .executeTakeFirst();
    },
    /** Decisions about a user's own turns, newest first. */
    ofUser(userId: string, limit: number): Promise<RouteDecisionRow[]> {
      return db
        .selectFrom('route_decisions')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('decided_at', 'desc')
        .orderBy('turn_id', 'desc')
        .limit(limit)
        .execute();
    },
    /** From `from` on and before `to` (milliseconds UTC); without `userId` of everybody. */
    counts({ from, to, userId }: { from: number; to: number; userId: string | undefined }): Promise<RouteCount[]> {
      let rows = db.selectFrom('route_decisions').where('decided_at', '>=', from).where('decided_at', '<', to);
      if (userId !== undefined) rows = rows.where('user_id', '=', userId);
      return rows
        .select(({ fn, eb }) => [
          'tier',
          'escalated',
          fn.countAll<number>().as('turns'),
          fn.coalesce(fn.sum<number>('input_tokens'), eb.lit(0)).as('input_tokens'),
          fn.coalesce(fn.sum<number>('output_tokens'), eb.lit(0)).as('output_tokens'),
          fn.coalesce(fn.sum<number>('cost_micro_usd'), eb.lit(0)).as('cost_micro_usd'),
        ])
        .groupBy(['tier', 'escalated'])
        .orderBy('tier')
        .orderBy('escalated')
        .execute();
    },
  };
}
