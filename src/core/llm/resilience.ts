/** Owns the vocabulary of calls that are made again: what they are told to do, and whom they tell. */
import type { Clock } from '../kernel/clock.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import type { Breakers } from './breakers.ts';
import type { LanguageModel, LostTry, ModelFailureKind, ModelRequest } from './language-model.ts';

export interface ModelNotice {
  readonly code: 'retry' | 'failover' | 'breaker-open';
  readonly phrase: Phrase;
}

/** A call that goes on with the next model. */
export interface Failover {
  readonly from: LanguageModel;
  readonly to: LanguageModel;
  readonly failure: ModelFailureKind;
}

export interface ResilienceOptions {
  readonly clock: Clock;
  readonly breakers: Breakers;
  /** How often one model is tried again. */
  readonly retryCount: number;
  /** Milliseconds before the first retry; doubled each time. */
  readonly baseDelayMs: number;
  /** Classes of failures after which the next model is asked. */
  readonly failoverOn: ReadonlySet<string>;
  /** Milliseconds that a model with a next one has to accept a request, retries included; 0: as long as it takes. */
  readonly failoverAfterMs: number;
  /** More milliseconds for a model that may need them before it accepts this request. */
  readonly extraMs?: (model: LanguageModel, request: ModelRequest) => number;
  readonly onNotice: (notice: ModelNotice) => void;
  readonly onFailover?: (failover: Failover) => void;
}

/** One call while no model has answered it. */
export interface Opening extends ResilienceOptions {
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  readonly onAsk: (model: LanguageModel) => void;
  /** A try has failed and another follows. Resolves when the reader has taken note of it. */
  readonly onLost: (lost: LostTry) => Promise<void>;
  /** Models of which was said that they are passed over. */
  readonly passedOver: Set<string>;
}
