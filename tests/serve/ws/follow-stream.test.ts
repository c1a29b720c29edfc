import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { createTurnStreams } from '../../../src/serve/turn-stream.ts';
import { Connection } from '../../../src/serve/ws/connection.ts';
import { followStream } from '../../../src/serve/ws/follow-stream.ts';
import { type ServerFrame, serverFrame } from '../../../src/serve/ws/protocol.ts';
import { answers, chatKit, type Reply } from '../../core/conversations/chat-kit.ts';

/** A socket that takes everything at once and keeps it. */
function recorder() {
  const frames: ServerFrame[] = [];
  const socket = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send: (text: string, done: () => void) => {
      frames.push(serverFrame.parse(JSON.parse(text)));
      done();
    },
    close: () => {},
  };
  const deps = { clock: systemClock, maskJson: <T>(value: T): T => value };
  return { frames, connection: new Connection(socket as unknown as WebSocket, '127.0.0.1', deps) };
}

async function streamOf(script: readonly Reply[]) {
  const kit = await chatKit(script, { tools: { look: answers('seen') } });
  const streams = createTurnStreams({ chat: async () => kit.chat, clock: systemClock });
  return streams.start({ userId: kit.userId, text: 'hi' });
}

const view = { after: 0, isWhole: false, id: 'm' } as const;

test('every frame of a turn has the shape that the protocol says, and its number', async () => {
  const calls = [{ id: 'c1', name: 'look', input: { at: 'sky' } }];
  const stream = await streamOf([{ text: 'let me see', calls }, { text: 'blue' }]);
  const { frames, connection } = recorder();
  await followStream(connection, stream, view);
  const types = frames.map(({ type }) => type);
  expect(types[0]).toBe('stream_start');
  expect(types).toEqual(expect.arrayContaining(['stream_delta', 'stream_tool_start', 'stream_tool_end']));
  expect(types.at(-1)).toBe('stream_end');
  expect(frames.map((frame) => ('seq' in frame ? frame.seq : 0))).toEqual(frames.map((_, at) => at + 1));
  expect(frames.every((frame) => 'id' in frame && frame.id === 'm')).toBe(true);
  expect(connection.readers.size).toBe(0);
});

test('whoever comes for events that are gone is told so, and gets the answer whole', async () => {
  const stream = await streamOf([{ text: `${'x'.repeat(700_000)} ${'y'.repeat(10)}` }]);
  await expect.poll(() => stream.endedAt).toBeDefined();
  const { frames, connection } = recorder();
  await followStream(connection, stream, view);
  expect(frames.map((frame) => [frame.type, 'code' in frame ? frame.code : undefined])).toEqual([
    ['info', 'gap'],
    ['response', undefined],
  ]);
  expect(frames[1]).toMatchObject({ text: expect.stringMatching(/x y{10}$/), stop_reason: 'complete' });
});

test('who follows again on the same socket begins anew, and hears nothing twice at once', async () => {
  const stream = await streamOf([{ text: 'one two three' }]);
  const { frames, connection } = recorder();
  const first = followStream(connection, stream, view);
  await Promise.all([first, followStream(connection, stream, { ...view, after: 3 })]);
  const seqs = frames.flatMap((frame) => ('seq' in frame ? [frame.seq] : []));
  expect(seqs.filter((seq) => Number(seq) > 3)).toEqual([4, 5]);
});
