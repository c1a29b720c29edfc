/** Owns the round over rows that are done with, kind by kind. */
import { ROW_KINDS } from '../store/retention-table.ts';
import type { Store } from '../store/store.ts';
import type { Counts } from './counts.ts';
import { inSteps, type Pace } from './in-steps.ts';
import type { Limits } from './limits.ts';

export interface Cleaning {
  readonly store: Store;
  readonly pace: Pace;
  readonly limits: Limits;
  readonly counts: Counts;
  /** Only counts. */
  readonly isTrial: boolean;
  readonly signal: AbortSignal;
}

/** What came in and went out goes before the conversations: these let go of what refers to them. */
export const SENT_KINDS: readonly string[] = ['outbox_messages', 'webhook_deliveries'];
export const OTHER_KINDS: readonly string[] = ROW_KINDS.filter((kind) => !SENT_KINDS.includes(kind));

export async function cleanRows(cleaning: Cleaning, kinds: readonly string[]): Promise<void> {
  const { store, pace, limits, counts, isTrial, signal } = cleaning;
  for (const kind of kinds) {
    let after: string | number | undefined;
    await inSteps(pace, signal, async (most) => {
      const step = await store.transaction(({ retention }) => retention.step({ kind, limits, after, most, isTrial }));
      counts.add(kind, step.gone);
      after = step.after;
      return after === undefined ? 'done' : 'more';
    });
  }
}
