/** Owns a clock that a test sets for the processes it starts. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestClock {
  /** For `startServe` and `runClaw`. */
  readonly nodeArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the processes take for now, in milliseconds UTC. */
  now(): number;
  /** Sets their clock to that instant (milliseconds UTC); it goes on from there. */
  set(instant: number): void;
}

const PRELOAD = join(import.meta.dirname, '..', 'fakes', 'test-clock.ts');

/** A clock whose file stands in `folder`; it shows `start` (milliseconds UTC, or ISO 8601). */
export function testClock(folder: string, start: number | string): TestClock {
  const file = join(folder, 'test-clock');
  let offsetMs = 0;
  const set = (instant: number): void => {
    offsetMs = Math.round(instant - Date.now());
    writeFileSync(`${file}.new`, String(offsetMs));
    renameSync(`${file}.new`, file);
  };
  set(typeof start === 'string' ? Date.parse(start) : start);
  return {
    nodeArgs: ['--import', PRELOAD],
    env: { CLAW_TEST_CLOCK: file },
    now: () => Date.now() + offsetMs,
    set,
  };
}
