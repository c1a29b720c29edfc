import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_USAGE, type Usage } from '../../../src/core/kernel/messages.ts';
import { loadModelCatalog } from '../../../src/core/llm/models/model-catalog.ts';
import type { ModelPrice } from '../../../src/core/llm/models/model-info.ts';
import { ceilingCost, costOf } from '../../../src/core/spending/prices.ts';

const NOW = Date.UTC(2026, 10, 21);

async function priceOf(provider: string, id: string): Promise<ModelPrice | null> {
  return (await loadModelCatalog('/nowhere/models.json')).find(provider, id)?.price ?? null;
}

function usage(inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Usage {
  return { ...NO_USAGE, inputTokens, outputTokens, ...more };
}

describe('the cost of a call', () => {
  test('10,000 tokens in and 5,000 out of a Sonnet at $3 and $15 are $0.105', async () => {
    const price = await priceOf('anthropic', 'claude-sonnet-4-6');
    expect(costOf(usage(10_000, 5_000), price, NOW)).toBe(105_000);
  });

  test('cached tokens and cache writes have their own rates', async () => {
    const price = await priceOf('anthropic', 'claude-sonnet-4-6');
    const cost = costOf(usage(10_000, 0, { cachedTokens: 6_000, cacheWriteTokens: 3_000 }), price, NOW);
    expect(cost).toBe(1_000 * 3 + 6_000 * 0.3 + 3_000 * 3.75);
  });

  test('an unknown price is unknown, never 0, and counts at the ceiling against a budget', async () => {
    const price = await priceOf('anthropic', 'claude-sonnet-999');
    expect(costOf(usage(10_000, 5_000), price, NOW)).toBeNull();
    expect(ceilingCost(usage(10_000, 5_000), 100)).toBe(1_500_000);
  });

  test('no tokens cost nothing', async () => {
    expect(costOf(NO_USAGE, await priceOf('anthropic', 'claude-sonnet-4-6'), NOW)).toBe(0);
    expect(ceilingCost(NO_USAGE, 100)).toBe(0);
  });

  test('a long prompt costs the rates of long prompts, for every token', async () => {
    const price = await priceOf('anthropic', 'claude-haiku-5-5');
    expect(costOf(usage(100_000, 1_000), price, NOW)).toBe(10_500);
    expect(costOf(usage(100_001, 1_000), price, NOW)).toBe(Math.ceil(100_001 * 0.5 + 2_500));
  });

  test('an announced price holds from its day on', async () => {
    const price = await priceOf('google', 'gemini-4-argon');
    expect(costOf(usage(1_000, 1_000), price, Date.UTC(2026, 10, 30, 23, 59))).toBe(12_000);
    expect(costOf(usage(1_000, 1_000), price, Date.UTC(2026, 11, 1))).toBe(24_000);
  });

  test('is a whole number of micro-dollars, never less than the exact sum and less than one above it', async () => {
    const price = await priceOf('openai', 'gpt-5-nano');
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(50_000), fc.nat(100), (input, output, percent) => {
        const cachedTokens = Math.floor((input * percent) / 100);
        const cost = costOf(usage(input, output, { cachedTokens }), price, NOW) ?? NaN;
        const exactNano = (input - cachedTokens) * 50 + cachedTokens * 5 + output * 400;
        expect(Number.isInteger(cost)).toBe(true);
        expect(cost * 1000).toBeGreaterThanOrEqual(exactNano);
        expect(cost * 1000 - exactNano).toBeLessThan(1000);
      }),
    );
  });
});
