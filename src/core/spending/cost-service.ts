/** Owns what was spent, for those who may know: everybody their own, an admin all of it. Days are those of the home's time zone. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { RouteCount } from '../store/routes-table.ts';
import { type CostGroup, type CostSum, QUARTER_MS } from '../store/costs-table.ts';
import type { Store } from '../store/store.ts';
import type { BudgetAsker } from './budget-service.ts';
import { dateAt, startOfDate } from './period.ts';

export const COST_GROUPS = [
  'day',
  'user',
  'model',
  'tool',
  'room',
  'task',
  'conversation',
] as const satisfies readonly CostGroup[];

export interface CostRequest {
  readonly by: CostGroup;
  /** Days back, today included; without `from`. */
  readonly days: number;
  /** First and last day, as `YYYY-MM-DD`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Name or id of the only user to count; for those who may see all. */
  readonly user?: string | undefined;
}

/** Sums of one day, user, …; `key` is null for calls that belong to none. */
export type CostLine = Omit<CostSum, 'key' | 'quarter'> & { readonly key: string | null };
export type DailyCostLine = CostLine & { readonly day: string };

export interface CostReport {
  /** Newest day, or dearest, first. By tool a call counts for each tool whose results it read, so that these may add up to more than `total`. */
  readonly lines: readonly CostLine[];
  readonly total: CostLine;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly zone: string;
  /** Which models turns of these days were given to first. */
  readonly routes: readonly RouteCount[];
}

export interface CostDeps<By> {
  readonly store: Store;
  readonly clock: Clock;
  /** IANA zone in which days begin. */
  readonly zone: string;
  /** Throws `permission-denied`. */
  readonly requirePermission: (by: By, action: 'cost.read' | 'cost.read-all') => void;
}

export interface CostService<By = BudgetAsker> {
  /** Throws `usage-invalid`, `not-found`, `permission-denied`. */
  report(by: By, request: CostRequest): Promise<CostReport>;
  /** A line for each day and user, model, …, oldest day first; errors as of `report`. */
  daily(by: By, request: CostRequest): Promise<DailyCostLine[]>;
  /** The total of those days, and of as many days before them; errors as of `report`. */
  compare(by: By, request: Omit<CostRequest, 'by'>): Promise<{ readonly now: CostReport; readonly before: CostReport }>;
}

export function createCostService<By extends BudgetAsker>(deps: CostDeps<By>): CostService<By> {
  const { store, zone } = deps;
  const report: CostService<By>['report'] = async (by, request) => {
    const span = spanOf(deps, request);
    const userId = await whose(deps, by, request.user);
    const sums = await store.costs.sums({ by: request.by, userId, from: span.from, to: span.to });
    const lines = added(sums.flatMap((sum) => keysOf(sum, request.by, zone).map((key) => ({ ...sum, key }))));
    const total = added(sums.map((sum) => ({ ...sum, key: null })))[0] ?? NOTHING;
    return {
      lines: lines.toSorted(request.by === 'day' ? newestFirst : dearestFirst),
      total,
      firstDay: span.firstDay,
      lastDay: span.lastDay,
      zone,
      routes: await store.routes.counts({ from: span.from, to: span.to, userId }),
    };
  };
  return {
    report,
    async daily(by, request) {
      const { from, to } = spanOf(deps, request);
      const userId = await whose(deps, by, request.user);
      const sums = await store.costs.sums({ by: request.by, from, to, userId, isByTime: true });
      const days = Map.groupBy(sums, ({ quarter }) => dateAt(quarter * QUARTER_MS, zone, 0));
      return [...days]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .flatMap(([day, group]) =>
          added(group.flatMap((sum) => keysOf(sum, request.by, zone).map((key) => ({ ...sum, key })))).map((line) => ({
            ...line,
            day,
          })),
        );
    },
    async compare(by, request) {
      const now = await report(by, { ...request, by: 'model' });
      const start = startOfDate(now.firstDay, zone, 0);
      const days = Math.round((startOfDate(now.lastDay, zone, 1) - start) / DAY_MS);
      const [from, to] = [dateAt(start, zone, -days), dateAt(start, zone, -1)];
      return { now, before: await report(by, { ...request, by: 'model', from, to }) };
    },
  };
}

const DAY_MS = 24 * 60 * 60_000;

interface Span {
  /** Milliseconds UTC; `to` is not in it. */
  readonly from: number;
  readonly to: number;
  readonly firstDay: string;
  readonly lastDay: string;
}

function spanOf({ clock, zone }: Pick<CostDeps<never>, 'clock' | 'zone'>, request: Omit<CostRequest, 'by'>): Span {
  const lastDay = request.to ?? dateAt(clock.now(), zone, 0);
  const firstDay = request.from ?? dateAt(startOfDate(lastDay, zone, 0), zone, 1 - request.days);
  const from = startOfDate(firstDay, zone, 0);
  const to = startOfDate(lastDay, zone, 1);
  if (from >= to) throw new ClawError('usage-invalid', `${firstDay} is after ${lastDay}.`);
  return { from, to, firstDay, lastDay };
}

/** Whose calls are counted; undefined: everybody's. */
async function whose<By extends BudgetAsker>(
  { store, requirePermission }: CostDeps<By>,
  by: By,
  name: string | undefined,
): Promise<string | undefined> {
  requirePermission(by, 'cost.read');
  if (name === by.user.id || name === by.user.username) return by.user.id;
  try {
    requirePermission(by, 'cost.read-all');
  } catch (error) {
    if (name === undefined && error instanceof ClawError) return by.user.id;
    throw error;
  }
  if (name === undefined) return undefined;
  const user = (await store.users.byName(name)) ?? (await store.users.byId(name));
  if (user === undefined)
    throw new ClawError('not-found', phrase('noUser', JSON.stringify(name)), {
      hint: 'claw user list --all',
    });
  return user.id;
}

function keysOf({ key }: CostSum, by: CostGroup, zone: string): (string | null)[] {
  if (key === null || key === '') return [null];
  if (by === 'day') return [dateAt(Number(key) * QUARTER_MS, zone, 0)];
  return by === 'tool' ? String(key).split(' ') : [String(key)];
}

const NOTHING: CostLine = {
  key: null,
  calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  cached_tokens: 0,
  cache_write_tokens: 0,
  cost_micro_usd: 0,
  unpriced_calls: 0,
  estimated_calls: 0,
};

/** One line for each key. */
function added(lines: readonly CostLine[]): CostLine[] {
  return [...Map.groupBy(lines, ({ key }) => key)].map(([key, group]) => {
    const sum = (name: Exclude<keyof CostLine, 'key'>): number => group.reduce((total, line) => total + line[name], 0);
    return {
      key,
      calls: sum('calls'),
      input_tokens: sum('input_tokens'),
      output_tokens: sum('output_tokens'),
      cached_tokens: sum('cached_tokens'),
      cache_write_tokens: sum('cache_write_tokens'),
      cost_micro_usd: sum('cost_micro_usd'),
      unpriced_calls: sum('unpriced_calls'),
      estimated_calls: sum('estimated_calls'),
    };
  });
}

function newestFirst(a: CostLine, b: CostLine): number {
  return (b.key ?? '').localeCompare(a.key ?? '');
}

function dearestFirst(a: CostLine, b: CostLine): number {
  return b.cost_micro_usd - a.cost_micro_usd || b.input_tokens - a.input_tokens || newestFirst(b, a);
}
