/** Owns how often one model is tried, and how long it is waited for: patiently when it is the last, within `failoverAfterMs` when another is next. */
import { ConstantBackoff, handleWhen, retry } from 'cockatiel';
import type { Clock } from '../kernel/clock.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Passage } from './breakers.ts';
import { passesBy } from './failover-rules.ts';
import { type LanguageModel, ModelFailure } from './language-model.ts';
import { FailedTry, lostTry, openAnswer, type OpenAnswer } from './open-answer.ts';
import type { Opening } from './resilience.ts';

/** The longest wait that a provider may ask for before claw gives up on it, in milliseconds. */
const MAX_WAIT_MS = 60_000;
const MAX_WAIT_WITH_NEXT_MS = 5_000;
/** With another model next, waits end within this part of the time that the model has. */
const WAIT_SHARE = 0.6;
const MAX_JITTER = 0.1;
/** Less is no time to answer in, in milliseconds. */
const LEAST_MS = 1_000;

interface Manner {
  readonly passage: Passage;
  /** Whether another model is next. */
  readonly hasNext: boolean;
  /** Gets the time that the last try had to begin, in milliseconds; 0: as long as it takes. */
  readonly times: { allowedMs: number };
}

/** Throws the `FailedTry` of the last try. */
export async function openRepeatedly(model: LanguageModel, opening: Opening, manner: Manner): Promise<OpenAnswer> {
  const { request, signal, clock, retryCount, onNotice, onLost } = opening;
  const startedAt = clock.elapsed();
  let last: { readonly error: FailedTry; readonly waitMs: number } | undefined;
  let made = 0;
  const mayRetry = handleWhen((error) => {
    if (!(error instanceof FailedTry) || !(error.failure instanceof ModelFailure)) return false;
    const { failure } = error;
    if (!passesBy(failure)) return false;
    const waitMs = failure.retryAfterMs ?? backoffMs(opening.baseDelayMs, made);
    last = { error, waitMs };
    return mayWait(opening, manner, { failure, waitMs, spentMs: clock.elapsed() - startedAt });
  });
  // The waiting is claw's own, on its clock; the policy counts.
  const policy = retry(mayRetry, { maxAttempts: retryCount, backoff: new ConstantBackoff(0) });
  return policy.execute(async () => {
    if (last !== undefined) {
      const { error, waitMs } = last;
      const seconds = Math.round(waitMs / 100) / 10;
      onNotice({ code: 'retry', phrase: phrase('retrying', error.message, seconds, made, retryCount) });
      await onLost(lostTry(model, error));
      await wait(clock, waitMs, { signal, provider: model.provider });
    }
    made += 1;
    opening.onAsk(model);
    const { times } = manner;
    times.allowedMs = allowedMs(model, opening, manner, clock.elapsed() - startedAt);
    // The limit of the answer is read at each try.
    return openAnswer({ model, request: { ...request, signal }, clock, allowedMs: times.allowedMs, onLost });
  }, signal);
}

interface Wait {
  readonly failure: ModelFailure;
  readonly waitMs: number;
  /** Milliseconds since the first try began. */
  readonly spentMs: number;
}

function mayWait({ failoverAfterMs }: Opening, { passage, hasNext }: Manner, { failure, waitMs, spentMs }: Wait) {
  if (!hasNext) return waitMs <= MAX_WAIT_MS;
  if (failoverAfterMs === 0) return waitMs <= MAX_WAIT_WITH_NEXT_MS;
  if (passage.state === 'half-open' || failure.kind === 'timeout') return false;
  return spentMs + waitMs <= failoverAfterMs * WAIT_SHARE;
}

/** Milliseconds that a try may be silent. What is known of the model's slowness counts, and what its request may need. */
function allowedMs(model: LanguageModel, opening: Opening, { passage, hasNext }: Manner, spentMs: number): number {
  const { failoverAfterMs, extraMs, request } = opening;
  if (!hasNext || failoverAfterMs === 0) return 0;
  const whole = Math.max(failoverAfterMs, passage.patienceMs) + (extraMs?.(model, request) ?? 0);
  return Math.max(LEAST_MS, whole - spentMs);
}

/** Exponential, up to a tenth longer, so that many clients do not come back at once. */
function backoffMs(baseDelayMs: number, attempt: number): number {
  return baseDelayMs * 2 ** (attempt - 1) * (1 + Math.random() * MAX_JITTER);
}

async function wait(
  clock: Clock,
  ms: number,
  { signal, provider }: { readonly signal: AbortSignal; readonly provider: string },
): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    const cancelled = new ModelFailure('cancelled', 'Stopped.', { provider, cause: error });
    throw new FailedTry(cancelled, { isMade: false });
  }
}
