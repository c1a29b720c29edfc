/** Owns a count of acts per key over a sliding window. It lives in memory, which is bounded: a restart forgives, and of too many keys those that were quiet longest are forgotten. */
import type { Clock } from './clock.ts';

export interface RateRule {
  readonly limit: number;
  readonly windowMs: number;
}

export interface RateVerdict {
  readonly isAllowed: boolean;
  readonly limit: number;
  /** How many acts still fit. */
  readonly remaining: number;
  /** Milliseconds until another act fits; 0 when one does now. */
  readonly waitMs: number;
}

export interface RateWindow {
  /** Counts one more act of `key` if it fits. */
  take(key: string): RateVerdict;
  /** Takes the last act of `key` back. */
  giveBack(key: string): void;
}

const MAX_KEYS = 10_000;

/** Acts by the rule as `rule` gives it at each call. */
export function createRateWindow(clock: Clock, rule: () => RateRule): RateWindow {
  const acts = new Map<string, number[]>();
  return {
    take(key) {
      const now = clock.now();
      const { limit, windowMs } = rule();
      const recent = within(acts.get(key) ?? [], now - windowMs);
      const isAllowed = recent.length < limit;
      if (isAllowed) recent.push(now);
      // What is set anew goes to the end: the oldest keys come first.
      acts.delete(key);
      acts.set(key, recent);
      forget(acts, now - windowMs);
      const waitMs = recent.length < limit ? 0 : (recent[recent.length - limit] ?? now) + windowMs - now;
      return { isAllowed, limit, remaining: Math.max(0, limit - recent.length), waitMs };
    },
    giveBack: (key) => void acts.get(key)?.pop(),
  };
}

/** The times after `since`; the same array while none is older. */
function within(times: number[], since: number): number[] {
  const first = times.findIndex((at) => at > since);
  if (first === 0) return times;
  return first === -1 ? [] : times.slice(first);
}

function forget(acts: Map<string, number[]>, since: number): void {
  for (const [key, times] of acts) {
    if (acts.size <= MAX_KEYS && (times.at(-1) ?? 0) > since) break;
    acts.delete(key);
  }
}
