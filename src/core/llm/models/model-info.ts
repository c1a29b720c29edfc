/** Owns what claw knows of a model: how much it takes, how much it writes and what it costs on which day. */

/** US dollars per million tokens, which is the same number as micro-dollars per token. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  /** For the part of the prompt that is read from the provider's cache. */
  readonly cacheRead: number;
  /** For the part that is written to it, at the provider's shortest lifetime. */
  readonly cacheWrite: number;
}

export interface ModelPrice extends Rates {
  /** Other rates for every token of a call whose prompt has more than `over` tokens. */
  readonly longPrompt?: Rates & { readonly over: number };
  /** An announced change: holds from this day on (YYYY-MM-DD, UTC). */
  readonly later?: Rates & { readonly from: string };
}

export interface ModelInfo {
  readonly id: string;
  /** Other exact ids of the same model, such as dated ones. */
  readonly aliases?: readonly string[];
  /** Tokens of prompt and answer together. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** Null when it is not known. */
  readonly price: ModelPrice | null;
  /** Day on which the price was read, YYYY-MM-DD; null when nobody wrote it down. */
  readonly pricedOn: string | null;
  /** The Chat Completions API takes tools for this model only with reasoning switched off. */
  readonly effortWithTools?: 'none';
  /** It answers without reasoning, and refuses to be asked for any. */
  readonly isPlain?: true;
}

export interface CataloguedModel extends ModelInfo {
  readonly provider: string;
}

/** What a hosted model counts as whose window is not known. */
export const UNKNOWN_CONTEXT_TOKENS = 128_000;

export function isNamed({ id, aliases = [] }: ModelInfo, name: string): boolean {
  return id === name || aliases.includes(name);
}

/** Rates with the cache rates as multiples of the input rate. */
export function rates(input: number, output: number, readFactor: number, writeFactor: number): Rates {
  return { input, output, cacheRead: round(input * readFactor), cacheWrite: round(input * writeFactor) };
}

/** Takes the noise of binary fractions away: prices have at most six decimals. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** The rates that hold for a call at `now` (milliseconds UTC) with a prompt of `inputTokens`. */
export function ratesFor(price: ModelPrice, inputTokens: number, now: number): Rates {
  const { later, longPrompt } = price;
  if (later !== undefined && now >= Date.parse(later.from)) return later;
  return longPrompt !== undefined && inputTokens > longPrompt.over ? longPrompt : price;
}
