/** Owns looking ahead: the next due instants of a schedule. */
import type { Schedule } from './schedule.ts';

/** Up to `count` due instants after `after`, in milliseconds UTC. */
export function upcoming(schedule: Schedule, after: number, count: number): number[] {
  const found: number[] = [];
  let last = after;
  while (found.length < count) {
    const next = schedule.next(last);
    if (next === undefined) break;
    found.push(next);
    last = next;
  }
  return found;
}
