import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurnStreams, type StreamLimits, type TurnStream } from '../../src/serve/turn-stream.ts';
import { chatKit, play, type Reply } from '../core/conversations/chat-kit.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const LIMITS: StreamLimits = {
  maxRunning: 9,
  maxRunningOfUser: 9,
  maxPictures: 9,
  maxKept: 9,
  maxBytes: 1e6,
  keepMs: 1000,
};

async function streamsKit(script: readonly Reply[], limits: Partial<StreamLimits> = {}) {
  const clock = manualClock();
  const kit = await chatKit(script);
  const streams = createTurnStreams({ chat: async () => kit.chat, clock }, { ...LIMITS, ...limits });
  return { ...kit, clock, streams };
}

async function readAll(stream: TurnStream, after = 0, upTo = Infinity, signal?: AbortSignal) {
  const seen: { id: number; type: string; text: string | undefined }[] = [];
  for await (const { id, event } of stream.read(after, signal)) {
    seen.push({ id, type: event.type, text: event.type === 'text-delta' ? event.text : undefined });
    if (id >= upTo) break;
  }
  return seen;
}

/** A reply that stops in its middle until it is let go. */
function halting(): { reply: Reply; go: () => void; halted: Promise<void> } {
  const gate = Promise.withResolvers<void>();
  const halted = Promise.withResolvers<void>();
  return {
    go: gate.resolve,
    halted: halted.promise,
    reply: async function* ({ signal }) {
      for (const event of play({ text: 'one two' })) {
        yield event;
        if (event.type !== 'text-delta' || event.text !== 'one ') continue;
        halted.resolve();
        signal.addEventListener('abort', () => gate.resolve(), { once: true });
        await gate.promise;
        signal.throwIfAborted();
      }
    },
  };
}

