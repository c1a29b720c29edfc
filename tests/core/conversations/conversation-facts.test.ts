import { expect, test } from 'vitest';
import { createConversationService } from '../../../src/core/conversations/conversation-service.ts';
import { chatKit } from './chat-kit.ts';

async function listed(...said: readonly string[]) {
  const kit = await chatKit(said.map(() => ({ text: 'Noted.' })));
  const service = createConversationService(kit.deps);
  const ids: string[] = [];
  for (const text of said) ids.push((await kit.send(text)).end.conversationId);
  const titles = async (filter: object = {}) =>
    (await service.list(kit.userId, { limit: 100, offset: 0, ...filter })).map(({ title }) => title);
  return { ...kit, service, ids, titles };
}

test('a list is limited by title, tag, time and origin, and ordered as asked; the count says the same', async () => {
  const { service, userId, ids, titles } = await listed('banana 100%', 'Apple_tree', '사과나무');
  expect(await titles({ sort: 'title' })).toEqual(['Apple_tree', 'banana 100%', '사과나무']);
  expect(await titles({ title: '0%' })).toEqual(['banana 100%']);
  expect(await titles({ title: '_' })).toEqual(['Apple_tree']);
  expect(await titles({ title: 'APPLE' })).toEqual(['Apple_tree']);
  expect(await titles({ title: '사과' })).toEqual(['사과나무']);
  await service.tag(userId, ids[0] ?? '', 'Fruit');
  expect(await titles({ tag: 'fruit' })).toEqual(['banana 100%']);
  expect((await service.tagsOfMany(ids)).get(ids[0] ?? '')).toEqual(['fruit']);
  expect(await titles({ origin: 'telegram' })).toEqual([]);
  expect(await titles({ to: 5 })).toEqual([]);
  expect(await titles({ from: 5, offset: 2 })).toHaveLength(1);
  expect(await service.count(userId, { tag: 'fruit' })).toMatchObject({ total: 1, origins: [{ conversations: 3 }] });
  expect(await service.count('somebody else', {})).toEqual({ total: 0, origins: [] });
});

test('a conversation gets another title, and the audit says who gave it', async () => {
  const { service, userId, ids, store } = await listed('hello');
  const [id = ''] = ids;
  expect(await service.rename(userId, id, '  Trip to\n 부산 ')).toMatchObject({ title: 'Trip to 부산' });
  expect(await service.find(userId, id)).toMatchObject({ title: 'Trip to 부산' });
  await expect(service.rename(userId, id, '  ')).rejects.toMatchObject({ code: 'usage-invalid' });
  await expect(service.rename('somebody else', id, 'mine')).rejects.toMatchObject({ code: 'not-found' });
  expect(await store.audit.list({ action: 'conversation.rename' }, 5)).toMatchObject([{ target: id }]);
});

test('the facts of a conversation tell what it used and what was branched from it', async () => {
  const { service, userId, ids } = await listed('hello');
  const [id = ''] = ids;
  const branch = await service.branch(userId, id, 1);
  expect(await service.facts(userId, id)).toMatchObject({
    messages: 2,
    room: null,
    places: [],
    branches: [{ id: branch.id, parent_seq: 1 }],
    spent: { calls: 1 },
    compactedUpTo: null,
  });
  expect(await service.facts(userId, branch.id)).toMatchObject({ parentTitle: 'hello', spent: { calls: 0 } });
  await expect(service.facts('somebody else', id)).rejects.toMatchObject({ code: 'not-found' });
});

test('the story is told in parts: the last turns, then those before', async () => {
  const kit = await chatKit([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
  const service = createConversationService(kit.deps);
  const { conversationId: id } = (await kit.send('first')).end;
  await kit.send('second', { conversationId: id });
  await kit.send('third', { conversationId: id });
  const last = await service.story(kit.userId, id, { turns: 2 });
  expect(last.hasEarlier).toBe(true);
  expect(last.messages.map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
  expect(last.inbound).toHaveLength(2);
  const before = await service.story(kit.userId, id, { turns: 2, before: last.turns[0]?.turn.id });
  expect(before.hasEarlier).toBe(false);
  expect(before.messages.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(before.inbound).toHaveLength(1);
  expect((await service.story(kit.userId, id)).messages).toHaveLength(6);
});
