/** Owns how long rows of the audit trail are kept while the server runs. */
import type { Store } from '../core/store/store.ts';

const DAY_MS = 86_400_000;

/** Takes away rows of the days (UTC) that are more than `keepDays` before `now`; 0: none. The limit moves at midnight, so that a day has one cut. Returns how many. */
export async function cutAudit(store: Pick<Store, 'transaction'>, keepDays: number, now: number): Promise<number> {
  if (keepDays === 0) return 0;
  const limit = Math.floor(now / DAY_MS) * DAY_MS - keepDays * DAY_MS;
  return store.transaction(({ audit }) => audit.cut(limit, {}, now));
}
