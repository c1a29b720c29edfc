import { expect, test } from 'vitest';
import type { ModelEvent, ModelRequest } from '../../../src/core/llm/language-model.ts';
import { ModelFailure } from '../../../src/core/llm/language-model.ts';
import { play, type Reply } from './chat-kit.ts';
import { platformKit, registerRoom } from './platform-kit.ts';

const ROOM = { chat: 'test:room', isDirect: false } as const;
const person = (id: string) => ({ sender: { id, name: id, isBot: false, isSelf: false } });

/** A model that answers when it is let go, with the text of what it was asked. */
function held() {
  const waiting: (() => void)[] = [];
  const reply = async function* (request: ModelRequest): AsyncIterable<ModelEvent> {
    await new Promise<void>((resolve) => waiting.push(resolve));
    yield* play({ text: `answer to ${lastWords(request)}` });
  } satisfies Reply;
  return { reply, waiting, release: () => waiting.shift()?.() };
}

function lastWords(request: ModelRequest): string {
  const text = request.messages
    .at(-1)
    ?.parts.flatMap((part) => (part.type === 'text' && part.provenance !== 'claw' ? [part.text] : []));
  return (text ?? []).join('|');
}

test('a message is answered once, its answer waits in the outbox, and both rows name the turn', async () => {
  const it = await platformKit([{ text: 'Hello yourself.' }]);
  await it.say('hello');
  expect(await it.outbox()).toEqual([{ chat: 'test:1', kind: 'answer', text: 'Hello yourself.', reply_to: null }]);
  expect(await it.states()).toEqual(['started']);
});

test('a message that a platform hands in twice is one message', async () => {
  const it = await platformKit([{ text: 'one' }, { text: 'two' }]);
  await it.say('hello', { externalId: 'same' });
  await it.say('hello', { externalId: 'same' });
  expect(await it.outbox()).toHaveLength(1);
  expect(it.requests).toHaveLength(1);
});

test('A8: untriggered messages ride along once with the next one that wakes the assistant', async () => {
  const it = await platformKit([{ text: 'first' }, { text: 'second' }]);
  await registerRoom(it, ROOM.chat, 'family');
  for (const text of ['one', 'two', 'three']) await it.say(text, ROOM);
  expect(it.requests).toHaveLength(0);
  await it.say('@J four', ROOM);
  const [request] = it.requests;
  expect(request?.messages).toHaveLength(1);
  expect(JSON.stringify(request?.messages)).toMatch(/one.*two.*three.*@J four/);
  await it.say('@J five', ROOM);
  expect(lastWords(it.requests[1] as ModelRequest)).not.toContain('one');
  expect((await it.outbox()).map(({ text, reply_to }) => [text, reply_to])).toEqual([
    ['first', 'm4'],
    ['second', 'm5'],
  ]);
});

test('A9: what the assistant or another bot says starts nothing, unless the bot is listed', async () => {
  const it = await platformKit([{ text: 'yes' }]);
  await registerRoom(it, ROOM.chat, 'family');
  await it.say('@J hi', { ...ROOM, sender: { id: 'me', name: 'J', isBot: true, isSelf: true } });
  await it.say('@J hi', { ...ROOM, sender: { id: 'bot1', name: 'B', isBot: true, isSelf: false } });
  expect(it.requests).toHaveLength(0);
  await it.say('@J hi', { ...ROOM, sender: { id: 'bot2', name: 'B', isBot: true, isSelf: false } });
  expect(it.requests).toHaveLength(1);
});

test('A12: internal text is not sent, and an answer of nothing else sends nothing', async () => {
  const it = await platformKit([{ text: '<internal>secret</internal>' }, { text: 'a<internal>b</internal>c' }]);
  await it.say('one');
  expect(await it.outbox()).toEqual([]);
  await it.say('two');
  expect((await it.outbox()).map(({ text }) => text)).toEqual(['ac']);
});

test('A16: two messages with the same timestamp are both answered, the second stored after the first was claimed', async () => {
  const { reply, release, waiting } = held();
  const it = await platformKit([reply, reply]);
  const sentAt = it.clock.now();
  await it.say('one', { sentAt });
  await expect.poll(() => waiting.length).toBe(1);
  await it.say('two', { sentAt });
  release();
  await expect.poll(() => waiting.length).toBe(1);
  release();
  await expect.poll(async () => (await it.states()).join()).toBe('started,joined');
  await expect.poll(async () => (await it.outbox()).map(({ text }) => text).join()).toContain('two');
});

