/** Owns how long rows of the audit trail are kept. */
import type { Store } from '../store/store.ts';
import { inSteps, type Pace } from './in-steps.ts';

const DAY_MS = 86_400_000;

/** Takes away rows of the days (UTC) that are more than `keepDays` before now; 0: none. The limit moves at midnight, so that a day has one cut. Returns how many. */
export async function cutAudit(
  store: Pick<Store, 'transaction'>,
  pace: Pace,
  keepDays: number,
  signal: AbortSignal,
): Promise<number> {
  if (keepDays === 0) return 0;
  const at = pace.clock.now();
  const instant = auditLimit(keepDays, at);
  let already = 0;
  await inSteps(pace, signal, async (most) => {
    const step = await store.transaction(({ audit }) => audit.cut({ instant, by: {}, at, most, already }));
    already += step.rows;
    return step.isDone ? 'done' : 'more';
  });
  return already;
}

/** Rows from before that instant (milliseconds UTC) are too old; 0: none is. */
export function auditLimit(keepDays: number, now: number): number {
  return keepDays === 0 ? 0 : Math.floor(now / DAY_MS) * DAY_MS - keepDays * DAY_MS;
}
