/** Owns how a budget is told in a sentence. */
import { phrase, type Phrase } from '../kernel/language/phrase.ts';
import type { BudgetView } from './budget-service.ts';
import { limitPhrase, usedPhrase } from './limit.ts';

/** `The daily budget of the user alice: $0.008 of $5.00.` */
export function budgetLine(view: BudgetView): Phrase {
  return phrase('budgetLine', limitPhrase(view, view.name), usedPhrase(view.unit, view.used, view.amount));
}
