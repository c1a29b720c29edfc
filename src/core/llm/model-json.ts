/** Owns models and their trials as JSON, the same on every surface. */
import type { ModelListing } from './model-listings.ts';
import type { ModelTrial } from './test-model.ts';

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
  chain,
  isLocal,
  breaker,
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
    missing: missing ?? null,
    current: isCurrent,
    chain,
    local: isLocal,
    breaker,
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

/** What came of one tiny request. */
export function modelTrialJson({ provider, model, latencyMs, usage, failure }: ModelTrial) {
  return {
    provider,
    model,
    ok: failure === undefined,
    latency_ms: latencyMs,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    error: failure?.message ?? null,
  };
}
