import { expect, test } from 'vitest';
import { tellPerson } from '../../../src/core/conversations/tell-person.ts';
import { type PlatformKit, platformKit, registerRoom } from './platform-kit.ts';

const REPLIES = Array.from({ length: 6 }, (_, at) => ({ text: `answer ${at}` }));

const tell = (it: PlatformKit, userId: string, key = 'k', text = 'Your task failed.') =>
  it.store.transaction((tables) => tellPerson(tables, { userId, text, key, now: it.clock.now() }));

async function talked(): Promise<PlatformKit> {
  const it = await platformKit(REPLIES);
  await it.say('hi', { chat: 'test:1' });
  await it.clock.advance(60_000);
  await it.say('hi', { chat: 'test:2' });
  await it.outbox();
  return it;
}

test('a person is told in the direct chat they used last', async () => {
  const it = await talked();
  expect(await tell(it, it.userId)).toBe('told');
  expect(await it.outbox()).toMatchObject([{ chat: 'test:2', kind: 'notice', text: 'Your task failed.' }]);
  await it.clock.advance(60_000);
  await it.say('again', { chat: 'test:1' });
  await it.outbox();
  await tell(it, it.userId, 'other');
  expect(await it.outbox()).toMatchObject([{ chat: 'test:1' }]);
});

test('a key is told once to each person, also when it was sent long ago', async () => {
  const it = await talked();
  await it.say('hi', { chat: 'test:7', sender: { id: 'mina', name: 'Mina', isBot: false, isSelf: false } });
  await it.outbox();
  const mina = await it.user('mina');
  expect(await tell(it, it.userId)).toBe('told');
  await it.outbox();
  await it.clock.advance(86_400_000);
  expect(await tell(it, it.userId)).toBe('already-told');
  expect(await tell(it, mina.id)).toBe('told');
  expect(await it.outbox()).toMatchObject([{ chat: 'test:7' }]);
});

test('a long notice keeps to the limit of the platform and is still told once', async () => {
  const it = await talked();
  const text = 'word '.repeat(1000);
  expect([await tell(it, it.userId, 'k', text), await tell(it, it.userId, 'k', text)]).toEqual([
    'told',
    'already-told',
  ]);
  expect((await it.outbox()).length).toBeGreaterThan(1);
});

test('nobody is told in a room or a place that others read, nor when they are disabled; both may be told later', async () => {
  const it = await platformKit(REPLIES);
  await registerRoom(it, 'test:-1', 'room-a');
  await it.say('@J hi', { chat: 'test:-1', isDirect: false });
  await it.say('@J hi', { chat: 'test:-2', isDirect: false });
  await it.outbox();
  expect(await tell(it, it.userId)).toBe('no-chat');
  await it.say('hi', { chat: 'test:1' });
  await it.outbox();
  await it.store.users.change(it.userId, { state: 'disabled' });
  expect(await tell(it, it.userId)).toBe('no-chat');
  await it.store.users.change(it.userId, { state: 'active' });
  expect(await tell(it, it.userId)).toBe('told');
});

test('what is told is undone with the transaction it belongs to', async () => {
  const it = await talked();
  const { userId, clock } = it;
  const broken = it.store.transaction(async (tables) => {
    await tellPerson(tables, { userId, text: 'x', key: 'k', now: clock.now() });
    throw new Error('broken');
  });
  await expect(broken).rejects.toThrow('broken');
  expect(await tell(it, userId)).toBe('told');
});
