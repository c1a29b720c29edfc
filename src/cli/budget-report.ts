/** Owns how budgets are printed for people. */
import { type Catalogue, ENGLISH } from '../core/kernel/language/catalogue.ts';
import { inWords } from '../core/kernel/language/phrase.ts';
import type { BudgetView } from '../core/spending/budget-service.ts';
import { limitText, usedPhrase } from '../core/spending/limit.ts';
import { table } from './table.ts';

export function budgetTable(views: readonly BudgetView[], texts: Catalogue = ENGLISH): string {
  if (views.length === 0) return texts.cli.noBudget;
  return table(
    views.map((view) => ({
      for: view.name === '' ? view.scope : `${view.scope} ${view.name}`,
      budget: limitText(view),
      used: inWords(usedPhrase(view.unit, view.used, view.amount), texts.phrases),
      renews: new Date(view.renewsAt).toISOString(),
    })),
    texts,
  );
}
