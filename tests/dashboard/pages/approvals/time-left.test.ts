import { expect, test } from 'vitest';
import { timeLeft } from '../../../../src/dashboard/pages/approvals/time-left.ts';

test.each([
  [249_000, '4:09'],
  [248_001, '4:09'],
  [59_000, '0:59'],
  [3_849_000, '1:04:09'],
  [-5, '0:00'],
])('%i ms are told as %s', (ms, text) => {
  expect(timeLeft(ms)).toBe(text);
});
