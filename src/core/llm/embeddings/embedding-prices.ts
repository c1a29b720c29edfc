/** Owns what embedding models cost, as data, from https://developers.openai.com/api/docs/pricing and https://ai.google.dev/gemini-api/docs/pricing. Others are priced in models.json of the home. */
import { type ModelPrice, rates } from '../models/model-info.ts';

/** US dollars per million tokens. */
const INPUT_USD: Readonly<Record<string, number>> = {
  'openai/text-embedding-3-small': 0.02,
  'openai/text-embedding-3-large': 0.13,
  'openai/text-embedding-ada-002': 0.1,
  'google/gemini-embedding-001': 0.15,
};

/** Undefined when it is not known. */
export function embeddingPrice(ref: string): ModelPrice | undefined {
  const input = INPUT_USD[ref];
  return input === undefined ? undefined : rates(input, 0, 1, 1);
}
