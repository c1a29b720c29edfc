/** Owns how a budget is written by people: `5/day` (US dollars), `100000tokens/month`, `200calls/day`. */
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Limit } from './limit.ts';

/** Above it a count would no longer be exact. */
const MOST = Number.MAX_SAFE_INTEGER / 2;

/** Reads one budget. Throws `usage-invalid`. */
export function readBudget(text: string): Pick<Limit, 'unit' | 'amount' | 'period'> {
  const found = /^\$?(\d+(?:\.\d{1,6})?)\s*(usd|tokens|calls)?\/(day|month)$/i.exec(text.trim());
  const [, number = '', word = 'usd', per = ''] = found ?? [];
  const name = word.toLowerCase();
  const unit = name === 'tokens' || name === 'calls' ? name : 'money';
  const amount = unit === 'money' ? Math.round(Number(number) * 1e6) : Number(number);
  if (found === null || !Number.isInteger(amount) || amount > MOST) {
    throw new ClawError('usage-invalid', phrase('noBudgetText', JSON.stringify(text)), {
      hint: phrase('writeBudget'),
    });
  }
  return { unit, amount, period: per.toLowerCase() === 'day' ? 'day' : 'month' };
}
