/** Owns how a budget is told in a sentence. */
import type { BudgetView } from './budget-service.ts';
import { limitName, usedText } from './limit.ts';

/** `The daily budget of the user alice: $0.008 of $5.00.` */
export function budgetLine(view: BudgetView): string {
  const name = limitName(view, view.name);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${usedText(view.unit, view.used, view.amount)}.`;
}
