/** Owns what a home holds and takes, for those who may know: everybody their own, an admin all of it. */
import type { Clock } from '../kernel/clock.ts';
import type { HomePaths } from '../kernel/paths.ts';
import type { Store } from '../store/store.ts';
import { type DiskUsage, diskUsage, groupTables } from './disk-usage.ts';

export interface StatsDeps<By> {
  readonly store: Store;
  readonly clock: Clock;
  readonly paths: HomePaths;
  readonly settings: () => { readonly zone: string; readonly backups: string };
  /** Throws `permission-denied`. */
  readonly requirePermission: (by: By, action: 'stats.read' | 'stats.read-all') => void;
}

export interface DatabaseUsage {
  /** Bytes by what the tables are for, the largest first; null where SQLite cannot tell. */
  readonly groups: readonly { readonly group: string; readonly bytes: number }[] | null;
  /** Bytes of the file that hold nothing. */
  readonly free: number;
}

export type Stats = Awaited<ReturnType<StatsService['read']>>;
export type StatsService<
  By extends { readonly user: { readonly id: string } } = { readonly user: { readonly id: string } },
> = ReturnType<typeof createStats<By>>;

export function createStats<By extends { readonly user: { readonly id: string } }>(deps: StatsDeps<By>) {
  const { store, clock, paths, settings, requirePermission } = deps;
  return {
    /** Of everything, or what is the asker's own. Throws `permission-denied`. */
    async read(by: By, scope: 'all' | 'own') {
      requirePermission(by, scope === 'all' ? 'stats.read-all' : 'stats.read');
      const userId = scope === 'all' ? undefined : by.user.id;
      const { zone, backups } = settings();
      return {
        at: clock.now(),
        scope,
        counts: await store.stats.counts(userId),
        tasks: await store.stats.tasksByState(userId),
        deliveries: await store.stats.deliveriesByState(userId),
        cost: await costs(store, clock.now(), { zone, userId }),
        disk: scope === 'all' ? await usage(store, paths, backups) : null,
      };
    },
  };
}

async function usage(
  store: Store,
  paths: HomePaths,
  backups: string,
): Promise<DiskUsage & { readonly tables: DatabaseUsage }> {
  const tables = await store.stats.tableBytes();
  const groups = tables === undefined ? null : groupTables(tables);
  return { ...(await diskUsage(paths, backups)), tables: { groups, free: await store.stats.freeBytes() } };
}

/** Micro-USD since local midnight, and since the first of the month. */
async function costs(
  store: Store,
  now: number,
  { zone, userId }: { readonly zone: string; readonly userId: string | undefined },
): Promise<{ today: number; month: number }> {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).startOfDay();
  const since = async (from: number): Promise<number> => {
    const sums = await store.costs.sums({ by: 'model', from, to: now + 1, userId });
    return sums.reduce((sum, { cost_micro_usd: cost }) => sum + cost, 0);
  };
  return {
    today: await since(today.epochMilliseconds),
    month: await since(today.with({ day: 1 }).startOfDay().epochMilliseconds),
  };
}
