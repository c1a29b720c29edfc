/** Owns the queries on budgets, their periods, and what running calls hold of them. Counts change in the transaction of the call they belong to. */
import type { Insertable, Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type {
  BudgetHoldRow,
  BudgetHoldsTable,
  BudgetPeriodRow,
  BudgetRow,
  BudgetScope,
  BudgetUnit,
} from './spending-schema.ts';

/** Whom a model call belongs to. */
export interface CallOwner {
  readonly userId: string;
  readonly conversationId: string;
  readonly taskId: string | null;
  /** Names of the tools whose results it reads. */
  readonly tools: readonly string[];
}

export interface PeriodKey {
  readonly budgetId: string;
  readonly startsAt: number;
}

export type BudgetQueries = ReturnType<typeof limits> & ReturnType<typeof periods> & ReturnType<typeof holds>;

export function budgetsTable(db: Kysely<Schema>): BudgetQueries {
  return { ...limits(db), ...periods(db), ...holds(db) };
}

function limits(db: Kysely<Schema>) {
  return {
    /** Every budget that a call of that owner counts against. */
    budgetsFor({ userId, conversationId, taskId, tools }: CallOwner): Promise<BudgetRow[]> {
      const folders = db.selectFrom('room_folders').select('folder').where('conversation_id', '=', conversationId);
      return db
        .selectFrom('budgets')
        .selectAll()
        .where(({ and, eb, or }) =>
          or([
            eb('scope', '=', 'home'),
            and([eb('scope', '=', 'user'), eb('subject', '=', userId)]),
            and([eb('scope', '=', 'room'), eb('subject', 'in', folders)]),
            ...(taskId === null ? [] : [and([eb('scope', '=', 'task'), eb('subject', '=', taskId)])]),
            ...(tools.length === 0 ? [] : [and([eb('scope', '=', 'tool'), eb('subject', 'in', [...tools])])]),
          ]),
        )
        .orderBy('id')
        .execute();
    },
    allBudgets(): Promise<BudgetRow[]> {
      return db
        .selectFrom('budgets')
        .selectAll()
        .orderBy('scope')
        .orderBy('subject')
        .orderBy('unit')
        .orderBy('period')
        .execute();
    },
    /** Sets the amount of the budget of that scope, subject, unit and period, which keeps what it has counted. */
    async setBudget(row: BudgetRow): Promise<void> {
      await db
        .insertInto('budgets')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['scope', 'subject', 'unit', 'period']).doUpdateSet({ amount: row.amount }),
        )
        .execute();
    },
    /** Takes away the budgets of a subject. Returns how many there were. */
    async removeBudgets(scope: BudgetScope, subject: string): Promise<number> {
      const of = db.selectFrom('budgets').select('id').where('scope', '=', scope).where('subject', '=', subject);
      await db.deleteFrom('budget_periods').where('budget_id', 'in', of).execute();
      const gone = await db
        .deleteFrom('budgets')
        .where('scope', '=', scope)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return Number(gone.numDeletedRows);
    },
  };
}

function periods(db: Kysely<Schema>) {
  return {
    period({ budgetId, startsAt }: PeriodKey): Promise<BudgetPeriodRow | undefined> {
      return db
        .selectFrom('budget_periods')
        .selectAll()
        .where('budget_id', '=', budgetId)
        .where('starts_at', '=', startsAt)
        .executeTakeFirst();
    },
    async addPeriod(row: BudgetPeriodRow): Promise<void> {
      await db.insertInto('budget_periods').values(row).execute();
    },
    /** Adds to what is spent and reserved, as far as the period is kept. */
    async changePeriod({ budgetId, startsAt }: PeriodKey, by: { spent: number; reserved: number }): Promise<void> {
      await db
        .updateTable('budget_periods')
        .set(({ eb }) => ({ spent: eb('spent', '+', by.spent), reserved: eb('reserved', '+', by.reserved) }))
        .where('budget_id', '=', budgetId)
        .where('starts_at', '=', startsAt)
        .execute();
    },
    async markWarned({ budgetId, startsAt }: PeriodKey, now: number): Promise<void> {
      await db
        .updateTable('budget_periods')
        .set({ warned_at: now })
        .where('budget_id', '=', budgetId)
        .where('starts_at', '=', startsAt)
        .execute();
    },
    /** What the journal says was used since `since` (milliseconds UTC); a call that runs counts with what it may need. */
    async usedSince(of: { scope: BudgetScope; subject: string; unit: BudgetUnit }, since: number): Promise<number> {
      const { scope, subject, unit } = of;
      const base = db.selectFrom('model_calls').where('started_at', '>=', since).where('is_metered', '=', 1);
      const folder = db.selectFrom('room_folders').select('conversation_id').where('folder', '=', subject);
      const mine = {
        home: () => base,
        user: () => base.where('user_id', '=', subject),
        room: () => base.where('conversation_id', 'in', folder.$castTo<{ conversation_id: string }>()),
        task: () => base.where('task_id', '=', subject),
        tool: () =>
          base.where(({ eb, val }) => eb(eb(val(' '), '||', eb('tools', '||', ' ')), 'like', `% ${subject} %`)),
      }[scope]();
      const { used } = await mine
        .select(({ fn, eb }) => [
          (unit === 'calls'
            ? fn.countAll<number>()
            : fn.coalesce(fn.sum<number>(unit === 'money' ? 'charged_micro_usd' : 'charged_tokens'), eb.lit(0))
          ).as('used'),
        ])
        .executeTakeFirstOrThrow();
      return used;
    },
  };
}

function holds(db: Kysely<Schema>) {
  return {
    async addHold(row: Insertable<BudgetHoldsTable>): Promise<void> {
      await db.insertInto('budget_holds').values(row).execute();
    },
    holdsOfCall(callId: string): Promise<BudgetHoldRow[]> {
      return db.selectFrom('budget_holds').selectAll().where('call_id', '=', callId).execute();
    },
    holdsOnBudget({ budgetId, startsAt }: PeriodKey): Promise<BudgetHoldRow[]> {
      return db
        .selectFrom('budget_holds')
        .selectAll()
        .where('budget_id', '=', budgetId)
        .where('starts_at', '=', startsAt)
        .execute();
    },
    async removeHolds(callId: string): Promise<void> {
      await db.deleteFrom('budget_holds').where('call_id', '=', callId).execute();
    },
  };
}
