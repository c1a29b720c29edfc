/** Owns the JSON of a budget, the same on the command line and over HTTP. */
import type { BudgetView } from './budget-service.ts';
import { limitText } from './limit.ts';

export function budgetJson(view: BudgetView) {
  const { id, scope, subject, name, unit, period, amount, used, reserved, renewsAt } = view;
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
    subject,
    // The id of a limit that a setting puts is the name of that.
    setting: /^[A-Z_]+/.exec(id)?.[0] ?? null,
  };
}
