/** Owns one decision: whether what limits leave is enough for a model call, and how long its answer may be. It touches nothing. */
import type { Limit, Use } from './limit.ts';
import { inUnit } from './limit.ts';

/** The shortest answer a call is worth making for, in tokens. */
const LEAST_ANSWER = 64;

/** A limit with what it has seen in its period. */
export interface Standing {
  readonly limit: Limit;
  readonly startsAt: number;
  readonly spent: number;
  readonly reserved: number;
}

export interface Wanted {
  /** The longest answer, in tokens. */
  readonly maxOutputTokens: number;
  /** The most a call can use whose answer has so many tokens. Grows with them. */
  readonly atMost: (outputTokens: number) => Use;
}

export type Decision =
  | { readonly kind: 'granted'; readonly maxOutputTokens: number }
  /** Only calls that run stand in the way of it. */
  | { readonly kind: 'busy'; readonly on: Standing }
  | { readonly kind: 'refused'; readonly by: Standing };

/** With `isLast` it takes what calls that run leave, instead of waiting for them. */
export function decide(standings: readonly Standing[], wanted: Wanted, isLast: boolean): Decision {
  const least = Math.min(LEAST_ANSWER, wanted.maxOutputTokens);
  let maxOutputTokens = wanted.maxOutputTokens;
  let busy: Standing | undefined;
  for (const standing of standings) {
    const { limit, spent, reserved } = standing;
    const need = (outputTokens: number): number => inUnit(limit.unit, wanted.atMost(outputTokens));
    if (spent + need(least) > limit.amount) return { kind: 'refused', by: standing };
    const left = limit.amount - spent - reserved;
    if (need(maxOutputTokens) <= left) continue;
    if (reserved > 0 && !isLast) busy ??= standing;
    else if (need(least) > left) return { kind: 'refused', by: standing };
    else maxOutputTokens = longest(need, left, least, maxOutputTokens);
  }
  return busy === undefined ? { kind: 'granted', maxOutputTokens } : { kind: 'busy', on: busy };
}

/** The greatest number of tokens from `low`, which fits, below `high`, which does not, that needs no more than `left`. */
function longest(need: (tokens: number) => number, left: number, low: number, high: number): number {
  let fits = low;
  let over = high;
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2);
    if (need(middle) <= left) fits = middle;
    else over = middle;
  }
  return fits;
}
