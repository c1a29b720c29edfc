import { expect, test } from 'vitest';
import { createRateLimits, secondsOf } from '../../../src/core/access/rate-limits.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';

function kit(limit = 60) {
  let now = 1_000_000;
  const rule = { limit, windowMs: 60_000 };
  const limits = createRateLimits({
    clock: { ...systemClock, now: () => now },
    rules: () => ({ api: rule, page: rule, ws: rule, bot: rule, login: rule }),
  });
  return { limits, rule, pass: (ms: number) => void (now += ms) };
}

test('B22: the 61st call within a minute is refused with the time to wait, and fits when the minute is over', () => {
  const { limits, pass } = kit();
  for (let count = 1; count <= 60; count += 1) {
    expect(limits.take('api', 'ann')).toMatchObject({ isAllowed: true, remaining: 60 - count });
    pass(500);
  }
  const refused = limits.take('api', 'ann');
  expect(refused).toMatchObject({ isAllowed: false, remaining: 0, waitMs: 30_000 });
  expect(secondsOf(refused)).toBe(30);
  expect(limits.take('api', 'ben').isAllowed).toBe(true);
  expect(limits.take('ws', 'ann').isAllowed).toBe(true);
  pass(29_999);
  expect(limits.take('api', 'ann').isAllowed).toBe(false);
  pass(1);
  expect(limits.take('api', 'ann').isAllowed).toBe(true);
});

test('a call that was refused does not make the wait longer', () => {
  const { limits, pass } = kit(1);
  limits.take('api', 'ann');
  for (let count = 0; count < 10; count += 1) {
    pass(1000);
    expect(() => limits.require('api', 'ann')).toThrow(expect.objectContaining({ code: 'limit-reached' }));
  }
  pass(50_000);
  limits.require('api', 'ann');
});

test('a limit that was lowered counts at once', () => {
  const { limits, rule } = kit(10);
  for (let count = 0; count < 5; count += 1) limits.take('api', 'ann');
  rule.limit = 3;
  expect(limits.take('api', 'ann')).toMatchObject({ isAllowed: false, waitMs: 60_000 });
});

test('callers without number do not fill the memory', () => {
  const { limits } = kit(1);
  for (let count = 0; count < 30_000; count += 1) limits.take('api', `caller ${count}`);
  expect(limits.take('api', 'caller 29999').isAllowed).toBe(false);
  expect(limits.take('api', 'caller 0').isAllowed).toBe(true);
});
