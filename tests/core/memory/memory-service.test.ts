import { expect, test } from 'vitest';
import { memoryExpiry, userHolder } from '../../../src/core/memory/memory.ts';
import { memoryKit, SOURCE } from './memory-kit.ts';

test('the same category and key is one row; the older value is history and is not found any more', async () => {
  const { memory, holder, remember } = await memoryKit();
  const first = await remember('City', 'Busan', { importance: 4 });
  const second = await remember('city', 'Seoul');
  expect(second.replaced).toBe('Busan');
  expect(second.memory).toMatchObject({ id: first.memory.id, value: 'Seoul', importance: 4 });
  expect(await memory.list(holder)).toHaveLength(1);
  expect(await memory.search(holder, 'Busan')).toEqual([]);
  expect(await memory.search(holder, 'seoul')).toHaveLength(1);
  expect(await memory.history(second.memory)).toMatchObject([{ value: 'Busan', why: SOURCE.why }]);
});

test('importance is kept between 1 and 5, and a bad category is refused', async () => {
  const { memory, holder, remember } = await memoryKit();
  expect((await remember('a', 'v', { importance: 99 })).memory.importance).toBe(5);
  expect((await remember('b', 'v', { importance: -3 })).memory.importance).toBe(1);
  const bad = { category: 'gossip' as never, key: 'k', value: 'v' };
  await expect(memory.add(holder, bad, SOURCE)).rejects.toMatchObject({ code: 'usage-invalid' });
  await expect(remember(' / ', 'v')).rejects.toMatchObject({ code: 'usage-invalid' });
  await expect(remember('k', '  ')).rejects.toMatchObject({ code: 'usage-invalid' });
});

test('beyond the limit the least important, then the oldest goes to the archive', async () => {
  const { memory, holder, clock } = await memoryKit();
  for (let number = 0; number < 25; number += 1) {
    await clock.advance(1);
    const importance = number < 3 ? 1 : 3;
    await memory.add(holder, { category: 'user_info', key: `k${number}`, value: 'v', importance }, SOURCE);
  }
  const kept = await memory.list(holder, { category: 'user_info' });
  expect(kept).toHaveLength(20);
  const archived = await memory.list(holder, { state: 'archived' });
  expect(archived.map(({ key, reason }) => `${key} ${reason}`)).toEqual(
    ['k0', 'k1', 'k2', 'k3', 'k4'].map((key) => `${key} over-limit`),
  );
  expect(await memory.search(holder, 'k0')).toEqual([]);
  expect(await memory.checkIndex()).toMatchObject({ ok: true, problems: [] });
});

test('what has expired is not found and goes to the archive', async () => {
  const { memory, holder, clock, remember } = await memoryKit();
  await remember('ticket', 'gate nine', { expiresAt: clock.now() + 1000 });
  expect(await memory.search(holder, 'gate')).toHaveLength(1);
  await clock.advance(1000);
  expect(await memory.search(holder, 'gate')).toEqual([]);
  expect(await memory.list(holder)).toEqual([]);
  expect(await memory.list(holder, { state: 'archived' })).toMatchObject([{ reason: 'expired' }]);
});

test('users and rooms do not see each other', async () => {
  const { memory, holder, other, room, remember } = await memoryKit();
  await remember('code', 'plum');
  await memory.add(room, { category: 'facts', key: 'code', value: 'pear' }, SOURCE);
  expect((await memory.search(holder, 'code')).map(({ value }) => value)).toEqual(['plum']);
  expect((await memory.search(room, 'code')).map(({ value }) => value)).toEqual(['pear']);
  expect(await memory.search(other, 'code plum')).toEqual([]);
  expect(await memory.search(userHolder('u'), 'code')).toEqual([]);
  expect(await memory.list(other)).toEqual([]);
  await expect(memory.find(other, 'facts/code')).rejects.toMatchObject({ code: 'not-found' });
});

test('Korean is found whatever particle it carries, and decomposed', async () => {
  const { memory, holder, remember } = await memoryKit();
  await remember('생일', '5월 3일');
  await remember('회사', '서울에 있는 작은 회사');
  for (const query of ['내 생일이 언제야?', '생일은', '생일'.normalize('NFD')])
    expect((await memory.search(holder, query))[0]?.value).toBe('5월 3일');
  expect((await memory.search(holder, '서울에서'))[0]?.key).toBe('회사');
});

