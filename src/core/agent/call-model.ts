/** Owns one model call of a turn: streams it, shows what may be shown, and writes down how it ended, whatever ended it. */
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import type { Notice, ReasoningDelta, TextDelta } from '../kernel/events.ts';
import { NO_USAGE, type Part, type Usage } from '../kernel/messages.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import { ModelFailure, type ModelEvent, type ModelRequest, type ModelStopReason } from '../llm/language-model.ts';
import type { ToolCallRow } from '../store/journal-tables.ts';
import { budgetWarnings, CallRecord } from './call-record.ts';
import { createInternalFilter } from './visible-text.ts';
import type { Turn, TurnDeps } from './turn.ts';

export interface ModelCallResult {
  readonly stopReason: ModelStopReason | 'interrupted';
  readonly toolCalls: readonly ToolCallRow[];
  /** What there is to say about budgets; already shown. */
  readonly remarks: readonly Phrase[];
}

type Delta = TextDelta | ReasoningDelta | Notice;

/** What a cut-off answer ends with in the history, so that the model knows it was cut. */
const CUT_OFF = '\n[The answer was cut off here.]';

/** Streams one response; each further try that it takes after one that was billed is reserved and written down by itself, and `room` tells the longest answer that is left for it. Throws `limit-reached` before the call when no budget is left for it, and `ModelFailure` after the failure is written down; an aborted signal is a result, not an error. */
export async function* callModel(
  deps: TurnDeps,
  turn: Turn,
  wanted: ModelRequest,
  room: () => number,
): AsyncGenerator<Delta, ModelCallResult> {
  const record = await CallRecord.open(deps, turn, wanted);
  if (record === undefined) return { stopReason: 'interrupted', toolCalls: [], remarks: [] };
  const { request, remarks } = record;
  const stream = new VisibleStream(deps, turn);
  let end: Extract<ModelEvent, { type: 'response-end' }> | undefined;
  let known: Usage | undefined;
  let isRead = false;
  try {
    yield* record.limitNotice();
    for await (const event of deps.model.stream(request)) {
      yield* turn.takeNotices();
      if (event.type === 'response-end') end = event;
      else if (event.type === 'usage') known = event.usage;
      else if (event.type === 'try-lost') {
        known = undefined;
        yield* record.lose(event, room);
      } else if (event.type === 'text-delta' || event.type === 'reasoning-delta') yield* stream.show(event);
    }
    if (end === undefined) {
      throw new ModelFailure('broken-stream', 'The answer ended without its end mark.', {
        provider: deps.model.provider,
      });
    }
    yield* stream.rest();
    isRead = true;
  } catch (error) {
    yield* turn.takeNotices();
    yield* stream.rest();
    const wasCancelled = request.signal.aborted;
    // Closed already when no further try was allowed.
    if (!record.isClosed) {
      const { told } = await record.close(cutOff(request, { raw: stream.raw, known, error, wasCancelled }));
      yield* budgetWarnings(told);
    }
    if (!wasCancelled) throw error;
    return { stopReason: 'interrupted', toolCalls: [], remarks };
  } finally {
    // A reader that went away gets no answer, but what the call holds of budgets is settled.
    if (!record.isClosed && !isRead) {
      known = end?.usage ?? known;
      await record.close(cutOff(request, { raw: stream.raw, known, error: undefined, wasCancelled: true }));
    }
  }
  const { stopReason, parts, usage, isEstimated = false } = end;
  const messageState = stopReason === 'max-output-tokens' ? 'partial' : 'complete';
  const { toolCalls, told } = await record.close({
    state: 'done',
    stopReason,
    usage,
    isEstimated,
    parts,
    messageState,
  });
  yield* budgetWarnings(told);
  return { stopReason, toolCalls, remarks };
}

interface Cut {
  readonly raw: string;
  /** What the provider has said so far of what it bills. */
  readonly known: Usage | undefined;
  readonly error: unknown;
  readonly wasCancelled: boolean;
}

/** How a call that was cut off is written down: its partial text is kept, and tokens that the provider had not counted yet are estimated when it had begun to answer. */
function cutOff(request: ModelRequest, { raw, known, error, wasCancelled }: Cut) {
  const parts: Part[] = raw === '' ? [] : [{ type: 'text', text: raw + CUT_OFF, provenance: 'assistant' }];
  const isEstimated = raw !== '' || (wasCancelled && known === undefined);
  const said = estimateTokens(raw);
  const whole =
    known === undefined
      ? { ...NO_USAGE, inputTokens: isEstimated ? estimateRequest(request) : 0, outputTokens: said }
      : { ...known, outputTokens: Math.max(known.outputTokens, said) };
  return {
    state: wasCancelled ? ('cancelled' as const) : ('failed' as const),
    stopReason: null,
    usage: whole,
    isEstimated,
    error: error instanceof ModelFailure ? error.kind : 'internal-error',
    parts,
    messageState: 'partial' as const,
  };
}

/** Upper estimate of the tokens of a request. */
export function estimateRequest(request: Pick<ModelRequest, 'system' | 'messages' | 'tools'>): number {
  return estimateTokens(JSON.stringify([request.system, request.messages, request.tools]));
}

/** Turns model deltas into visible ones: secrets masked, internal parts taken out. */
class VisibleStream {
  /** The masked text so far, internal parts included: what the journal keeps. */
  raw = '';
  readonly #mask: { push(chunk: string): string; flush(): string };
  readonly #maskReasoning: { push(chunk: string): string; flush(): string };
  readonly #filter = createInternalFilter();

  constructor(deps: TurnDeps, _turn: Turn) {
    this.#mask = deps.text.maskStream();
    this.#maskReasoning = deps.text.maskStream();
  }

  *show(event: Extract<ModelEvent, { type: 'text-delta' | 'reasoning-delta' }>): Generator<Delta> {
    if (event.type === 'reasoning-delta') {
      yield* delta('reasoning-delta', this.#maskReasoning.push(event.text));
      return;
    }
    const masked = this.#mask.push(event.text);
    this.raw += masked;
    yield* delta('text-delta', this.#filter.push(masked));
  }

  *rest(): Generator<Delta> {
    yield* delta('reasoning-delta', this.#maskReasoning.flush());
    const masked = this.#mask.flush();
    this.raw += masked;
    yield* delta('text-delta', this.#filter.push(masked) + this.#filter.flush());
  }
}

function* delta(type: 'text-delta' | 'reasoning-delta', text: string): Generator<Delta> {
  if (text !== '') yield { type, text };
}
