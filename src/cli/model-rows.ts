/** Owns how models are shown: as JSON rows, and as a table for people. */
import type { ModelListing } from '../core/llm/open-models.ts';
import { table } from './table.ts';

/** One model as JSON; prices are US dollars per million tokens, null when unknown. */
export function modelRow({
  provider,
  id,
  contextTokens,
  maxOutputTokens,
  price,
  pricedOn,
  missing,
  isCurrent,
}: ModelListing) {
  return {
    id,
    provider,
    context: contextTokens,
    max_output: maxOutputTokens,
    input_usd_per_mtok: price?.input ?? null,
    output_usd_per_mtok: price?.output ?? null,
    cached_input_usd_per_mtok: price?.cacheRead ?? null,
    long_prompt: price?.longPrompt === undefined ? null : longPrompt(price.longPrompt),
    priced_on: pricedOn,
    configured: missing === undefined,
    current: isCurrent,
  };
}

type LongPrompt = NonNullable<NonNullable<ModelListing['price']>['longPrompt']>;

function longPrompt({ over, input, output, cacheRead }: LongPrompt) {
  return {
    over_tokens: over,
    input_usd_per_mtok: input,
    output_usd_per_mtok: output,
    cached_input_usd_per_mtok: cacheRead,
  };
}

/** Models as a table: `*` marks the one that answers, `-` a provider that is not set up. */
export function modelTable(models: readonly ModelListing[]): string {
  const price = (value: number | undefined): string => (value === undefined ? 'unknown' : `$${value}`);
  const rows = models.map((model) => ({
    ' ': model.isCurrent ? '*' : model.missing === undefined ? ' ' : '-',
    model: `${model.provider}/${model.id}`,
    context: model.contextTokens ?? 'unknown',
    in: price(model.price?.input),
    out: price(model.price?.output),
    cached: price(model.price?.cacheRead),
  }));
  const missing = new Set(models.flatMap((model) => model.missing ?? []));
  const hints = [...missing].map((each) => `- ${each}`);
  return [table(rows), '', 'US dollars per million tokens. * answers now.', ...hints].join('\n');
}
