/** Owns how models are shown to people. */
import type { ModelListing } from '../core/llm/model-listings.ts';
import { table } from './table.ts';

/** Models as a table: a number marks the place in the chain, `-` a provider that is not set up. */
export function modelTable(models: readonly ModelListing[]): string {
  const price = (value: number | undefined): string => (value === undefined ? 'unknown' : `$${value}`);
  const rows = models.map((model) => ({
    ' ': model.isCurrent ? '*' : (model.chain ?? (model.missing === undefined ? ' ' : '-')),
    model: `${model.provider}/${model.id}`,
    context: model.contextTokens ?? 'unknown',
    in: price(model.price?.input),
    out: price(model.price?.output),
    cached: price(model.price?.cacheRead),
    remark: [
      ...(model.isLocal ? ['on this machine'] : []),
      ...(model.breaker === 'closed' ? [] : [`breaker ${model.breaker}`]),
    ].join(', '),
  }));
  const missing = new Set(models.flatMap((model) => model.missing ?? []));
  const hints = [...missing].map((each) => `- ${each}`);
  return [
    table(rows),
    '',
    'US dollars per million tokens. * answers now, 2 and so on step in when it fails.',
    ...hints,
  ].join('\n');
}
