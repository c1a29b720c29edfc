import { expect, test } from 'vitest';
import { createConversationSearch } from '../../../src/core/conversations/conversation-search.ts';
import { createConversationService } from '../../../src/core/conversations/conversation-service.ts';
import { chatKit } from './chat-kit.ts';

async function searchKit(exchanges: readonly (readonly [said: string, answer: string])[]) {
  const kit = await chatKit(exchanges.map(([, text]) => ({ text })));
  const search = createConversationSearch(kit.deps);
  const service = createConversationService(kit.deps);
  const ids: string[] = [];
  for (const [said] of exchanges) ids.push((await kit.send(said)).end.conversationId);
  const find = (query: string, more: object = {}) => search.search(kit.userId, query, { limit: 10, ...more });
  return { ...kit, search, service, ids, find };
}

test('what was said is found in Korean and English, with the place marked', async () => {
  const { find } = await searchKit([
    ['기차표를 예매했어. 부산으로 가는 기차야', 'Noted.'],
    ['We were booking trains to Gwangju', 'The booking is done.'],
  ]);
  expect((await find('부산'))[0]?.snippet).toContain('«부산»으로');
  expect((await find('기차를'))[0]?.role).toBe('user');
  expect((await find('booked train'))[0]?.snippet).toContain('«book»');
  expect((await find('booking')).map(({ role }) => role).toSorted()).toEqual(['assistant', 'user']);
});

test('nothing to look for is nothing, and query syntax is text', async () => {
  const { find } = await searchKit([['we talked about C++ and NEAR( things', 'ok']]);
  for (const blank of ['', '   ', '*', '🙂']) expect(await find(blank)).toEqual([]);
  expect(await find('C++ "NEAR(" AND *')).toHaveLength(1);
  expect(await find('나'.repeat(10_000))).toEqual([]);
});

test('filters: when, who, where, tag', async () => {
  const { find, search, userId, ids } = await searchKit([
    ['alpha one', 'alpha two'],
    ['alpha three', 'four'],
  ]);
  expect(await find('alpha')).toHaveLength(3);
  expect(await find('alpha', { from: Date.now() + 1_000_000 })).toEqual([]);
  expect(await find('alpha', { to: 5 })).toEqual([]);
  expect(await find('alpha', { role: 'assistant' })).toHaveLength(1);
  expect(await find('alpha', { origin: 'telegram' })).toEqual([]);
  expect(await search.tag(userId, ids[1] ?? '', '  Work ')).toBe(true);
  expect(await search.tag(userId, ids[1] ?? '', 'WORK')).toBe(false);
  expect((await find('alpha', { tag: 'work' })).map(({ conversationId }) => conversationId)).toEqual([ids[1]]);
  expect(await search.tags(userId)).toEqual([{ tag: 'work', conversations: 1 }]);
  expect(await search.untag(userId, ids[1] ?? '', 'work ')).toBe(true);
  expect(await search.tagsOf(userId, ids[1] ?? '')).toEqual([]);
  await expect(search.tag(userId, ids[0] ?? '', ' ')).rejects.toMatchObject({ code: 'usage-invalid' });
});

test('another user finds nothing of it', async () => {
  const { search, store, ids } = await searchKit([['a secret plum', 'ok']]);
  await store.users.insertIfAbsent({ id: 'u2', username: 'u2', role: 'admin', state: 'active', created_at: 0 });
  expect(await search.search('u2', 'plum', { limit: 10 })).toEqual([]);
  await expect(search.tag('u2', ids[0] ?? '', 'x')).rejects.toMatchObject({ code: 'not-found' });
});

test('a branch is not found twice, and a deleted conversation not at all', async () => {
  const { find, service, userId, ids } = await searchKit([['a plum tree', 'ok']]);
  const branch = await service.branch(userId, ids[0] ?? '');
  expect(await find('plum')).toHaveLength(1);
  await service.remove(userId, ids[0] ?? '');
  expect((await find('plum')).map(({ conversationId }) => conversationId)).toEqual([branch.id]);
  await service.remove(userId, branch.id);
  expect(await find('plum')).toEqual([]);
});

test('what claw and files add is not what was said', async () => {
  const { find } = await searchKit([['hello', '<internal>quince</internal>done']]);
  expect(await find('Seoul')).toEqual([]);
  expect(await find('quince')).toEqual([]);
  expect(await find('done')).toHaveLength(1);
});

test("another's messages change neither hits nor order nor scores", async () => {
  const { find, store } = await searchKit([
    ['a plum tree in the garden', 'Plums are fine, and so are gardens.'],
    ['정원에 자두나무를 심었어', '자두나무를 심으셨군요.'],
  ]);
  const search = async () =>
    JSON.stringify(await Promise.all(['plum garden', 'plum', '자두', '나무'].map((text) => find(text))));
  const before = await search();
  expect(before).toContain('score');
  await store.users.insertIfAbsent({ id: 'u2', username: 'u2', role: 'user', state: 'active', created_at: 0 });
  await store.transaction(async ({ conversations }) => {
    const row = { id: 'c2', owner_id: 'u2', title: 't', origin: 'terminal', parent_id: null, parent_seq: null };
    await conversations.insert({ ...row, created_at: 0, updated_at: 0 });
    for (let at = 0; at < 3_000; at += 1) {
      const text = at % 2 === 0 ? 'plum 자두 plum' : `garden 나무 ${at}`;
      const parts = JSON.stringify([{ type: 'text', text, provenance: 'user' }]);
      const message = { conversation_id: 'c2', turn_id: 't2', role: 'user', parts, state: 'complete' } as const;
      await conversations.append({ ...message, created_at: at });
    }
  });
  expect(await search()).toBe(before);
});

test('a damaged index is told of, and made anew from the messages', async () => {
  const { find, search, store } = await searchKit([['a plum tree', 'ok']]);
  expect(await find('plum')).toHaveLength(1);
  const [message] = [{ id: 1, owner_id: 'nobody', role: 'user', parts: '[]' }] as const;
  await store.search.index(message, 'another text');
  expect(await search.checkIndex()).toMatchObject({ ok: false });
  await search.rebuildIndex();
  expect(await search.checkIndex()).toMatchObject({ ok: true, waiting: 0, problems: [] });
  expect(await find('plum')).toHaveLength(1);
});
