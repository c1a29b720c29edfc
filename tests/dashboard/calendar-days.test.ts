import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  dayAfterKey,
  shownDays,
  weekdayOf,
  weekStartOf,
} from '../../src/dashboard/pages/tasks/calendar-days.ts';

const MONDAY = 1;

test('a month is shown in whole weeks, from the day a week begins with', () => {
  const march = shownDays('2026-03-15', 'month', MONDAY);
  expect([march[0], march.at(-1), march.length]).toEqual(['2026-02-23', '2026-04-05', 42]);
  expect(shownDays('2026-02-10', 'month', 0)).toHaveLength(28);
  expect(shownDays('2026-03-29', 'week', MONDAY)).toEqual([
    '2026-03-23',
    '2026-03-24',
    '2026-03-25',
    '2026-03-26',
    '2026-03-27',
    '2026-03-28',
    '2026-03-29',
  ]);
});

test('whatever the day, its month is shown whole, each day once', () => {
  const date = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(date, fc.constantFrom(0, 1, 6), (at, weekStart) => {
      const day = at.toISOString().slice(0, 10);
      const days = shownDays(day, 'month', weekStart);
      expect(days.length % 7).toBe(0);
      expect(new Set(days).size).toBe(days.length);
      expect(weekdayOf(days[0] ?? '')).toBe(weekStart);
      expect(days).toContain(day);
      expect(days.length).toBeLessThanOrEqual(42);
    }),
  );
});

test('a month on is the same day, or the last where there is none', () => {
  expect([addMonths('2026-01-31', 1), addMonths('2024-03-31', -1), addMonths('2026-12-15', 1)]).toEqual([
    '2026-02-28',
    '2024-02-29',
    '2027-01-15',
  ]);
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});

test('the keyboard leads through days, weeks and months', () => {
  const keys = ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'PageDown', 'PageUp', 'a'];
  expect(keys.map((key) => dayAfterKey('2026-03-31', key, MONDAY))).toEqual([
    '2026-04-01',
    '2026-03-30',
    '2026-04-07',
    '2026-03-24',
    '2026-03-30',
    '2026-04-05',
    '2026-04-30',
    '2026-02-28',
    undefined,
  ]);
  expect([weekStartOf('de'), weekStartOf('en-US')]).toEqual([1, 0]);
});
