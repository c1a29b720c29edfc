/** Owns which failures are tried again, which go on to the next model, and which are the end. docs/models.md says the same to people. */
import { ModelFailure, type ModelFailureKind } from './language-model.ts';

/** A class of failures as FAILOVER_ON names it: a kind, or a model that its provider does not know. */
export type FailoverClass = Exclude<ModelFailureKind, 'invalid-request' | 'cancelled'> | 'not-found';

export const FAILOVER_CLASSES = [
  'overloaded',
  'server',
  'network',
  'timeout',
  'broken-stream',
  'rate-limited',
  'usage-limit',
  'auth',
  'forbidden',
  'not-found',
] as const satisfies readonly FailoverClass[];

/** Failures after which the same request may work a moment later. */
const PASSES_BY: ReadonlySet<ModelFailureKind> = new Set([
  'rate-limited',
  'overloaded',
  'server',
  'network',
  'timeout',
  'broken-stream',
]);

/** Failures that say something about the provider, not about the request or the key. */
const PROVIDER_IS_DOWN: ReadonlySet<ModelFailureKind> = new Set([
  'overloaded',
  'server',
  'network',
  'timeout',
  'broken-stream',
]);

export function passesBy({ kind }: ModelFailure): boolean {
  return PASSES_BY.has(kind);
}

export function isProviderDown({ kind }: ModelFailure): boolean {
  return PROVIDER_IS_DOWN.has(kind);
}

/** Whether the next model is asked after `error`. A request that is refused as wrong would be wrong there too, unless the model is what was not found; an answer that declines is an answer. */
export function mayFailOver(error: unknown, classes: ReadonlySet<string>): error is ModelFailure {
  if (!(error instanceof ModelFailure)) return false;
  return classes.has(error.kind === 'invalid-request' && error.status === 404 ? 'not-found' : error.kind);
}

/** Whether a provider only asked to be spared for a while, or was slow: it may be called all the same when no other model is next. */
export function isOfLimit(kind: string | null): boolean {
  return kind === 'rate-limited' || kind === 'usage-limit' || kind === 'timeout';
}

export interface FailedModel {
  /** `provider/model`. */
  readonly ref: string;
  readonly failure: ModelFailure;
}

/** The failure of a chain: that of its only model, or one that names each. It passes by when any of them does. */
export function failureOfAll(failures: readonly FailedModel[]): ModelFailure | undefined {
  const last = failures.at(-1)?.failure;
  if (last === undefined || failures.length === 1) return last;
  const { kind, provider, status, retryAfterMs } = failures.find(({ failure }) => passesBy(failure))?.failure ?? last;
  const each = failures.map(({ ref, failure }) => `${ref}: ${failure.message}`);
  const cause = new AggregateError(failures.map(({ failure }) => failure));
  const message = `None of ${failures.length} models answered. ${each.join(' ')}`;
  return new ModelFailure(kind, message, { provider, status, retryAfterMs, cause });
}
