/** Owns setting and showing budgets. Each change has its row in the audit trail, in the same transaction. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import type { AuditBy } from '../store/audit-table.ts';
import type { BudgetScope } from '../store/spending-schema.ts';
import type { Store, Tables } from '../store/store.ts';
import { readBudget } from './budget-text.ts';
import { type BudgetSettings, callLimits } from './budgets.ts';
import { type Limit, limitText } from './limit.ts';
import { subjectName } from './subject-name.ts';
import { periodAt } from './period.ts';

/** Who asks; an `Actor` is one. */
export interface BudgetAsker extends AuditBy {
  readonly user: { readonly id: string; readonly username: string };
}

/** Whose budget: `name` is the user's name, the room's folder, the task's id or the tool's name; empty for the home. */
export interface BudgetTarget {
  readonly scope: BudgetScope;
  readonly name: string;
}

/** A budget with what its period has seen. Amounts are micro-USD, tokens or calls; instants milliseconds UTC. */
export interface BudgetView extends Limit {
  /** Name of what it is for, for people. */
  readonly name: string;
  readonly used: number;
  readonly reserved: number;
  readonly renewsAt: number;
}

export interface BudgetDeps<By> {
  readonly store: Store;
  readonly clock: Clock;
  /** Throws `permission-denied`. */
  readonly requirePermission: (by: By, action: 'budget.manage' | 'cost.read') => void;
}

export interface BudgetService<By = BudgetAsker> {
  /** Sets budgets as `readBudget` reads them; `none` takes all of that target away first. Throws `usage-invalid`, `not-found`, `permission-denied`. */
  set(by: By, target: BudgetTarget, texts: readonly string[]): Promise<BudgetView[]>;
  /** Every budget of the home, and the daily limits of calls. Throws `permission-denied`. */
  list(by: By): Promise<BudgetView[]>;
  /** What limits the asker alone. */
  own(by: By): Promise<BudgetView[]>;
  /** What limits one user alone. Throws `permission-denied`. */
  ofUser(by: By, userId: string): Promise<BudgetView[]>;
}

export function createBudgetService<By extends BudgetAsker>(
  deps: BudgetDeps<By>,
  settings: BudgetSettings,
): BudgetService<By> {
  const view = (rows: readonly Limit[]): Promise<BudgetView[]> =>
    Promise.all(rows.map((row) => viewOf(deps, settings, row)));
  const ofTarget = async (scope: BudgetScope, subject: string): Promise<BudgetView[]> =>
    view((await deps.store.budgets.allBudgets()).filter((row) => row.scope === scope && row.subject === subject));
  const forUser = async (userId: string): Promise<BudgetView[]> => {
    const rows = await deps.store.budgets.allBudgets();
    const mine = rows.filter(({ scope, subject }) => scope === 'user' && subject === userId);
    return view([...mine, ...callLimits(userId, settings).filter(({ scope }) => scope === 'user')]);
  };
  return {
    async set(by, target, texts) {
      deps.requirePermission(by, 'budget.manage');
      const wanted = texts.filter((text) => text !== 'none').map(readBudget);
      const now = deps.clock.now();
      const subject = await deps.store.transaction(async (tables) => {
        const found = await subjectOf(tables, target);
        if (texts.includes('none')) await tables.budgets.removeBudgets(target.scope, found);
        for (const limit of wanted) {
          await tables.budgets.setBudget({
            id: newId(now),
            scope: target.scope,
            subject: found,
            ...limit,
            created_at: now,
          });
        }
        const detail = {
          scope: target.scope,
          subject: found,
          cleared: texts.includes('none'),
          budgets: wanted.map(limitText),
        };
        await tables.audit.append({ at: now, by, action: 'budget.set', target: found, detail });
        return found;
      });
      return ofTarget(target.scope, subject);
    },
    async list(by) {
      deps.requirePermission(by, 'budget.manage');
      return view([...(await deps.store.budgets.allBudgets()), ...callLimits(by.user.id, settings)]);
    },
    async own(by) {
      deps.requirePermission(by, 'cost.read');
      return forUser(by.user.id);
    },
    async ofUser(by, userId) {
      deps.requirePermission(by, 'budget.manage');
      return forUser(userId);
    },
  };
}

async function subjectOf({ users, rooms, tasks }: Tables, { scope, name }: BudgetTarget): Promise<string> {
  if (scope === 'user') {
    const user = (await users.byName(name)) ?? (await users.byId(name));
    if (user === undefined) throw notFound(phrase('noUser', JSON.stringify(name)), 'claw user list --all');
    return user.id;
  }
  if (scope === 'room' && (await rooms.folder(name)) === undefined)
    throw notFound(`There is no room with the folder ${JSON.stringify(name)}.`, 'claw group list');
  return scope === 'task' ? taskNamed(tasks, name) : name;
}

/** The task of that id, or of `user/id` where several people use it. */
async function taskNamed(tasks: Tables['tasks'], name: string): Promise<string> {
  const [username, id] = name.split('/');
  const [task, other] = id === undefined ? await tasks.allNamed(name) : await tasks.allNamed(id, username);
  if (task === undefined) throw notFound(phrase('noTask', JSON.stringify(name)), 'claw task list');
  if (other === undefined) return task.id;
  throw new ClawError('usage-invalid', `Several people have a task ${name}.`, { hint: `Say whose: USER/${name}` });
}

function notFound(message: string | Phrase, hint: string): ClawError {
  return new ClawError('not-found', message, { hint });
}

async function viewOf(
  { store, clock }: Pick<BudgetDeps<never>, 'store' | 'clock'>,
  { zone }: BudgetSettings,
  limit: Limit,
): Promise<BudgetView> {
  const { startsAt, endsAt } = periodAt(limit.period, clock.now(), zone);
  const period = await store.budgets.period({ budgetId: limit.id, startsAt });
  const { id, scope, subject, unit, period: per, amount } = limit;
  return {
    id,
    scope,
    subject,
    unit,
    period: per,
    amount,
    name: await subjectName(store, limit),
    used: period?.spent ?? (await store.budgets.usedSince(limit, startsAt)),
    reserved: period?.reserved ?? 0,
    renewsAt: endsAt,
  };
}
