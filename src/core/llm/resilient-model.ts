/** Owns what happens when a model call fails before anything of the answer was shown: the same model again, then the next of the list. After the first delta a failure is the caller's. */
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConstantBackoff,
  handleWhen,
  retry,
} from 'cockatiel';
import type { Usage } from '../kernel/messages.ts';
import type { Clock } from '../kernel/clock.ts';
import { createEventQueue } from '../kernel/event-queue.ts';
import type { Breakers } from './breakers.ts';
import {
  ModelFailure,
  type LanguageModel,
  type ModelEvent,
  type ModelFailureKind,
  type ModelRequest,
} from './language-model.ts';

export interface ModelNotice {
  readonly code: 'retry' | 'failover' | 'breaker-open';
  readonly text: string;
}

export interface ResilienceOptions {
  readonly clock: Clock;
  readonly breakers: Breakers;
  /** How often one model is tried again. */
  readonly retryCount: number;
  /** Milliseconds before the first retry; doubled each time. */
  readonly baseDelayMs: number;
  readonly onNotice: (notice: ModelNotice) => void;
}

export interface ResilientModel extends LanguageModel {
  /** The model that gave the last answer; the first one before any. */
  readonly answeredBy: LanguageModel;
}

/** Failures after which the same request may work a moment later. */
const PASSES_BY: ReadonlySet<ModelFailureKind> = new Set([
  'rate-limited',
  'overloaded',
  'server',
  'network',
  'broken-stream',
]);
/** Failures after which another model may do. A request that is refused as wrong would be wrong there too, unless the model is what was not found. */
const FAILS_OVER: ReadonlySet<ModelFailureKind> = new Set([...PASSES_BY, 'usage-limit', 'auth', 'forbidden']);

/** The longest wait that a provider may ask for before claw gives up on it, in milliseconds: short when another model is next. */
const MAX_WAIT_MS = 60_000;
const MAX_WAIT_WITH_NEXT_MS = 5_000;
const MAX_JITTER = 0.1;

/** `models` in the order in which they are tried. */
export function createResilientModel(
  models: readonly [LanguageModel, ...LanguageModel[]],
  options: ResilienceOptions,
): ResilientModel {
  const [first] = models;
  let answeredBy = first;
  return {
    provider: first.provider,
    model: first.model,
    get answeredBy() {
      return answeredBy;
    },
    async *stream(request) {
      const waits = createEventQueue<ModelEvent>();
      const giveUp = new AbortController();
      const opening = openFirst(models, {
        ...options,
        request: { ...request, signal: AbortSignal.any([request.signal, giveUp.signal]) },
        onNotice: (notice) => {
          options.onNotice(notice);
          waits.push({ type: 'waiting' });
        },
        onLost: (usage) => waits.push({ type: 'try-lost', usage }),
      });
      opening.then(waits.end, waits.end);
      try {
        yield* waits;
        const { model, answer } = await opening;
        answeredBy = model;
        yield* readOn(answer);
      } finally {
        // A reader that has left while the call waited wants no answer any more.
        giveUp.abort();
      }
    },
  };
}

interface Opening extends ResilienceOptions {
  readonly request: ModelRequest;
  /** A try that was billed has failed. */
  readonly onLost: (usage: Usage) => void;
}

/** The first of `models` that answers, with its answer. Throws the failure of the last one tried. */
async function openFirst(
  models: readonly LanguageModel[],
  opening: Opening,
): Promise<{ model: LanguageModel; answer: OpenAnswer }> {
  for (const [index, model] of models.entries()) {
    const next = models[index + 1];
    try {
      return { model, answer: await openBehindBreaker(model, opening, next !== undefined) };
    } catch (error) {
      if (next === undefined || !mayFailOver(error)) throw error;
      opening.onNotice({ code: 'failover', text: `${error.message} Going on with ${next.provider}/${next.model}.` });
    }
  }
  throw new Error('there is no model to call');
}

