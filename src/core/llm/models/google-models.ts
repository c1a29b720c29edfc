/** Owns the models of Google as data, from https://ai.google.dev/gemini-api/docs/models and /pricing. The first is the default. */
import { type ModelInfo, type ModelPrice, type Rates, rates } from './model-info.ts';

const PRICED_ON = '2026-11-21';
const LONG_PROMPT = 200_000;

/** Implicit caching costs nothing to write. */
function price(input: number, output: number, readFactor = 0.1): Rates {
  return rates(input, output, readFactor, 1);
}

function model(id: string, cost: ModelPrice): ModelInfo {
  return { id, contextTokens: 1_048_576, maxOutputTokens: 65_536, price: cost, pricedOn: PRICED_ON };
}

/** The introductory price of both Gemini 4 models ends with November 2026. */
const GEMINI_4: ModelPrice = { ...price(2, 10, 0.05), later: { from: '2026-12-01', ...price(4, 20, 0.05) } };

export const GOOGLE_MODELS: readonly ModelInfo[] = [
  model('gemini-3.8-flash', price(0.75, 3.75)),
  model('gemini-4-argon', GEMINI_4),
  model('gemini-4-carbon', GEMINI_4),
  model('gemini-3.7-flash', price(0.75, 3.75)),
  model('gemini-3.6-flash', price(0.75, 3.75)),
  model('gemini-3.5-flash', price(1.5, 9)),
  model('gemini-3.5-flash-lite', price(0.3, 2.5)),
  model('gemini-3.1-pro-preview', { ...price(2, 12), longPrompt: { over: LONG_PROMPT, ...price(4, 18) } }),
  model('gemini-3.1-flash-lite', price(0.25, 1.5)),
  model('gemini-3-flash-preview', price(0.5, 3)),
  model('gemini-2.5-pro', { ...price(1.25, 10), longPrompt: { over: LONG_PROMPT, ...price(2.5, 15) } }),
  model('gemini-2.5-flash', price(0.3, 2.5)),
  model('gemini-2.5-flash-lite', price(0.1, 0.4)),
];
