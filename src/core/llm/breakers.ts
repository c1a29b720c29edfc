/** Owns one circuit breaker per provider, shared by all processes of a home: after three calls in a row that failed on its side, or one to which it was silent, a provider is left alone for a while, then tried with one call. It also keeps how long a provider may take to begin. */
import type { Clock } from '../kernel/clock.ts';
import { isProviderDown } from './failover-rules.ts';
import type { ModelFailure } from './language-model.ts';

/** What is known of a provider that failed or was slow. Instants are milliseconds UTC. */
export interface ProviderState {
  readonly provider: string;
  /** Calls in a row that failed on its side. */
  readonly failures: number;
  /** It is left alone until then; null when it may be called. */
  readonly openUntil: number | null;
  /** One call tries it until then. */
  readonly probeUntil: number | null;
  /** Kind of its last failure. */
  readonly lastFailure: string | null;
  /** Milliseconds that it may take to begin an answer, learned; 0: nothing is known. */
  readonly patienceMs: number;
  readonly patienceAt: number;
  readonly changedAt: number;
}

/** Where the states are kept. */
export interface ProviderStates {
  get(provider: string): Promise<ProviderState | undefined>;
  all(): Promise<readonly ProviderState[]>;
  /** Reads, changes and writes in one transaction. `to` gets undefined for a provider of which nothing is known, and gives what is kept. */
  change(provider: string, to: (state: ProviderState | undefined) => ProviderState): Promise<void>;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** How a call may be made. */
export interface Passage {
  /** `half-open`: this call alone tries whether the provider is well again. */
  readonly state: BreakerState;
  /** Milliseconds until an open one is tried. */
  readonly waitMs: number;
  /** What is known of how long it takes to begin, in milliseconds; 0: nothing. */
  readonly patienceMs: number;
  /** Kind of its last failure. */
  readonly lastFailure: string | null;
}

export interface Breakers {
  /** Asks before a call. */
  enter(provider: string): Promise<Passage>;
  /** The call began to answer after `firstMs`, of the `allowedMs` it had (0: no limit). */
  succeeded(provider: string, passage: Passage, firstMs: number, allowedMs: number): Promise<void>;
  /** The call failed; true when the provider is left alone from now on. `pauseMs`: it asked for that itself. */
  failed(
    provider: string,
    passage: Passage,
    failure: ModelFailure,
    times: { readonly allowedMs: number; readonly pauseMs?: number },
  ): Promise<boolean>;
  /** The providers that failed lately or were slow, with the state of each; every other is `closed`. */
  states(): Promise<Readonly<Record<string, BreakerState>>>;
}

const FAILURES_IN_A_ROW = 3;
const PAUSE_MS = 30_000;
/** The longest that a provider is left alone because it asked for it. */
const MAX_ASKED_PAUSE_MS = 60_000;
/** A probe whose process died lets the next one in after this. */
const PROBE_MS = 60_000;
/** What is learned of a provider's slowness holds for a day. */
const PATIENCE_HOLDS_MS = 24 * 3_600_000;
const MAX_PATIENCE_MS = 20_000;
/** A provider may take so many times what it took before. */
const PATIENCE_FACTOR = 3;

/** Breakers that stay open for `pauseMs` (30,000 when not given). */
export function createBreakers(
  { states, clock }: { readonly states: ProviderStates; readonly clock: Clock },
  pauseMs = PAUSE_MS,
): Breakers {
  const patience = (state: ProviderState | undefined): number =>
    state === undefined || clock.now() - state.patienceAt >= PATIENCE_HOLDS_MS ? 0 : state.patienceMs;
  return {
    async enter(provider) {
      const known = await states.get(provider);
      const patienceMs = patience(known);
      const lastFailure = known?.lastFailure ?? null;
      if (known?.openUntil == null) return { state: 'closed', waitMs: 0, patienceMs, lastFailure };
      let isMine = false;
      const now = clock.now();
      if (known.openUntil <= now) {
        await states.change(provider, (found = blank(provider)) => {
          isMine = found.openUntil !== null && found.openUntil <= now && (found.probeUntil ?? 0) <= now;
          return isMine ? { ...found, probeUntil: now + PROBE_MS, changedAt: now } : found;
        });
      }
      if (isMine) return { state: 'half-open', waitMs: 0, patienceMs, lastFailure };
      return { state: 'open', waitMs: Math.max(0, known.openUntil - now), patienceMs, lastFailure };
    },
    async succeeded(provider, { state, patienceMs }, firstMs, allowedMs) {
      const learned = Math.min(MAX_PATIENCE_MS, Math.ceil(firstMs * PATIENCE_FACTOR));
      const isSlow = allowedMs > 0 && learned > Math.max(allowedMs, patienceMs);
      const known = state === 'half-open' ? blank(provider) : await states.get(provider);
      if (!isSlow && (known === undefined || (known.failures === 0 && state === 'closed'))) return;
      await states.change(provider, (found = blank(provider)) => ({
        ...found,
        failures: 0,
        openUntil: null,
        probeUntil: null,
        ...(isSlow ? { patienceMs: learned, patienceAt: clock.now() } : {}),
        changedAt: clock.now(),
      }));
    },
    async failed(provider, { state }, failure, { allowedMs, pauseMs: asked }) {
      let isOpened = false;
      if (!isProviderDown(failure) && asked === undefined && state === 'closed') return false;
      await states.change(provider, (found = blank(provider)) => {
        const after = afterFailure(found, { state, failure, allowedMs, asked, now: clock.now(), pauseMs });
        isOpened = after.openUntil !== null && after.openUntil !== found.openUntil;
        return after;
      });
      return isOpened;
    },
    async states() {
      const now = clock.now();
      return Object.fromEntries((await states.all()).map((each) => [each.provider, stateOf(each, now)]));
    },
  };
}

interface Happened {
  readonly state: BreakerState;
  readonly failure: ModelFailure;
  readonly allowedMs: number;
  /** Milliseconds for which the provider asked to be spared. */
  readonly asked: number | undefined;
  readonly now: number;
  readonly pauseMs: number;
}

function afterFailure(found: ProviderState, happened: Happened): ProviderState {
  const { state, failure, allowedMs, asked, now, pauseMs } = happened;
  const lastFailure = failure.kind;
  const rest = { ...found, probeUntil: null, changedAt: now };
  if (failure.kind === 'cancelled') return rest;
  if (asked !== undefined) return { ...rest, lastFailure, openUntil: now + Math.min(asked, MAX_ASKED_PAUSE_MS) };
  if (!isProviderDown(failure)) return { ...rest, failures: 0, openUntil: null };
  const failures = found.failures + 1;
  const isSilent = failure.kind === 'timeout' && allowedMs > 0;
  const opens = isSilent || state === 'half-open' || failures >= FAILURES_IN_A_ROW;
  const patienceMs = Math.min(MAX_PATIENCE_MS, Math.max(allowedMs, found.patienceMs) * 2);
  return {
    ...rest,
    failures,
    lastFailure,
    openUntil: opens ? now + pauseMs : found.openUntil,
    ...(isSilent ? { patienceMs, patienceAt: now } : {}),
  };
}

function stateOf({ openUntil }: ProviderState, now: number): BreakerState {
  if (openUntil === null) return 'closed';
  return openUntil > now ? 'open' : 'half-open';
}

function blank(provider: string): ProviderState {
  const nothing = { openUntil: null, probeUntil: null, lastFailure: null };
  return { provider, failures: 0, ...nothing, patienceMs: 0, patienceAt: 0, changedAt: 0 };
}
