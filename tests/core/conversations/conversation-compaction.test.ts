import { expect, test } from 'vitest';
import { estimateRequest } from '../../../src/core/agent/call-model.ts';
import type { TurnLimits } from '../../../src/core/agent/turn.ts';
import { createConversationService } from '../../../src/core/conversations/conversation-service.ts';
import type { ModelRequest } from '../../../src/core/llm/language-model.ts';
import { answers, chatKit } from './chat-kit.ts';

async function longTalk(messages: readonly string[], limits: Partial<TurnLimits> = { maxHistory: 10 }) {
  const kit = await chatKit(
    Array.from({ length: messages.length + 3 }, () => ({ text: 'I see.' })),
    { limits },
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

const NARROW = { contextTokens: 8_000, maxOutputTokens: 1_000 };

test('what the state has no room for comes back when a message is about it, and the request repeats it from then on', async () => {
  const filler = Array.from({ length: 30 }, (_, at) => `thing ${at} is ${'very '.repeat(80)}blue`);
  const { send, id, requests } = await longTalk(['the spare key lies under the fern', ...filler], {
    ...NARROW,
    maxHistory: 10,
  });
  expect(textOf(requests.at(-1))).toContain('<earlier>');
  expect(textOf(requests.at(-1))).not.toContain('fern');
  await send('where did I put the spare key?', { conversationId: id });
  const asked = textOf(requests.at(-1));
  expect(asked).toContain('- user: the spare key lies under the fern');
  await send('thanks', { conversationId: id });
  expect(textOf(requests.at(-1))).toContain(asked.slice(asked.lastIndexOf('<said-earlier>')));
});

test('a conversation that outgrows the model is compacted aloud, whatever its number of messages', async () => {
  const talk = Array.from({ length: 24 }, (_, at) => `note ${at} is ${'word '.repeat(400)}`);
  const { requests, notices } = await longTalk(['rule: be brief', ...talk], { ...NARROW, maxHistory: 1_000 });
  expect(notices.length).toBeGreaterThan(2);
  for (const request of requests) expect(estimateRequest(request)).toBeLessThanOrEqual(8_000 * 0.9);
  expect(textOf(requests.at(-1))).toContain('- rule: be brief');
});

test('a turn that is too long by itself goes on with the outputs of its oldest calls cut', async () => {
  const call = (at: number) => ({ calls: [{ id: `c${at}`, name: 'look', input: { at } }] });
  const kit = await chatKit([...Array.from({ length: 9 }, (_, at) => call(at)), { text: 'done' }], {
    limits: { contextTokens: 4_000, maxOutputTokens: 500, maxToolRounds: 20 },
    tools: { look: answers(`found ${'data '.repeat(700)}`) },
  });
  const { end } = await kit.send('look nine times');
  expect(end.text).toBe('done');
  const last = kit.requests.at(-1);
  expect(last && estimateRequest(last)).toBeLessThanOrEqual(4_000 * 0.9);
  expect(JSON.stringify(last?.messages)).toContain('The rest was cut');
});

test('a branch of a compacted conversation begins as short as its origin', async () => {
  const { service, userId, id, send, requests } = await longTalk(['my cat is Momo', 'two', 'three']);
  await service.compact(userId, id, 2);
  const copy = await service.branch(userId, id);
  await send('four', { conversationId: copy.id });
  expect(requests.at(-1)?.messages).toHaveLength(3);
  expect(textOf(requests.at(-1))).toContain('- my cat is Momo');
  const early = await service.branch(userId, id, 2);
  await send('five', { conversationId: early.id });
  expect(textOf(requests.at(-1))).not.toContain('<earlier>');
});
