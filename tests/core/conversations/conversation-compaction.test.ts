import { expect, test } from 'vitest';
import { createConversationService } from '../../../src/core/conversations/conversation-service.ts';
import type { ModelRequest } from '../../../src/core/llm/language-model.ts';
import { chatKit } from './chat-kit.ts';

async function longTalk(messages: readonly string[], maxHistory = 10) {
  const kit = await chatKit(
    Array.from({ length: messages.length + 3 }, () => ({ text: 'I see.' })),
    { limits: { maxHistory } },
  );
  const service = createConversationService(kit.deps);
  const notices: string[] = [];
  let conversationId: string | undefined;
  for (const text of messages) {
    const { events, end } = await kit.send(text, conversationId === undefined ? {} : { conversationId });
    conversationId = end.conversationId;
    for (const event of events) if (event.type === 'notice' && event.code === 'compacted') notices.push(event.text);
  }
  return { ...kit, service, notices, id: conversationId ?? '' };
}

const textOf = (request: ModelRequest | undefined): string =>
  (request?.messages ?? [])
    .flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')))
    .join('\n');

test(
  'after 30 compactions every rule stands word for word and the planted facts are there',
  { timeout: 60_000 },
  async () => {
    const rules = [
      'rule: call me  Captain',
      '규칙: 항상 존댓말로 답하기',
      '/pin never delete `*.log` files\nwithout asking',
    ];
    const facts = Array.from({ length: 60 }, (_, at) => `The code of locker ${at} is ${(at * 7919) % 10_007}.`);
    const talk: string[] = [...rules];
    for (const [at, fact] of facts.entries()) talk.push(fact, `hm, tell me more, please ${'la '.repeat(at % 7)}`);
    for (let round = 0; round < 40; round += 1) talk.push('go on');
    const { requests, notices, store, id, service, userId } = await longTalk(talk);
    expect(notices.length).toBeGreaterThanOrEqual(30);
    const last = textOf(requests.at(-1));
    for (const rule of rules) expect(last).toContain(rule);
    const found = facts.filter((fact) => last.includes(fact)).length;
    expect(found / facts.length).toBeGreaterThanOrEqual(0.98);
    expect(await store.conversations.lastSeq(id)).toBe(talk.length * 2);
    expect((await service.search(userId, 'locker 3 code', { limit: 60 })).length).toBeGreaterThan(0);
  },
);

test('requests stay short, and their beginning stays the same between compactions', async () => {
  const { requests, notices } = await longTalk(Array.from({ length: 40 }, (_, at) => `turn ${at}`));
  expect(requests.every(({ messages }) => messages.length <= 11)).toBe(true);
  const firsts = requests.map(({ messages }) => JSON.stringify(messages[0]));
  expect(new Set(firsts).size).toBe(notices.length + 1);
});

test('a compaction is announced, can be asked for, and is taken back whole', async () => {
  const { service, userId, id, notices, send, requests } = await longTalk(['my cat is Momo', 'two', 'three']);
  expect(notices).toEqual([]);
  expect(await service.compact(userId, id, 2)).toMatchObject({ up_to_seq: 4, origin: 'asked' });
  await send('four', { conversationId: id });
  expect(requests.at(-1)?.messages).toHaveLength(3);
  expect(textOf(requests.at(-1))).toContain('<earlier>');
  expect(textOf(requests.at(-1))).toContain('- my cat is Momo');
  await service.undoCompaction(userId, id);
  await send('five', { conversationId: id });
  expect(requests.at(-1)?.messages).toHaveLength(9);
  expect(textOf(requests.at(-1))).not.toContain('<earlier>');
  await expect(service.undoCompaction(userId, id)).rejects.toMatchObject({ code: 'not-found' });
});

test("another's conversation is not compacted", async () => {
  const { service, id } = await longTalk(['one']);
  await expect(service.compact('someone', id, 0)).rejects.toMatchObject({ code: 'not-found' });
});
