import { expect, test } from 'vitest';
import { axisTicks, linePath, someOf } from '../../../src/dashboard/components/plot-scale.ts';

test('an axis begins at 0, goes in round steps, and ends at or just above the largest value', () => {
  expect(axisTicks(10, 4)).toEqual([0, 2.5, 5, 7.5, 10]);
  expect(axisTicks(0.0731, 4)).toEqual([0, 0.02, 0.04, 0.06, 0.08]);
  expect(axisTicks(1234, 4)).toEqual([0, 500, 1000, 1500]);
  for (const most of [1e-9, 0.3, 7, 99, 1e12]) {
    const ticks = axisTicks(most, 4);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * 0.999999);
    expect(ticks.length).toBeLessThanOrEqual(5);
  }
});

test('counts have no half steps, and nothing still has an axis', () => {
  expect(axisTicks(1, 4, true)).toEqual([0, 1]);
  expect(axisTicks(10, 4, true)).toEqual([0, 3, 6, 9, 12]);
  expect(axisTicks(0, 4)).toEqual([0, 1]);
  expect(axisTicks(Number.NaN, 4)).toEqual([0, 1]);
});

test('as many names as fit stand along an axis', () => {
  expect(someOf(30, 10)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  expect(someOf(3, 10)).toEqual([0, 1, 2]);
  expect(someOf(0, 10)).toEqual([]);
});

test('a line is broken where a value is missing', () => {
  expect(
    linePath([
      [0, 1],
      [1, 2],
      [2, null],
      [3, 4],
    ]),
  ).toBe('M0.0 1.0L1.0 2.0M3.0 4.0');
});
