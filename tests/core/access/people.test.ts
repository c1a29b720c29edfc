import { expect, test } from 'vitest';
import { personOf } from '../../../src/core/access/people.ts';
import { peopleKit } from './people-kit.ts';

const ann = { channel: 'telegram', senderId: '42', name: 'Ann' };

test('a stranger is nobody, and is recorded', async () => {
  const kit = await peopleKit();
  expect(await personOf(kit, { ...ann, isAllowed: false })).toBeUndefined();
  expect(await kit.store.people.find('telegram', '42')).toMatchObject({ name: 'Ann', state: 'unknown', user_id: null });
});

test('whoever a setting lets in becomes a user of the role user, the same at every message', async () => {
  const kit = await peopleKit();
  const first = await personOf(kit, { ...ann, isAllowed: true });
  expect(first).toMatchObject({ username: 'telegram-42', role: 'user', state: 'active' });
  const again = await personOf(kit, { ...ann, name: 'Anna', isAllowed: true });
  expect(again?.id).toBe(first?.id);
});

test('two first messages at once make one user', async () => {
  const kit = await peopleKit();
  const both = await Promise.all([1, 2, 3].map(() => personOf(kit, { ...ann, isAllowed: true })));
  expect(new Set(both.map((user) => user?.id)).size).toBe(1);
});

test('taken off the list, the person is a stranger at the next message', async () => {
  const kit = await peopleKit();
  await personOf(kit, { ...ann, isAllowed: true });
  expect(await personOf(kit, { ...ann, isAllowed: false })).toBeUndefined();
});

test("someone else's account of the same name is never taken over", async () => {
  const kit = await peopleKit();
  const taken = { id: 'u9', username: 'telegram-42', role: 'admin' as const, state: 'active' as const, created_at: 0 };
  await kit.store.users.insertIfAbsent(taken);
  const user = await personOf(kit, { ...ann, isAllowed: true });
  expect(user).toMatchObject({ username: 'telegram-42-2', role: 'user' });
  expect(user?.id).not.toBe('u9');
});

test('the same id on another platform is another person', async () => {
  const kit = await peopleKit();
  const one = await personOf(kit, { ...ann, isAllowed: true });
  const other = await personOf(kit, { ...ann, channel: 'discord', isAllowed: true });
  expect(other?.id).not.toBe(one?.id);
});

test('whoever is blocked stays out, on the list or not', async () => {
  const kit = await peopleKit();
  const user = await personOf(kit, { ...ann, isAllowed: true });
  await kit.store.people.link('telegram', '42', { userId: user?.id ?? '', state: 'blocked' });
  expect(await personOf(kit, { ...ann, isAllowed: true })).toBeUndefined();
});