test('A17: with room for two, five rooms never run more than two turns, and all are answered in the order they came', async () => {
  const { reply, release, waiting } = held();
  const it = await platformKit([reply, reply, reply, reply, reply, reply], { cap: 2 });
  for (let room = 1; room <= 6; room += 1) await it.say(`from ${room}`, { chat: `test:${room}` });
  await expect.poll(() => waiting.length).toBe(2);
  for (let left = 6; left > 0; left -= 1) {
    release();
    const want = Math.min(2, left - 1);
    await expect.poll(() => waiting.length).toBe(want);
  }
  await expect.poll(() => it.active.size).toBe(0);
  expect(it.most()).toBe(2);
  expect((await it.outbox()).map(({ chat }) => chat)).toEqual([
    'test:1',
    'test:2',
    'test:3',
    'test:4',
    'test:5',
    'test:6',
  ]);
});

test('A18: two rooms of one folder take turns, and no message goes into the run of the other', async () => {
  const { reply, release, waiting } = held();
  const it = await platformKit([reply, reply]);
  await registerRoom(it, 'test:a', 'shared');
  await registerRoom(it, 'test:b', 'shared');
  await it.say('@J from a', { chat: 'test:a', isDirect: false });
  await it.say('@J from b', { chat: 'test:b', isDirect: false });
  await expect.poll(() => waiting.length).toBe(1);
  release();
  await expect.poll(() => waiting.length).toBe(1);
  release();
  await expect.poll(() => it.active.size).toBe(0);
  const out = await it.outbox();
  expect(out.map(({ chat }) => chat)).toEqual(['test:a', 'test:b']);
  expect(out[0]?.text).not.toContain('from b');
});

test('a person never rides in the turn of another', async () => {
  const { reply, release, waiting } = held();
  const it = await platformKit([reply, reply]);
  await registerRoom(it, ROOM.chat, 'family');
  await it.say('@J delete it', { ...ROOM, ...person('owner') });
  await expect.poll(() => waiting.length).toBe(1);
  await it.say('@J and that', { ...ROOM, ...person('mallory') });
  release();
  await expect.poll(() => waiting.length).toBe(1);
  release();
  await expect.poll(() => it.active.size).toBe(0);
  expect(await it.states()).toEqual(['started', 'started']);
});

test('A19: a message that comes while a turn runs joins it or starts the next one', async () => {
  const it = await platformKit(
    [{ calls: [{ id: 'c1', name: 'look', input: {} }] }, { text: 'both' }, { text: 'late' }],
    { tools: { look: { run: async () => (await it.hand('also this'), { status: 'ok', output: 'seen' }) } } },
  );
  await it.say('do it');
  await expect.poll(async () => (await it.states()).join()).toBe('started,joined');
  expect(JSON.stringify(it.requests.at(-1)?.messages)).toContain('also this');
});

test('A20: a provider that fails is tried again after 5, 10, 20, 40 and 80 seconds, then the failure is told and kept', async () => {
  let tries = 0;
  const times: number[] = [];
  const failing: Reply = async function* () {
    tries += 1;
    times.push((it.clock.now() - begin) / 1000);
    yield { type: 'response-start' };
    throw new ModelFailure('overloaded', 'It is overloaded.', { provider: 'test' });
  };
  const it = await platformKit([failing, failing, failing, failing, failing, failing, { text: 'never' }]);
  const begin = it.clock.now();
  await it.say('hello');
  for (let second = 0; second < 160; second += 1) await it.clock.advance(1000);
  expect(times).toEqual([0, 5, 15, 35, 75, 155]);
  expect(tries).toBe(6);
  expect(await it.states()).toEqual(['failed']);
  expect(await it.outbox()).toMatchObject([{ kind: 'notice', text: expect.stringContaining('It is overloaded.') }]);
});

test('a provider that recovers answers the message once, and nothing is told of the failures', async () => {
  const failing: Reply = async function* () {
    yield { type: 'response-start' };
    yield { type: 'text-delta', text: 'half an ans' };
    throw new ModelFailure('network', 'The connection broke.', { provider: 'test' });
  };
  const it = await platformKit([failing, failing, { text: 'here it is' }]);
  await it.say('hello');
  await it.clock.advance(5_000);
  await it.clock.advance(10_000);
  expect((await it.outbox()).map(({ text }) => text)).toEqual(['here it is']);
  expect(await it.states()).toEqual(['started']);
});

test('strangers are ignored in rooms, greeted alone, and recorded either way', async () => {
  const it = await platformKit([]);
  await registerRoom(it, ROOM.chat, 'family');
  await it.say('@J hi', { ...ROOM, ...person('stranger'), externalId: 'x1' });
  expect(await it.outbox()).toEqual([]);
  await it.say('hi', { ...person('stranger'), externalId: 'x2' });
  expect((await it.outbox()).map(({ text }) => text)).toEqual(['Your code is ABCD.']);
  const rows = await Promise.all([
    it.store.inbound.byExternal({ channel: 'test', chatId: ROOM.chat, externalId: 'x1' }),
    it.store.inbound.byExternal({ channel: 'test', chatId: 'test:1', externalId: 'x2' }),
  ]);
  expect(rows.map((row) => [row?.state, row?.reason])).toEqual([
    ['ignored', 'unknown person'],
    ['handled', 'unknown person'],
  ]);
});