test('a reader that goes away and comes back gets every event once, in order', async () => {
  const { reply, go, halted } = halting();
  const { streams, userId } = await streamsKit([reply]);
  const stream = await streams.start({ userId, text: 'hi' });
  const first = await readAll(stream, 0, 2);
  await halted;
  go();
  const rest = await readAll(stream, 2);
  expect([...first, ...rest].map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect([...first, ...rest].map(({ type }) => type)).toEqual(['turn-start', 'text-delta', 'text-delta', 'turn-end']);
  expect(stream.answer?.text).toBe('one two');
});

test('two readers each get all of it, and one that leaves does not end the turn', async () => {
  const { reply, go } = halting();
  const { streams, userId } = await streamsKit([reply]);
  const stream = await streams.start({ userId, text: 'hi' });
  const left = new AbortController();
  const leaving = readAll(stream, 0, Infinity, left.signal);
  const staying = readAll(stream);
  await turnOfLoop();
  left.abort();
  expect((await leaving).length).toBeLessThan(4);
  go();
  expect((await staying).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
});

test('a message that is refused throws at the start, and nothing is kept of it', async () => {
  const { streams, userId } = await streamsKit([]);
  await expect(streams.start({ userId, text: '' })).rejects.toMatchObject({ code: 'usage-invalid' });
  expect(streams.runningCount).toBe(0);
});

test('a stream is found by its id and its turn, and by its user only', async () => {
  const { streams, userId } = await streamsKit([{ text: 'yes' }]);
  const stream = await streams.start({ userId, text: 'hi' });
  await readAll(stream);
  const { turnId = '', conversationId = '' } = stream;
  expect([streams.find(userId, stream.id), streams.find(userId, turnId)]).toEqual([stream, stream]);
  expect(streams.ofConversation(userId, conversationId)).toEqual([stream]);
  expect([streams.find('someone', turnId), streams.ofConversation('someone', conversationId)]).toEqual([undefined, []]);
  expect(await streams.steer('someone', conversationId, 'no')).toBeUndefined();
});

test('an ended stream is let go when its time is over', async () => {
  const { streams, userId, clock } = await streamsKit([{ text: 'yes' }]);
  const stream = await streams.start({ userId, text: 'hi' });
  await readAll(stream);
  await clock.advance(1000);
  expect(streams.find(userId, stream.id)).toBe(stream);
  await clock.advance(1);
  expect(streams.find(userId, stream.id)).toBeUndefined();
});

test('the oldest ended streams go first when there are too many', async () => {
  const { streams, userId } = await streamsKit([{ text: 'a' }, { text: 'b' }, { text: 'c' }], { maxKept: 2 });
  const all: TurnStream[] = [];
  for (const text of ['1', '2', '3']) {
    const stream = await streams.start({ userId, text });
    await readAll(stream);
    all.push(stream);
  }
  expect(all.map(({ id }) => streams.find(userId, id) !== undefined)).toEqual([false, true, true]);
});

test('what is more than the buffer holds is gone: the reader is told, and the answer is whole', async () => {
  const many = Array.from({ length: 400 }, (_, number) => `${number} ${'x'.repeat(2000)}`);
  const { streams, userId } = await streamsKit([{ text: many.join(' ') }]);
  const stream = await streams.start({ userId, text: 'hi' });
  await expect.poll(() => stream.endedAt).toBeDefined();
  expect(stream.bytes).toBeLessThanOrEqual(1024 * 1024 + 2 * 1024 * 1024);
  expect(stream.hasAllAfter(0)).toBe(false);
  await expect(readAll(stream)).rejects.toMatchObject({ code: 'not-found' });
  expect(stream.answer?.text).toContain('399 ');
});

test('cancel interrupts the turn and keeps what was said', async () => {
  const { reply, halted } = halting();
  const { streams, userId } = await streamsKit([reply]);
  const stream = await streams.start({ userId, text: 'hi' });
  await halted;
  stream.cancel();
  await readAll(stream);
  expect(stream.answer).toMatchObject({ stopReason: 'interrupted', text: 'one ' });
});

test('a message steers the turn that runs, and nobody else can', async () => {
  const { reply, go, halted } = halting();
  const { streams, userId } = await streamsKit([reply, { text: 'more' }]);
  const stream = await streams.start({ userId, text: 'hi' });
  await halted;
  const { conversationId = '' } = stream;
  expect(await streams.steer('someone', conversationId, 'and me')).toBeUndefined();
  expect(await streams.steer(userId, conversationId, 'and this')).toBe(stream);
  go();
  const seen = await readAll(stream);
  expect(seen.map(({ type }) => type)).toContain('notice');
  expect(stream.answer?.text).toContain('more');
});

test('no more pictures are held at once than is allowed, and those of a turn are let go of with it', async () => {
  const { reply, go, halted } = halting();
  const { streams, userId } = await streamsKit([reply, { text: 'seen' }], { maxPictures: 10 });
  const image = { type: 'image', mediaType: 'image/png', data: 'AAAAAA==', provenance: 'file' } as const;
  const request = { userId, text: 'look', images: [image] };
  const stream = await streams.start(request);
  await halted;
  await expect(streams.start(request)).rejects.toMatchObject({ code: 'limit-reached' });
  go();
  await readAll(stream);
  await readAll(await streams.start(request));
});

test('no more run at once than is allowed, and nothing starts after the stop', async () => {
  const { reply, go, halted } = halting();
  const { streams, userId, clock } = await streamsKit([reply], { maxRunningOfUser: 1 });
  const stream = await streams.start({ userId, text: 'hi' });
  await halted;
  await expect(streams.start({ userId, text: 'again' })).rejects.toMatchObject({ code: 'limit-reached' });
  const stopping = streams.stop(500);
  await clock.advance(500);
  expect(await stopping).toBe(1);
  await expect(streams.start({ userId, text: 'late' })).rejects.toMatchObject({ code: 'cancelled' });
  go();
  await readAll(stream);
});
