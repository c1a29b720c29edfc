/** Owns what model calls cost, in whole micro-dollars: known prices, and what an unknown one counts as against a budget. */
import type { Usage } from '../kernel/messages.ts';
import { type ModelPrice, type Rates, ratesFor } from '../llm/models/model-info.ts';

/** Cost in micro-USD of a call that ended at `now` (milliseconds UTC), rounded up; null when the price is not known. */
export function costOf(usage: Usage, price: ModelPrice | null, now: number): number | null {
  return price === null ? null : costAt(usage, ratesFor(price, usage.inputTokens, now));
}

/** The most a call of so many tokens can cost at any of `prices`, whatever part of its prompt is written to a cache; a price that is not known counts at `usdPerMtok`. */
export function worstCost(
  usage: Usage,
  prices: readonly (ModelPrice | null)[],
  { usdPerMtok, now }: { readonly usdPerMtok: number; readonly now: number },
): number {
  const { inputTokens } = usage;
  const ways = [usage, { ...usage, cacheWriteTokens: inputTokens }, { ...usage, cachedTokens: inputTokens }];
  const costs = prices.flatMap((price) => ways.map((way) => costOf(way, price, now) ?? ceilingCost(usage, usdPerMtok)));
  return Math.max(0, ...costs);
}

/** What a call without a known price counts as, in micro-USD: every token at `usdPerMtok`. */
export function ceilingCost({ inputTokens, outputTokens }: Usage, usdPerMtok: number): number {
  return Math.ceil(((inputTokens + outputTokens) * nano(usdPerMtok)) / 1000);
}

/** Sums in nano-dollars, which are whole numbers for every price there is, so that nothing is lost or gained on the way. */
function costAt(usage: Usage, rates: Rates): number {
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens } = usage;
  const fresh = Math.max(0, inputTokens - cachedTokens - cacheWriteTokens);
  const total =
    fresh * nano(rates.input) +
    cachedTokens * nano(rates.cacheRead) +
    cacheWriteTokens * nano(rates.cacheWrite) +
    outputTokens * nano(rates.output);
  return Math.ceil(total / 1000);
}

/** US dollars per million tokens as nano-dollars per token. */
function nano(usdPerMtok: number): number {
  return Math.round(usdPerMtok * 1000);
}