test('an edit of a waiting message replaces it, and a deletion takes it back', async () => {
  const it = await platformKit([{ text: 'ok' }]);
  await registerRoom(it, ROOM.chat, 'family');
  await it.say('wrong', { ...ROOM, externalId: 'e1' });
  await it.say('to go', { ...ROOM, externalId: 'e2' });
  await it.platforms.inbox.edited({ channel: 'test', chat: ROOM.chat, externalId: 'e1', text: 'right' });
  await it.platforms.inbox.deleted({ channel: 'test', chat: ROOM.chat, externalId: 'e2' });
  await it.clock.advance(0);
  await it.say('@J now', ROOM);
  const words = JSON.stringify(it.requests[0]?.messages);
  expect(words).toContain('right');
  expect(words).not.toContain('wrong');
  expect(words).not.toContain('to go');
});

test('an edit of a message that was answered rides along with the next one', async () => {
  const it = await platformKit([{ text: 'one' }, { text: 'two' }]);
  await it.say('2+2', { externalId: 'e1' });
  await it.platforms.inbox.edited({ channel: 'test', chat: 'test:1', externalId: 'e1', text: '2+3' });
  await it.clock.advance(0);
  expect(it.requests).toHaveLength(1);
  await it.say('and now?');
  expect(lastWords(it.requests[1] as ModelRequest)).toContain('(edited) 2+3');
});

test('a sender over the rate limit is told once in a while and costs no turn', async () => {
  const it = await platformKit([{ text: 'a' }, { text: 'b' }, { text: 'c' }], { rate: 2 });
  for (const text of ['1', '2', '3']) await it.say(text);
  expect(it.requests).toHaveLength(2);
  expect((await it.outbox()).at(-1)?.text).toMatch(/Too many messages/);
  await it.clock.advance(61_000);
  await it.say('4');
  expect(it.requests).toHaveLength(3);
});

test('text documents and images go to the model; what cannot be read is named', async () => {
  const it = await platformKit([{ text: 'seen' }]);
  await it.say('look', {
    attachments: [
      { ref: 'notes of the day', name: 'notes.txt', mediaType: 'text/plain' },
      { ref: 'PNG', name: 'p.png', mediaType: 'image/png' },
      { ref: 'x', name: 'song.mp3', mediaType: 'audio/mpeg' },
      { ref: 'x', name: 'big.txt', mediaType: 'text/plain', size: 5000 },
    ],
  });
  const parts = it.requests[0]?.messages[0]?.parts ?? [];
  expect(JSON.stringify(parts)).toMatch(/<file name=.*notes of the day/);
  expect(parts.some((part) => part.type === 'image')).toBe(true);
  expect(JSON.stringify(parts)).toMatch(/song\.mp3.*was not read/);
  expect(JSON.stringify(parts)).toMatch(/big\.txt.*over 1000 bytes/);
});

test('with drafts the answer appears while it is written, and the whole of it takes the place of the draft', async () => {
  const drafts: string[] = [];
  const slow: Reply = async function* () {
    yield { type: 'response-start' };
    for (const word of ['This is the beginning of it, ', 'and this goes on, ', 'and this is the end.']) {
      yield { type: 'text-delta', text: word };
      await it.clock.sleep(2_000);
    }
    const text = 'This is the beginning of it, and this goes on, and this is the end.';
    const parts = [{ type: 'text', text, provenance: 'assistant' } as const];
    const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, cacheWriteTokens: 0 };
    yield { type: 'response-end', parts, stopReason: 'complete', usage };
  };
  const it = await platformKit([slow], { onDraft: (_id, text) => drafts.push(text) });
  await it.say('tell me');
  await it.clock.advance(10_000);
  const rows = await it.store.outbox.ofConversation(
    (await it.store.conversations.list(it.userId, { limit: 1, offset: 0 }))[0]?.id ?? '',
  );
  expect(rows.map(({ kind, text }) => [kind, text])).toEqual([
    ['draft', 'This is the beginning of it, and this goes on, …'],
    ['answer', 'This is the beginning of it, and this goes on, and this is the end.'],
  ]);
  expect(rows[1]?.edits).toBe(rows[0]?.id);
  expect(drafts).toEqual(['This is the beginning of it, and this goes on, and this is the end. …']);
});
