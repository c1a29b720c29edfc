/** Owns what one person is told of their own use: today, this month, and their budgets. */
import type { Clock } from '../kernel/clock.ts';
import type { Catalogue } from '../kernel/language/catalogue.ts';
import { inWords } from '../kernel/language/phrase.ts';
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
  readonly catalogue: Catalogue;
}

/** A few lines for the asker. Throws `permission-denied`. */
export async function usageText<By extends BudgetAsker>(deps: UsageDeps<By>, by: By): Promise<string> {
  const { store, clock, zone, budgets, catalogue } = deps;
  const { usage } = catalogue.chat;
  const now = clock.now();
  const line = async (name: string, period: BudgetPeriod): Promise<string> =>
    `${name}: ${spentText(await store.journal.spentBy(by.user.id, periodAt(period, now, zone).startsAt), catalogue)}`;
  const limits = await budgets.own(by);
  return [
    await line(usage.today, 'day'),
    await line(usage.thisMonth, 'month'),
    ...limits.map((limit) => inWords(budgetLine(limit), catalogue.phrases)),
    usage.zone(zone),
  ].join('\n');
}

function spentText(
  { calls, input_tokens, output_tokens, cost_micro_usd, unpriced_calls }: Spent,
  { chat: { usage }, locale }: Catalogue,
): string {
  if (calls === 0) return usage.nothing;
  const input = input_tokens.toLocaleString(locale);
  const output = output_tokens.toLocaleString(locale);
  const unpriced = unpriced_calls === 0 ? '' : usage.unpriced(unpriced_calls, calls);
  return `${usage.tokens(input, output, (cost_micro_usd / 1e6).toFixed(4))}${unpriced}`;
}
