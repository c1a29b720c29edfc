/** Owns how budgets are printed: as rows for people, and as JSON. */
import type { BudgetView } from '../core/spending/budget-service.ts';
import { limitText, usedText } from '../core/spending/limit.ts';
import { table } from './table.ts';

export function budgetJson(view: BudgetView) {
  const { scope, name, unit, period, amount, used, reserved, renewsAt } = view;
  const inUnit = (count: number): number => (unit === 'money' ? count / 1e6 : count);
  return {
    scope,
    name,
    budget: limitText(view),
    unit: unit === 'money' ? 'usd' : unit,
    period,
    amount: inUnit(amount),
    used: inUnit(used),
    reserved: inUnit(reserved),
    renews_at: new Date(renewsAt).toISOString(),
  };
}

export function budgetTable(views: readonly BudgetView[]): string {
  if (views.length === 0) return 'There is no budget.';
  return table(
    views.map((view) => ({
      for: view.name === '' ? view.scope : `${view.scope} ${view.name}`,
      budget: limitText(view),
      used: usedText(view.unit, view.used, view.amount),
      renews: new Date(view.renewsAt).toISOString(),
    })),
  );
}
