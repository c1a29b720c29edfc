/** Owns how budgets are printed for people. */
import type { BudgetView } from '../core/spending/budget-service.ts';
import { limitText, usedPhrase } from '../core/spending/limit.ts';
import { table } from './table.ts';

export function budgetTable(views: readonly BudgetView[]): string {
  if (views.length === 0) return 'There is no budget.';
  return table(
    views.map((view) => ({
      for: view.name === '' ? view.scope : `${view.scope} ${view.name}`,
      budget: limitText(view),
      used: usedPhrase(view.unit, view.used, view.amount).text,
      renews: new Date(view.renewsAt).toISOString(),
    })),
  );
}
