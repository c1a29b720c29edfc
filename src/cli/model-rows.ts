/** Owns how models are shown to people. */
import type { ModelListing } from '../core/llm/model-listings.ts';
import { table } from './table.ts';

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
