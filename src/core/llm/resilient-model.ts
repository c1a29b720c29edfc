/** Owns what happens when a model call fails before anything of the answer was shown: the same model again, then the next of the chain. After the first delta a failure is the caller's. Each failed try is told before the next begins. */
import { createEventQueue } from '../kernel/event-queue.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Passage } from './breakers.ts';
import { type FailedModel, failureOfAll, isOfLimit, mayFailOver } from './failover-rules.ts';
import { type LanguageModel, type ModelEvent, ModelFailure } from './language-model.ts';
import { formatRef } from './model-ref.ts';
import { FailedTry, lostTry, type OpenAnswer, readOn } from './open-answer.ts';
import { openRepeatedly } from './open-repeatedly.ts';
import type { Failover, Opening, ResilienceOptions } from './resilience.ts';

export interface ResilientModel extends LanguageModel {
  /** The model that is asked now, or was asked last; the first one before any. */
  readonly asked: LanguageModel;
}

/** `models` in the order in which they are tried. */
export function createResilientModel(
  models: readonly [LanguageModel, ...LanguageModel[]],
  options: ResilienceOptions,
): ResilientModel {
  const [first] = models;
  const passedOver = new Set<string>();
  let asked = first;
  return {
    provider: first.provider,
    model: first.model,
    get asked() {
      return asked;
    },
    async *stream(request) {
      const told = createEventQueue<Told>();
      const giveUp = new AbortController();
      const signal = AbortSignal.any([request.signal, giveUp.signal]);
      const opening = openFirst(models, {
        ...options,
        request,
        signal,
        passedOver,
        onAsk: (model) => void (asked = model),
        onNotice: (notice) => {
          options.onNotice(notice);
          told.push({ event: { type: 'waiting' } });
        },
        onLost: (event) => handOver(told.push, event, signal),
      });
      opening.then(told.end, told.end);
      try {
        for await (const { event, taken } of told) {
          yield event;
          taken?.();
        }
        yield* readOn(await opening);
      } catch (error) {
        if (!(error instanceof FailedTry)) throw error;
        if (error.usage !== undefined) yield { type: 'usage', usage: error.usage };
        throw error.failure;
      } finally {
        // A reader that has left while the call waited wants no answer any more.
        giveUp.abort();
      }
    },
  };
}

/** Something for the reader; `taken` is called when it asks for what comes next. */
interface Told {
  readonly event: ModelEvent;
  readonly taken?: () => void;
}

/** Resolves when the reader is done with the event. Throws when it has left: nothing more is tried for it. */
async function handOver(push: (told: Told) => void, event: ModelEvent, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const taken = (): void => resolve();
    signal.addEventListener('abort', taken, { once: true });
    push({ event, taken });
  });
  if (signal.aborted)
    throw new FailedTry(new ModelFailure('cancelled', 'Stopped.', { provider: '' }), { isMade: false });
}

/** The first of `models` that answers, with its answer. Throws `FailedTry`. */
async function openFirst(models: readonly LanguageModel[], opening: Opening): Promise<OpenAnswer> {
  const failures: FailedModel[] = [];
  for (const [index, model] of models.entries()) {
    const next = models[index + 1];
    try {
      return await openBehindBreaker(model, opening, next !== undefined);
    } catch (error) {
      if (!(error instanceof FailedTry) || !mayFailOver(error.failure, opening.failoverOn)) throw error;
      failures.push({ ref: formatRef(model), failure: error.failure });
      if (next === undefined) throw new FailedTry(failureOfAll(failures), error);
      tellFailover(opening, { from: model, to: next, failure: error.failure.kind }, error);
      if (error.isMade) await opening.onLost(lostTry(model, error));
    }
  }
  throw new Error('there is no model to call');
}

/** A model that is passed over without a try is spoken of once. */
function tellFailover({ passedOver, onFailover, onNotice }: Opening, failover: Failover, failed: FailedTry): void {
  onFailover?.(failover);
  const from = formatRef(failover.from);
  if (!failed.isMade && passedOver.has(from)) return;
  if (!failed.isMade) passedOver.add(from);
  onNotice({ code: 'failover', phrase: phrase('goingOnWith', failed.message, formatRef(failover.to)) });
}

async function openBehindBreaker(model: LanguageModel, opening: Opening, hasNext: boolean): Promise<OpenAnswer> {
  const { breakers, onNotice } = opening;
  const { provider } = model;
  const passage = await breakers.enter(provider);
  if (passage.state === 'open' && (hasNext || !isOfLimit(passage.lastFailure))) throw leftAlone(provider, passage);
  const times = { allowedMs: 0 };
  try {
    const answer = await openRepeatedly(model, opening, { passage, hasNext, times });
    await breakers.succeeded(provider, passage, answer.firstMs, times.allowedMs);
    return answer;
  } catch (error) {
    const failure = error instanceof FailedTry ? error.failure : undefined;
    if (!(failure instanceof ModelFailure)) throw error;
    const asksFor = hasNext && isOfLimit(failure.kind) ? failure.retryAfterMs : undefined;
    const pause = asksFor === undefined ? {} : { pauseMs: asksFor };
    if (await breakers.failed(provider, passage, failure, { ...times, ...pause })) {
      onNotice({ code: 'breaker-open', phrase: phrase('leftAlone', provider) });
    }
    throw error;
  }
}

function leftAlone(provider: string, { waitMs, lastFailure }: Passage): FailedTry {
  const seconds = Math.ceil(waitMs / 1000);
  const text = `${provider} failed (${lastFailure ?? 'unknown'}) and is left alone for ${seconds} s more.`;
  return new FailedTry(new ModelFailure('overloaded', text, { provider }), { isMade: false });
}
