/** Owns the answer to "what would start": the list of `claw serve --check`. */
import type { PlannedChannel } from './channel-plan.ts';

export interface CheckRow {
  readonly name: string;
  readonly starts: boolean;
  readonly reason: string | null;
}

/** One row a channel, and whether everything that somebody wants would start. */
export function checkServe(plan: readonly PlannedChannel[]): { readonly rows: CheckRow[]; readonly isGood: boolean } {
  return {
    rows: plan.map(({ entry, starts, reason }) => ({ name: entry.name, starts, reason })),
    isGood: plan.every(({ starts, isWanted }) => starts || !isWanted),
  };
}
