/** Owns a count of acts per key over a sliding window. It lives in memory: a restart forgives. */
import type { Clock } from './clock.ts';

/** Gives a function that says whether one more act of `key` fits into `limit` per `windowMs` milliseconds, and counts it if so. */
export function createRateWindow(clock: Clock, limit: number, windowMs: number): (key: string) => boolean {
  const acts = new Map<string, number[]>();
  return (key) => {
    const now = clock.now();
    const recent = (acts.get(key) ?? []).filter((at) => at > now - windowMs);
    if (recent.length >= limit) return false;
    // What is set anew goes to the end: the oldest keys come first.
    acts.delete(key);
    acts.set(key, [...recent, now]);
    for (const [old, times] of acts) {
      if ((times.at(-1) ?? 0) > now - windowMs) break;
      acts.delete(old);
    }
    return true;
  };
}
