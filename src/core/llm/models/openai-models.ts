/** Owns the models of OpenAI as data, from https://developers.openai.com/api/docs/models and /pricing. The first is the default. */
import { type ModelInfo, type ModelPrice, rates } from './model-info.ts';

const PRICED_ON = '2026-11-21';
const LONG_PROMPT = 272_000;

/** Models with a window of 1,050,000 tokens: beyond 272,000 the prompt costs twice as much and the answer one and a half times. */
function large(id: string, input: number, output: number, readFactor: number, writeFactor: number): ModelInfo {
  const longPrompt = { over: LONG_PROMPT, ...rates(input * 2, output * 1.5, readFactor, writeFactor) };
  const price: ModelPrice = { ...rates(input, output, readFactor, writeFactor), longPrompt };
  return { id, contextTokens: 1_050_000, maxOutputTokens: 128_000, price, pricedOn: PRICED_ON };
}

function model(
  id: string,
  [contextTokens, maxOutputTokens]: readonly [number, number],
  [input, output, readFactor]: readonly [number, number, number],
  aliases: readonly string[] = [],
): ModelInfo {
  return {
    id,
    aliases,
    contextTokens,
    maxOutputTokens,
    price: rates(input, output, readFactor, 1),
    pricedOn: PRICED_ON,
  };
}

function plain(info: ModelInfo): ModelInfo {
  return { ...info, isPlain: true };
}

const GPT_5 = [400_000, 128_000] as const;
const GPT_4_1 = [1_047_576, 32_768] as const;
const GPT_4O = [128_000, 16_384] as const;
const O_SERIES = [200_000, 100_000] as const;
const WITHOUT_REASONING = { effortWithTools: 'none' } as const;

export const OPENAI_MODELS: readonly ModelInfo[] = [
  { ...large('gpt-6.1-terra', 1, 5, 0.05, 1.25), ...WITHOUT_REASONING },
  large('gpt-6.1-sol', 2, 10, 0.05, 1.25),
  large('gpt-6-astra', 10, 50, 0.1, 1.25),
  { ...large('gpt-6-sol', 2, 10, 0.1, 1.25), ...WITHOUT_REASONING },
  { ...large('gpt-6-luna', 0.1, 0.5, 0.1, 1.25), ...WITHOUT_REASONING },
  { ...large('gpt-5.6-sol', 4, 20, 0.1, 1.25), ...WITHOUT_REASONING },
  { ...large('gpt-5.6-terra', 2, 12, 0.1, 1.25), ...WITHOUT_REASONING },
  { ...large('gpt-5.6-luna', 0.2, 1.2, 0.1, 1.25), ...WITHOUT_REASONING },
  { ...large('gpt-5.5', 5, 30, 0.1, 1), aliases: ['gpt-5.5-2026-04-23'] },
  large('gpt-5.4', 2.5, 15, 0.1, 1),
  model('gpt-5.4-mini', GPT_5, [0.75, 4.5, 0.1], ['gpt-5.4-mini-2026-03-17']),
  model('gpt-5.4-nano', GPT_5, [0.2, 1.25, 0.1], ['gpt-5.4-nano-2026-03-17']),
  model('gpt-5.2', GPT_5, [1.75, 14, 0.1], ['gpt-5.2-2025-12-11']),
  model('gpt-5.1', GPT_5, [1.25, 10, 0.1], ['gpt-5.1-2025-11-13']),
  model('gpt-5', GPT_5, [1.25, 10, 0.1], ['gpt-5-2025-08-07']),
  model('gpt-5-mini', GPT_5, [0.25, 2, 0.1], ['gpt-5-mini-2025-08-07']),
  model('gpt-5-nano', GPT_5, [0.05, 0.4, 0.1], ['gpt-5-nano-2025-08-07']),
  plain(model('gpt-4.1', GPT_4_1, [2, 8, 0.25], ['gpt-4.1-2025-04-14'])),
  plain(model('gpt-4.1-mini', GPT_4_1, [0.4, 1.6, 0.25], ['gpt-4.1-mini-2025-04-14'])),
  plain(model('gpt-4.1-nano', GPT_4_1, [0.1, 0.4, 0.25], ['gpt-4.1-nano-2025-04-14'])),
  plain(model('gpt-4o', GPT_4O, [2.5, 10, 0.5], ['gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'])),
  plain(model('gpt-4o-mini', GPT_4O, [0.15, 0.6, 0.5], ['gpt-4o-mini-2024-07-18'])),
  model('o3', O_SERIES, [2, 8, 0.25], ['o3-2025-04-16']),
  model('o4-mini', O_SERIES, [1.1, 4.4, 0.25], ['o4-mini-2025-04-16']),
];
