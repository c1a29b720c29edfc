import { expect, test } from 'vitest';
import { quantileOf } from '../../../src/core/kernel/quantile.ts';

const bounds = [1, 2, 4];

test('a quantile lies where its share of the counts ends', () => {
  // Ten values of at most 1, ten between 2 and 4.
  const counts = { count: 20, buckets: [10, 10, 20] };
  expect(quantileOf(0.5, bounds, counts)).toBe(1);
  expect(quantileOf(0.25, bounds, counts)).toBe(0.5);
  expect(quantileOf(0.75, bounds, counts)).toBe(3);
});

test('nothing counted has no quantile, and what is beyond the last bound is told as that bound', () => {
  expect(quantileOf(0.5, bounds, { count: 0, buckets: [0, 0, 0] })).toBeNull();
  expect(quantileOf(0.95, bounds, { count: 2, buckets: [0, 0, 1] })).toBe(4);
});
