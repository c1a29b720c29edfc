/** Owns how the amount of a budget is written. */
import type { Result } from '../api/client.ts';
import { count, money } from '../format.ts';
import type { Texts } from '../language/texts.ts';

export type Budget = Result<'GET /budgets'>[number];

export function amountText(units: Texts['costs']['units'], { unit }: Pick<Budget, 'unit'>, amount: number): string {
  return unit === 'usd' ? money(amount) : `${count(amount)} ${units[unit]}`;
}
