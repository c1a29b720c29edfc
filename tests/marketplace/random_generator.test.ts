import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const random = openTool('random_generator');

test('integers lie within their bounds, and each of them comes', async () => {
  const drawn = await random<number[]>({ kind: 'integer', min: -2, max: 3, count: 1000 });
  expect(drawn).toHaveLength(1000);
  expect([...new Set(drawn)].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
});

test('integers are not biased', async () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let turn = 0; turn < 10; turn += 1)
    for (const each of await random<number[]>({ kind: 'integer', min: 0, max: 9, count: 1000 }))
      counts[each] = (counts[each] ?? 0) + 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  // 9 degrees of freedom: above 45 once in a million runs.
  expect(chiSquare).toBeLessThan(45);
});

test('large ranges are drawn whole', async () => {
  const drawn = await random<number[]>({ kind: 'integer', min: 0, max: 2 ** 53 - 2, count: 200 });
  expect(drawn.every((each) => Number.isSafeInteger(each) && each >= 0)).toBe(true);
  expect(drawn.some((each) => each > 2 ** 52)).toBe(true);
  expect(drawn.some((each) => each < 2 ** 52)).toBe(true);
});

test('unique integers and choices never repeat', async () => {
  const all = await random<number[]>({ kind: 'integer', min: 1, max: 50, count: 50, unique: true });
  expect(new Set(all).size).toBe(50);
  const few = await random<number[]>({ kind: 'integer', min: 1, max: 1e9, count: 100, unique: true });
  expect(new Set(few).size).toBe(100);
  const items = ['a', 'b', 'c'];
  const chosen = await random<string[]>({ kind: 'choice', items, count: 3, unique: true });
  expect(chosen.toSorted()).toEqual(items);
});

test('a shuffle keeps every item, in all orders', async () => {
  const orders = new Set<string>();
  for (let turn = 0; turn < 60; turn += 1)
    orders.add((await random<string[]>({ kind: 'shuffle', items: ['a', 'b', 'c'] })).join(''));
  expect([...orders].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
});

test('numbers lie within their bounds', async () => {
  const drawn = await random<number[]>({ kind: 'number', min: -1, max: 1, count: 1000 });
  expect(drawn.every((each) => each >= -1 && each <= 1)).toBe(true);
  expect(Math.abs(drawn.reduce((sum, each) => sum + each, 0) / 1000)).toBeLessThan(0.15);
});

test.each([
  ['3d6+2', 3, 5, 20],
  ['d20', 1, 1, 20],
  ['2d%-10', 2, -8, 190],
  ['10D1', 10, 10, 10],
])('%s rolls', async (dice, count, least, most) => {
  const rolls = await random<{ rolls: number[]; total: number }[]>({ kind: 'dice', dice, count: 50 });
  expect(rolls.every((roll) => roll.rolls.length === count && roll.total >= least && roll.total <= most)).toBe(true);
});

test('a password has each kind of character, and no two are the same', async () => {
  const made = await random<string[]>({ kind: 'password', length: 12, count: 200 });
  for (const each of made)
    expect(each).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[2-9])(?=.*[!#$%&*+\-=?@^_~])[^lIO01]{12}$/);
  expect(new Set(made).size).toBe(200);
  const [plain = ''] = await random<string[]>({ kind: 'password', length: 4, symbols: false });
  expect(plain).toMatch(/^[a-zA-Z2-9]{4}$/);
});

test('UUIDs are of version 4, hex has its length, coins have two sides', async () => {
  const [uuid = ''] = await random<string[]>({ kind: 'uuid' });
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const [hex = ''] = await random<string[]>({ kind: 'hex', length: 32 });
  expect(hex).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(await random<string[]>({ kind: 'coin', count: 100 }))).toEqual(new Set(['heads', 'tails']));
});

test.each([
  [{ kind: 'integer', min: 5, max: 1 }, /min \(5\) is above max \(1\)/],
  [{ kind: 'integer', min: 1.5, max: 2 }, /whole numbers/],
  [{ kind: 'integer', min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }, /larger than 2\^53/],
  [{ kind: 'integer', min: 1, max: 3, count: 4, unique: true }, /only 3 different/],
  [{ kind: 'choice' }, /items to choose from are needed/],
  [{ kind: 'choice', items: ['a'], count: 2, unique: true }, /only 1 items/],
  [{ kind: 'dice', dice: '6' }, /no dice notation/],
  [{ kind: 'dice', dice: '0d6' }, /at least one die/],
  [{ kind: 'password', length: 3 }, /length/],
  [{ kind: 'lottery' }, /kind/],
])('%j is refused', async (input, reason) => {
  await expect(random(input)).rejects.toThrow(reason);
});
