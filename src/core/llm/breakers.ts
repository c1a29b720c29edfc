/** Owns one circuit breaker per provider: after three calls in a row that failed on its side, a provider is left alone for a while, then tried with one call. */
import { circuitBreaker, CircuitState, type CircuitBreakerPolicy, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { ModelFailure, type ModelFailureKind } from './language-model.ts';

const FAILURES_IN_A_ROW = 3;
const DEFAULT_PAUSE_MS = 30_000;

/** Failures that say something about the provider, not about the request or the key. */
const PROVIDER_IS_DOWN: ReadonlySet<ModelFailureKind> = new Set(['overloaded', 'server', 'network', 'broken-stream']);

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface Breakers {
  of(provider: string): CircuitBreakerPolicy;
  /** The providers that were called, with the state of each. */
  states(): Readonly<Record<string, BreakerState>>;
}

/** Breakers that stay open for `pauseMs` (30,000 when not given). */
export function createBreakers(pauseMs = DEFAULT_PAUSE_MS): Breakers {
  const breakers = new Map<string, CircuitBreakerPolicy>();
  return {
    of(provider) {
      const known = breakers.get(provider);
      if (known !== undefined) return known;
      const policy = handleWhen((error) => error instanceof ModelFailure && PROVIDER_IS_DOWN.has(error.kind));
      const breaker = circuitBreaker(policy, {
        halfOpenAfter: pauseMs,
        breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
      });
      breakers.set(provider, breaker);
      return breaker;
    },
    states: () => Object.fromEntries([...breakers].map(([provider, { state }]) => [provider, nameOf(state)])),
  };
}

function nameOf(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
}