/** A stream whose first visible event has come. */
interface OpenAnswer {
  readonly begun: readonly ModelEvent[];
  readonly rest: AsyncIterator<ModelEvent>;
}

async function openBehindBreaker(model: LanguageModel, opening: Opening, hasNext: boolean): Promise<OpenAnswer> {
  const breaker = opening.breakers.of(model.provider);
  const wasOpen = isOpen(breaker);
  try {
    return await breaker.execute(() => openRepeatedly(model, opening, hasNext));
  } catch (error) {
    if (error instanceof BrokenCircuitError) {
      const message = `${model.provider} failed several times in a row and is left alone for half a minute.`;
      throw new ModelFailure('overloaded', message, { provider: model.provider, cause: error });
    }
    if (!wasOpen && isOpen(breaker)) {
      opening.onNotice({
        code: 'breaker-open',
        text: `${model.provider} failed several times in a row; it is left alone for half a minute.`,
      });
    }
    throw error;
  }
}

function isOpen({ state }: CircuitBreakerPolicy): boolean {
  return state === CircuitState.Open;
}

async function openRepeatedly(model: LanguageModel, opening: Opening, hasNext: boolean): Promise<OpenAnswer> {
  const { request, clock, retryCount, baseDelayMs, onNotice } = opening;
  const maxWaitMs = hasNext ? MAX_WAIT_WITH_NEXT_MS : MAX_WAIT_MS;
  let last: ModelFailure | undefined;
  const mayRetry = handleWhen((error) => {
    if (!(error instanceof ModelFailure) || !PASSES_BY.has(error.kind)) return false;
    last = error;
    return (error.retryAfterMs ?? 0) <= maxWaitMs;
  });
  // The waiting is claw's own, on its clock; the policy counts.
  const policy = retry(mayRetry, { maxAttempts: retryCount, backoff: new ConstantBackoff(0) });
  return policy.execute(async ({ attempt }) => {
    if (last !== undefined) {
      const waitMs = last.retryAfterMs ?? backoffMs(baseDelayMs, attempt);
      const seconds = Math.round(waitMs / 100) / 10;
      onNotice({ code: 'retry', text: `${last.message} Trying again in ${seconds} s (${attempt} of ${retryCount}).` });
      await wait(clock, waitMs, request, model.provider);
    }
    return openAnswer(model, opening);
  }, request.signal);
}

/** Reads up to the first event that is shown, or to the end of an answer that shows nothing. */
async function openAnswer(model: LanguageModel, { request, onLost }: Opening): Promise<OpenAnswer> {
  const rest = model.stream(request)[Symbol.asyncIterator]();
  const begun: ModelEvent[] = [];
  try {
    for (;;) {
      const next = await rest.next();
      if (next.done === true) return { begun, rest };
      if (next.value.type === 'waiting' || next.value.type === 'try-lost') {
        begun.splice(0);
        if (next.value.type === 'try-lost') onLost(next.value.usage);
        continue;
      }
      begun.push(next.value);
      if (next.value.type !== 'response-start' && next.value.type !== 'usage') return { begun, rest };
    }
  } catch (error) {
    const counted = begun.findLast((event) => event.type === 'usage');
    if (counted !== undefined) onLost(counted.usage);
    throw error;
  }
}

async function* readOn({ begun, rest }: OpenAnswer): AsyncGenerator<ModelEvent> {
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

/** Exponential, up to a tenth longer, so that many clients do not come back at once. */
function backoffMs(baseDelayMs: number, attempt: number): number {
  return baseDelayMs * 2 ** (attempt - 1) * (1 + Math.random() * MAX_JITTER);
}

async function wait(clock: Clock, ms: number, { signal }: ModelRequest, provider: string): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    throw new ModelFailure('cancelled', 'Stopped.', { provider, cause: error });
  }
}

function mayFailOver(error: unknown): error is ModelFailure {
  if (!(error instanceof ModelFailure)) return false;
  return FAILS_OVER.has(error.kind) || (error.kind === 'invalid-request' && error.status === 404);
}
