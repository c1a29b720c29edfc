/** Owns the JSON of what a home holds and takes, the same on every surface. */
import type { Stats } from './stats-service.ts';

export interface Serving {
  readonly running: boolean;
  readonly uptime_seconds: number | null;
}

export function statsJson({ at, scope, counts, tasks, deliveries, cost, disk }: Stats, server: Serving) {
  return {
    at: new Date(at).toISOString(),
    scope,
    counts,
    tasks,
    deliveries,
    cost_usd: { today: cost.today / 1e6, month: cost.month / 1e6 },
    disk,
    server,
  };
}
