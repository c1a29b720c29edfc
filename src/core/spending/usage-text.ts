/** Owns what one person is told of their own use: today, this month, and their budgets. */
import type { Clock } from '../kernel/clock.ts';
import type { Spent } from '../store/journal-tables.ts';
import type { BudgetPeriod } from '../store/spending-schema.ts';
import type { Store } from '../store/store.ts';
import type { BudgetService, BudgetAsker } from './budget-service.ts';
import { budgetLine } from './budget-line.ts';
import { periodAt } from './period.ts';

export interface UsageDeps<By> {
  readonly store: Store;
  readonly clock: Clock;
  /** IANA zone in which days begin. */
  readonly zone: string;
  readonly budgets: Pick<BudgetService<By>, 'own'>;
}

/** A few lines for the asker. Throws `permission-denied`. */
export async function usageText<By extends BudgetAsker>(deps: UsageDeps<By>, by: By): Promise<string> {
  const { store, clock, zone, budgets } = deps;
  const now = clock.now();
  const line = async (name: string, period: BudgetPeriod): Promise<string> =>
    `${name}: ${spentText(await store.journal.spentBy(by.user.id, periodAt(period, now, zone).startsAt))}`;
  const limits = await budgets.own(by);
  return [
    await line('Today', 'day'),
    await line('This month', 'month'),
    ...limits.map(budgetLine),
    `Days are those of ${zone}.`,
  ].join('\n');
}

function spentText({ calls, input_tokens, output_tokens, cost_micro_usd, unpriced_calls }: Spent): string {
  if (calls === 0) return 'nothing';
  const tokens = `${input_tokens.toLocaleString('en')} tokens in, ${output_tokens.toLocaleString('en')} out`;
  const unpriced = unpriced_calls === 0 ? '' : `, and ${unpriced_calls} of ${calls} calls without a known price`;
  return `${tokens}, $${(cost_micro_usd / 1e6).toFixed(4)}${unpriced}`;
}