test('query syntax is text', async () => {
  const { memory, holder, remember } = await memoryKit();
  await remember('lang', 'C++ and NEAR( things');
  for (const query of ['C++', '"NEAR(" AND *', 'holder : "x" OR lang', '*'.repeat(10_000), '🙂', '', '집'])
    await memory.search(holder, query);
  expect(await memory.search(holder, 'C++ "')).toHaveLength(1);
});

test('the last removal can be undone, and erasing leaves nothing', async () => {
  const { memory, holder, clock, remember } = await memoryKit();
  await remember('a', 'apple');
  await remember('b', 'berry');
  await memory.remove(holder, 'facts/a');
  await clock.advance(5);
  await memory.remove(holder, 'b');
  expect(await memory.search(holder, 'apple berry')).toEqual([]);
  expect((await memory.restore(holder)).memory.key).toBe('b');
  expect(await memory.search(holder, 'apple berry')).toHaveLength(1);
  await memory.erase(holder, 'b');
  expect(await memory.search(holder, 'berry')).toEqual([]);
  await expect(memory.find(holder, 'b')).rejects.toMatchObject({ code: 'not-found' });
  expect(await memory.checkIndex()).toMatchObject({ ok: true, problems: [] });
});

test('a secret is never remembered', async () => {
  const { remember } = await memoryKit();
  expect((await remember('k', 'it is made-up-secret')).memory.value).toBe('it is [masked]');
});

test('a memory of the archive comes back with a new value', async () => {
  const { memory, holder, remember } = await memoryKit();
  await remember('a', 'one');
  await memory.remove(holder, 'a');
  const again = await remember('a', 'two');
  expect(again.replaced).toBeUndefined();
  expect(await memory.list(holder)).toMatchObject([{ value: 'two', state: 'active', reason: null }]);
});

test('an expiry is a date to come or a length', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(memoryExpiry('12h', now)).toBe(now + 43_200_000);
  expect(memoryExpiry('2026-02-01', now)).toBe(Date.parse('2026-02-01'));
  expect(memoryExpiry('never', now)).toBeNull();
  for (const bad of ['2025-01-01', 'soon', '0d', '1', '-3d', ''])
    expect(() => memoryExpiry(bad, now)).toThrow('no time in the future');
});

test("another's memories change neither what is found nor its order", async () => {
  const { store, memory, holder, other, remember } = await memoryKit();
  for (const [key, value] of [
    ['plum', 'in the garden'],
    ['garden', 'plum, pear and plum'],
    ['gate', 'of the garden'],
    ['정원', '자두나무가 있다'],
  ] as const)
    await remember(key, value);
  const search = async () =>
    JSON.stringify(
      await Promise.all(['plum garden', 'gate', '자두', '나무'].map((text) => memory.search(holder, text))),
    );
  const before = await search();
  await store.transaction(async ({ memories }) => {
    const [row] = await memories.list(holder.name, {});
    for (let at = 0; at < 3_000; at += 1) {
      const { seq: _, ...copy } = {
        ...row,
        holder: other.name,
        user_id: 'u2',
        id: `${at}`,
        key: `k${at}`,
      } as NonNullable<typeof row>;
      await memories.insert({ ...copy, value: at % 2 === 0 ? 'plum gate 자두' : `garden 나무 ${at}` });
    }
  });
  expect(await memory.search(other, 'plum')).toHaveLength(10);
  expect(await search()).toBe(before);
});

test('a damaged index is told of, and made anew from the memories', async () => {
  const { store, memory, holder, remember } = await memoryKit();
  const { memory: row } = await remember('plum', 'in the garden');
  await remember('gate', 'old');
  await store.memories.clearIndex();
  expect(await memory.checkIndex()).toMatchObject({ ok: true, indexed: 0, waiting: 2 });
  expect(await memory.search(holder, 'plum')).toHaveLength(1);
  await store.memories.index({ ...row, value: 'quite another text' });
  expect(await memory.checkIndex()).toMatchObject({
    ok: false,
    problems: ['1 of 2 texts were not found by their own words'],
  });
  expect(await memory.rebuildIndex()).toBe(2);
  expect(await memory.checkIndex()).toMatchObject({ ok: true, indexed: 2, waiting: 0 });
  expect(await memory.search(holder, 'garden')).toHaveLength(1);
});
