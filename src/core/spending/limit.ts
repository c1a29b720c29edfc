/** Owns what a limit on spending is: whose, of what, how much, and how it is said. A budget is one, and so are the settings that limit calls. */
import { phrase, type Phrase } from '../kernel/language/phrase.ts';
import type { BudgetPeriod, BudgetScope, BudgetUnit } from '../store/spending-schema.ts';

export interface Limit {
  /** Id of the budget; of a setting its name. */
  readonly id: string;
  readonly scope: BudgetScope;
  readonly subject: string;
  readonly unit: BudgetUnit;
  readonly period: BudgetPeriod;
  /** Micro-USD, tokens or calls. */
  readonly amount: number;
}

/** What one model call uses. */
export interface Use {
  readonly microUsd: number;
  readonly tokens: number;
}

/** That use in the unit of a limit. */
export function inUnit(unit: BudgetUnit, { microUsd, tokens }: Use): number {
  return { money: microUsd, tokens, calls: 1 }[unit];
}

/** `$0.008 of $5.00`, `80 of 100 calls`. */
export function usedPhrase(unit: BudgetUnit, used: number, amount: number): Phrase {
  const text = (value: number): string => (unit === 'money' ? dollars(value) : value.toLocaleString('en'));
  return phrase('usedOf', text(used), text(amount), unit);
}

/** `5/day`, `100000tokens/day`, as it is written on the command line. */
export function limitText({ unit, amount, period }: Pick<Limit, 'unit' | 'amount' | 'period'>): string {
  return `${unit === 'money' ? amount / 1e6 : `${amount}${unit}`}/${period}`;
}

/** `the budget of alice for the day`. */
export function limitPhrase({ id, scope, period }: Limit, subjectName: string): Phrase {
  if (id.startsWith('MAX_DAILY_CALLS')) return phrase('homeCalls');
  if (id.startsWith('PER_USER_DAILY_CALLS')) return phrase('userCalls', subjectName);
  return scope === 'home' ? phrase('homeBudget', period) : phrase('budgetOf', period, scope, subjectName);
}

/** Micro-USD as dollars, with the cents and as many decimals more as there are. */
function dollars(microUsd: number): string {
  const text = (microUsd / 1e6).toFixed(6).replace(/0{1,4}$/, '');
  return `$${text}`;
}
