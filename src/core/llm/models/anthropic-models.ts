/** Owns the models of Anthropic as data, from https://platform.claude.com/docs/en/about-claude/models and /pricing. The first is the default. */
import { type ModelInfo, type ModelPrice, rates } from './model-info.ts';

const PRICED_ON = '2026-11-21';
const MILLION = 1_000_000;

/** Writing to the five-minute cache costs 1.25 times the input; reading from it a tenth, with the newest models less. */
function price(input: number, output: number, readFactor = 0.1): ModelPrice {
  return rates(input, output, readFactor, 1.25);
}

function model(
  id: string,
  contextTokens: number,
  maxOutputTokens: number,
  cost: ModelPrice,
  aliases: readonly string[] = [],
): ModelInfo {
  return { id, aliases, contextTokens, maxOutputTokens, price: cost, pricedOn: PRICED_ON };
}

export const ANTHROPIC_MODELS: readonly ModelInfo[] = [
  model('claude-sonnet-5-5', MILLION, 128_000, price(2, 10, 0.05)),
  model('claude-fable-5-2', MILLION, 128_000, price(8, 40, 0.025)),
  model('claude-fable-5-1', MILLION, 128_000, price(10, 50, 0.025)),
  model('claude-fable-5', MILLION, 128_000, price(10, 50)),
  model('claude-opus-5-5', MILLION, 128_000, price(4, 20, 0.05)),
  model('claude-opus-5', MILLION, 128_000, price(5, 25)),
  model('claude-opus-4-8', MILLION, 128_000, price(5, 25)),
  model('claude-opus-4-7', MILLION, 128_000, price(5, 25)),
  model('claude-opus-4-6', MILLION, 128_000, price(5, 25)),
  model('claude-opus-4-5', 200_000, 64_000, price(5, 25), ['claude-opus-4-5-20251101']),
  model('claude-opus-4-1', 200_000, 32_000, price(15, 75), ['claude-opus-4-1-20250805']),
  model('claude-sonnet-5', MILLION, 128_000, price(2, 10)),
  model('claude-sonnet-4-6', MILLION, 64_000, price(3, 15)),
  model('claude-sonnet-4-5', 200_000, 64_000, price(3, 15), ['claude-sonnet-4-5-20250929']),
  model('claude-sonnet-4-0', 200_000, 64_000, price(3, 15), ['claude-sonnet-4-20250514']),
  model('claude-3-7-sonnet-latest', 200_000, 64_000, price(3, 15), ['claude-3-7-sonnet-20250219']),
  model('claude-3-5-sonnet-latest', 200_000, 8_192, price(3, 15), ['claude-3-5-sonnet-20241022']),
  model('claude-haiku-5-5', MILLION, 128_000, {
    ...price(0.1, 0.5),
    longPrompt: { over: 100_000, ...price(0.5, 2.5) },
  }),
  model('claude-haiku-4-5', 200_000, 64_000, price(1, 5), ['claude-haiku-4-5-20251001']),
  model('claude-3-5-haiku-latest', 200_000, 8_192, price(0.8, 4), ['claude-3-5-haiku-20241022']),
];
