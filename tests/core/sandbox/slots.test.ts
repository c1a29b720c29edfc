import { expect, test } from 'vitest';
import { createSlots } from '../../../src/core/sandbox/slots.ts';

const NEVER = new AbortController().signal;

/** Who went in so far, in order. */
function visitors(slots: ReturnType<typeof createSlots>): { inside: number[]; come(name: number): void } {
  const inside: number[] = [];
  return { inside, come: (name) => void slots.enter(NEVER).then(() => inside.push(name)) };
}

test('a few go in at once, others in their order as somebody leaves', async () => {
  const slots = createSlots({ usual: 2, most: 4, patienceMs: 60_000 });
  const { inside, come } = visitors(slots);
  for (const name of [1, 2, 3, 4]) come(name);
  await new Promise(setImmediate);
  expect(inside).toEqual([1, 2]);
  slots.leave();
  await new Promise(setImmediate);
  expect(inside).toEqual([1, 2, 3]);
  slots.leave();
  slots.leave();
  await new Promise(setImmediate);
  expect(inside).toEqual([1, 2, 3, 4]);
});

test('when nobody leaves, one more goes in after a while, and another, up to the most', async () => {
  const slots = createSlots({ usual: 1, most: 3, patienceMs: 20 });
  const { inside, come } = visitors(slots);
  for (const name of [1, 2, 3, 4]) come(name);
  await expect.poll(() => inside).toEqual([1, 2, 3]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(inside).toEqual([1, 2, 3]);
  slots.leave();
  await expect.poll(() => inside).toEqual([1, 2, 3, 4]);
});

test('who is stopped while waiting goes in at once, to see that it was stopped', async () => {
  const slots = createSlots({ usual: 1, most: 1, patienceMs: 60_000 });
  await slots.enter(NEVER);
  const stop = new AbortController();
  const waiting = slots.enter(stop.signal);
  stop.abort();
  await waiting;
  await slots.enter(AbortSignal.abort());
  const { inside, come } = visitors(slots);
  come(1);
  for (const left of [1, 2]) {
    slots.leave();
    await new Promise(setImmediate);
    expect(inside, `${left} left`).toEqual([]);
  }
  slots.leave();
  await expect.poll(() => inside).toEqual([1]);
});
