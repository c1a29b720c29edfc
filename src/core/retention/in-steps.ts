/** Owns the pace of work that shares its thread and its database with everything else: small steps of some milliseconds each, with a rest after each. */
import type { Clock } from '../kernel/clock.ts';

export interface Pace {
  readonly clock: Clock;
  /** Lets others work, after a step that took so many milliseconds. */
  readonly rest: (tookMs: number) => Promise<void>;
}

/** What a step should take, in milliseconds. */
const STEP_MS = 8;
const FIRST = 100;
const LEAST = 10;
const MOST = 5_000;

/** Calls `step` with how many rows it may take, until it says that there is no more. Throws the signal's reason, between steps. */
export async function inSteps(
  { clock, rest }: Pace,
  signal: AbortSignal,
  step: (most: number) => Promise<'more' | 'done'>,
): Promise<void> {
  let most = FIRST;
  for (;;) {
    signal.throwIfAborted();
    const began = clock.elapsed();
    const outcome = await step(most);
    const took = clock.elapsed() - began;
    await rest(took);
    if (outcome === 'done') return;
    const factor = Math.min(2, Math.max(0.25, STEP_MS / Math.max(took, 0.1)));
    most = Math.min(MOST, Math.max(LEAST, Math.round(most * factor)));
  }
}
