/** Owns what a response counts as when its server does not say: rather too many tokens than none. */
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import { NO_USAGE, type Part, type Usage } from '../kernel/messages.ts';
import type { ModelRequest } from './language-model.ts';

/** Upper estimate from what was sent and what came back. */
export function estimateUsage({ system, messages, tools }: ModelRequest, answer: readonly Part[]): Usage {
  const inputTokens = estimateTokens(JSON.stringify([system, messages, tools]));
  return { ...NO_USAGE, inputTokens, outputTokens: estimateTokens(JSON.stringify(answer)) };
}
