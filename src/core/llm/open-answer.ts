/** Owns the beginning of one try: it reads up to the first event that is shown, and cuts a provider that stays silent when another is next. */
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import { toError } from '../kernel/errors.ts';
import { NO_USAGE, type Usage } from '../kernel/messages.ts';
import type { Clock } from '../kernel/clock.ts';
import {
  type LanguageModel,
  type LostTry,
  type ModelEvent,
  ModelFailure,
  type ModelRequest,
} from './language-model.ts';
import { formatRef } from './model-ref.ts';

/** A stream whose first visible event has come. */
export interface OpenAnswer {
  readonly begun: readonly ModelEvent[];
  readonly rest: AsyncIterator<ModelEvent>;
  /** Milliseconds until the provider accepted the request. */
  readonly firstMs: number;
}

/** What a failed try is billed for, and whether it was made at all. */
interface Outcome {
  readonly usage?: Usage | undefined;
  readonly isEstimated?: boolean;
  readonly isMade?: boolean;
}

/** A try that failed before anything was shown. Its message is that of the failure. */
export class FailedTry extends Error {
  override readonly name = 'FailedTry';
  readonly failure: unknown;
  readonly usage: Usage | undefined;
  readonly isEstimated: boolean;
  /** False when the provider was not asked. */
  readonly isMade: boolean;

  constructor(failure: unknown, { usage, isEstimated = false, isMade = true }: Outcome = {}) {
    super(toError(failure).message, { cause: failure });
    this.failure = failure;
    this.usage = usage;
    this.isEstimated = isEstimated;
    this.isMade = isMade;
  }
}

export function lostTry(model: LanguageModel, { failure, usage, isEstimated }: FailedTry): LostTry {
  return {
    type: 'try-lost',
    model: formatRef(model),
    failure: failure instanceof ModelFailure ? failure.kind : 'server',
    ...(usage === undefined ? {} : { usage }),
    ...(isEstimated ? { isEstimated: true } : {}),
  };
}

export interface Try {
  readonly model: LanguageModel;
  readonly request: ModelRequest;
  readonly clock: Clock;
  /** Milliseconds until the provider must have accepted the request; 0: as long as it takes. */
  readonly allowedMs: number;
  /** Gets each try that the model below made again by itself. */
  readonly onLost: (lost: LostTry) => Promise<void>;
}

/** Throws `FailedTry`. */
export async function openAnswer({ model, request, clock, allowedMs, onLost }: Try): Promise<OpenAnswer> {
  const silence = watchSilence(clock, allowedMs);
  const signal = AbortSignal.any([request.signal, silence.signal]);
  const rest = model.stream({ ...request, signal })[Symbol.asyncIterator]();
  const begunAt = clock.elapsed();
  let firstMs = 0;
  let begun: ModelEvent[] = [];
  try {
    for (;;) {
      const next = await rest.next();
      if (next.done === true) return { begun, rest, firstMs };
      const event = next.value;
      if (event.type === 'waiting') continue;
      if (event.type === 'try-lost') {
        begun = [];
        await onLost(event);
        continue;
      }
      // A provider that has accepted is left the time it needs: some think before their first word.
      silence.stop();
      if (firstMs === 0) firstMs = clock.elapsed() - begunAt;
      begun.push(event);
      if (event.type !== 'response-start' && event.type !== 'usage') return { begun, rest, firstMs };
    }
  } catch (error) {
    if (error instanceof FailedTry) throw error;
    if (silence.isOver() && !request.signal.aborted) {
      const { provider } = model;
      const text = `${provider} sent nothing for ${Math.round(allowedMs / 100) / 10} s.`;
      // Nobody says whether a provider that is cut bills what it was sent.
      const failure = new ModelFailure('timeout', text, { provider, cause: error });
      throw new FailedTry(failure, { usage: estimated(request), isEstimated: true });
    }
    throw new FailedTry(error, { usage: begun.findLast((event) => event.type === 'usage')?.usage });
  } finally {
    silence.stop();
  }
}

/** Reads an answer that was opened to its end. */
export async function* readOn({ begun, rest }: OpenAnswer): AsyncGenerator<ModelEvent> {
  let isDone = false;
  try {
    yield* begun;
    for (;;) {
      const next = await rest.next();
      isDone = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    isDone = true;
    throw error;
  } finally {
    if (!isDone) await rest.return?.();
  }
}

function estimated({ system, messages, tools }: ModelRequest): Usage {
  return { ...NO_USAGE, inputTokens: estimateTokens(JSON.stringify([system, messages, tools])) };
}

interface Silence {
  readonly signal: AbortSignal;
  isOver(): boolean;
  stop(): void;
}

function watchSilence(clock: Clock, ms: number): Silence {
  const over = new AbortController();
  const stop = new AbortController();
  if (ms > 0) {
    clock.sleep(ms, stop.signal).then(
      () => over.abort(new Error('The provider was silent for too long.')),
      () => undefined, // stopped
    );
  }
  return { signal: over.signal, isOver: () => over.signal.aborted, stop: () => stop.abort(new Error('It answered.')) };
}
