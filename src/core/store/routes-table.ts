/** Owns the queries on decisions which model a turn goes to: one row for each turn that was decided about. */
import type { Kysely } from 'kysely';
import { QUARTER_MS } from './costs-table.ts';
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
    /** From `from` on and before `to` (milliseconds UTC); without `userId` of everybody. Decisions that retention took away count too. */
    async counts(asked: CountsAsked): Promise<RouteCount[]> {
      return added([...(await countsOfRows(db, asked)), ...(await countsOfKept(db, asked))]);
    },
  };
}

interface CountsAsked {
  readonly from: number;
  readonly to: number;
  readonly userId: string | undefined;
}

function countsOfRows(db: Kysely<Schema>, { from, to, userId }: CountsAsked): Promise<RouteCount[]> {
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
    .execute();
}

function countsOfKept(db: Kysely<Schema>, { from, to, userId }: CountsAsked): Promise<RouteCount[]> {
  let rows = db
    .selectFrom('route_sums')
    .where('quarter', '>=', Math.ceil(from / QUARTER_MS))
    .where('quarter', '<', Math.ceil(to / QUARTER_MS));
  if (userId !== undefined) rows = rows.where('user_id', '=', userId);
  return rows.select(['tier', 'escalated', 'turns', 'input_tokens', 'output_tokens', 'cost_micro_usd']).execute();
}

/** One for each tier and outcome, in that order. */
function added(counts: readonly RouteCount[]): RouteCount[] {
  const groups = Map.groupBy(counts, ({ tier, escalated }) => `${tier} ${escalated}`);
  const sums = [...groups.values()].map((group) =>
    group.reduce((sum, each) => ({
      tier: sum.tier,
      escalated: sum.escalated,
      turns: sum.turns + each.turns,
      input_tokens: sum.input_tokens + each.input_tokens,
      output_tokens: sum.output_tokens + each.output_tokens,
      cost_micro_usd: sum.cost_micro_usd + each.cost_micro_usd,
    })),
  );
  return sums.toSorted((a, b) => a.tier.localeCompare(b.tier) || a.escalated - b.escalated);
}
