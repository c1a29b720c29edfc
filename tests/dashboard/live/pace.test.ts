import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPace } from '../../../src/dashboard/live/pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What changes, and how often it was looked at. */
function watched() {
  let isChanged = false;
  let looks = 0;
  const pace = createPace(() => {
    if (!isChanged) return false;
    isChanged = false;
    looks += 1;
    return true;
  });
  const change = (): void => {
    isChanged = true;
    pace.request();
  };
  return { change, looks: () => looks };
}

test('a change is looked at at once, and again at once after a quiet while', () => {
  const { change, looks } = watched();
  change();
  expect(looks()).toBe(1);
  vi.advanceTimersByTime(1_000);
  change();
  expect(looks()).toBe(2);
});

test('while changes do not end it is looked a few times a minute, and the last of them is not missed', () => {
  const { change, looks } = watched();
  for (let half = 0; half < 120; half += 1) {
    change();
    vi.advanceTimersByTime(500);
  }
  expect(looks()).toBeGreaterThan(10);
  expect(looks()).toBeLessThan(18);
  change();
  const before = looks();
  vi.advanceTimersByTime(5_000);
  expect(looks()).toBe(before + 1);
});
