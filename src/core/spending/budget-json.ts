/** Owns the JSON of a budget, the same on the command line and over HTTP. */
import type { BudgetView } from './budget-service.ts';
import { limitText } from './limit.ts';

export function budgetJson(view: BudgetView) {
  const { scope, name, unit, period, amount, used, reserved, renewsAt } = view;
  const inUnit = (count: number): number => (unit === 'money' ? count / 1e6 : count);
  return {
    scope,
    name,
    budget: limitText(view),
    unit: unit === 'money' ? ('usd' as const) : unit,
    period,
    amount: inUnit(amount),
    used: inUnit(used),
    reserved: inUnit(reserved),
    renews_at: new Date(renewsAt).toISOString(),
  };
}
