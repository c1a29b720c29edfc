/** Owns one model call beside turns: reserved, written down and settled like those of a turn, without tools; its answer is text for claw alone. */
import { ClawError } from '../kernel/errors.ts';
import { NO_USAGE, type Usage } from '../kernel/messages.ts';
import { type LanguageModel, type ModelEvent, ModelFailure, type ModelRequest } from '../llm/language-model.ts';
import { estimateRequest } from './call-model.ts';
import { CallRecord } from './call-record.ts';
import type { CallTurn, TurnDeps } from './turn.ts';

type AskDeps = Pick<TurnDeps, 'store' | 'clock' | 'text'> & { readonly model: LanguageModel };

const NO_MESSAGE = { parts: [], messageState: 'complete' } as const;

/** The text of the answer. Throws `cancelled`, `limit-reached` when no budget is left for it, and `ModelFailure`, all after what there is is written down. */
export async function askModel(deps: AskDeps, turn: CallTurn, wanted: ModelRequest): Promise<string> {
  const record = await CallRecord.open(deps, turn, wanted);
  if (record === undefined) throw new ClawError('cancelled', 'Interrupted.');
  let known: Usage | undefined;
  let end: Extract<ModelEvent, { type: 'response-end' }> | undefined;
  try {
    for await (const event of deps.model.stream(record.request)) {
      if (event.type === 'response-end') end = event;
      else if (event.type === 'usage') known = event.usage;
      else if (event.type === 'try-lost') {
        known = undefined;
        // Nobody reads what it has to say about budgets.
        for await (const _ of record.lose(event, () => wanted.maxOutputTokens));
      }
    }
    if (end === undefined) {
      const { provider } = deps.model;
      throw new ModelFailure('broken-stream', 'The answer ended without its end mark.', { provider });
    }
  } catch (error) {
    if (!record.isClosed) await record.close(cutOff(wanted, known, error));
    throw error;
  }
  const { stopReason, usage, isEstimated = false } = end;
  await record.close({ ...NO_MESSAGE, state: 'done', stopReason, usage, isEstimated });
  return end.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Whoever breaks off does not hear what the provider counted: it is estimated. */
function cutOff(wanted: ModelRequest, known: Usage | undefined, error: unknown) {
  const wasCancelled = wanted.signal.aborted;
  const isEstimated = wasCancelled && known === undefined;
  const guess = isEstimated ? { ...NO_USAGE, inputTokens: estimateRequest(wanted) } : NO_USAGE;
  return {
    ...NO_MESSAGE,
    state: wasCancelled ? ('cancelled' as const) : ('failed' as const),
    stopReason: null,
    usage: known ?? guess,
    isEstimated,
    error: error instanceof ModelFailure ? error.kind : 'internal-error',
  };
}
