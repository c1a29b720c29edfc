import { expect, test } from 'vitest';
import { createSlots, type Slot } from '../../../src/core/sandbox/slots.ts';

const NEVER = new AbortController().signal;
const PATIENT = 60_000;
const settled = (): Promise<unknown> => new Promise(setImmediate);

/** Everyone who comes, and the places of those who are inside. */
function visitors(slots: ReturnType<typeof createSlots>): { inside: Slot[]; come(count: number): void } {
  const inside: Slot[] = [];
  return {
    inside,
    come: (count) => {
      for (let each = 0; each < count; each += 1) void slots.enter(NEVER).then((slot) => inside.push(slot));
    },
  };
}

test('a few go in at once, the next one when somebody leaves', async () => {
  const { inside, come } = visitors(createSlots({ usual: 2, most: 4, patienceMs: PATIENT }));
  come(4);
  await settled();
  expect(inside).toHaveLength(2);
  inside[0]?.leave();
  inside[0]?.leave();
  await settled();
  expect(inside).toHaveLength(3);
});

test('one that waits for an answer leaves its place to another, up to the most', async () => {
  const { inside, come } = visitors(createSlots({ usual: 1, most: 3, patienceMs: PATIENT }));
  come(5);
  for (const count of [1, 2, 3]) {
    await settled();
    expect(inside).toHaveLength(count);
    inside.at(-1)?.pause();
    inside.at(-1)?.pause();
  }
  await settled();
  expect(inside).toHaveLength(3);
  inside[0]?.resume();
  inside[1]?.leave();
  await settled();
  // One computes again: there is room inside, but no place to compute.
  expect(inside).toHaveLength(3);
  inside[0]?.leave();
  await settled();
  expect(inside).toHaveLength(4);
});

test('when nobody leaves, one more goes in after a while, up to the most', async () => {
  const { inside, come } = visitors(createSlots({ usual: 1, most: 3, patienceMs: 20 }));
  come(5);
  await expect.poll(() => inside.length).toBe(3);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(inside).toHaveLength(3);
  inside[0]?.leave();
  await expect.poll(() => inside.length).toBe(4);
});

test('who is stopped while waiting goes in at once, to see that it was stopped', async () => {
  const slots = createSlots({ usual: 1, most: 1, patienceMs: PATIENT });
  const first = await slots.enter(NEVER);
  const stop = new AbortController();
  const waiting = slots.enter(stop.signal);
  stop.abort();
  const stopped = [await waiting, await slots.enter(AbortSignal.abort())];
  const { inside, come } = visitors(slots);
  come(1);
  for (const slot of [first, ...stopped]) {
    expect(inside).toEqual([]);
    slot.leave();
    await settled();
  }
  expect(inside).toHaveLength(1);
});

test('one that left while its answer was on the way takes no place when it comes', async () => {
  const { inside, come } = visitors(createSlots({ usual: 1, most: 2, patienceMs: PATIENT }));
  come(3);
  await settled();
  inside[0]?.pause();
  await settled();
  inside[0]?.leave();
  inside[0]?.resume();
  inside[1]?.leave();
  await settled();
  expect(inside).toHaveLength(3);
});
