/** Owns the trial of a model: one tiny request, and what came of it. */
import { type Clock } from '../kernel/clock.ts';
import { type Message, NO_USAGE, type Usage } from '../kernel/messages.ts';
import { type LanguageModel, ModelFailure } from './language-model.ts';

export interface ModelTrial {
  readonly provider: string;
  readonly model: string;
  /** Milliseconds to the end of the answer, or to its failure. */
  readonly latencyMs: number;
  readonly usage: Usage;
  /** Undefined when it answered. */
  readonly failure: ModelFailure | undefined;
}

const TIMEOUT_MS = 30_000;
const QUESTION: Message = {
  role: 'user',
  parts: [{ type: 'text', text: 'Answer with one word: ready?', provenance: 'claw' }],
};
/** Enough for a word and a little thought; OpenAI takes no less than 16. */
const MAX_OUTPUT_TOKENS = 64;

/** Asks `model` once, for at most 30 seconds. */
export async function testModel(model: LanguageModel, clock: Clock, signal: AbortSignal): Promise<ModelTrial> {
  const started = clock.elapsed();
  const { provider } = model;
  const result = (usage: Usage, failure: ModelFailure | undefined): ModelTrial => {
    return { provider, model: model.model, latencyMs: Math.round(clock.elapsed() - started), usage, failure };
  };
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const request = { system: [], messages: [QUESTION], tools: [], maxOutputTokens: MAX_OUTPUT_TOKENS };
    for await (const event of model.stream({ ...request, signal: AbortSignal.any([signal, timeout]) })) {
      if (event.type === 'response-end') return result(event.usage, undefined);
    }
    return result(NO_USAGE, new ModelFailure('broken-stream', `${provider} did not end its answer.`, { provider }));
  } catch (error) {
    if (signal.aborted || !(error instanceof ModelFailure)) throw error;
    const late = new ModelFailure('network', `${provider} did not answer within ${TIMEOUT_MS / 1000} s.`, { provider });
    return result(NO_USAGE, timeout.aborted ? late : error);
  }
}
