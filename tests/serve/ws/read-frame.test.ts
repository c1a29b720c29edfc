import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadFrame, readFrame } from '../../../src/serve/ws/read-frame.ts';

const uuid = '01a1fdd5-9b4c-7afa-af6a-3c1b4a227491';

test.each([
  { type: 'message', text: 'hi' },
  { type: 'message', id: 'a:b.c-1', text: '', conversation_id: uuid, model: 'a/b', tools: false, stream: false },
  { type: 'message', id: 7, text: 'hi', conversation_id: null, model: null },
  { type: 'ping' },
  { type: 'resume', turn_id: uuid, last_event_id: `${uuid}:12` },
  { type: 'resume', conversation_id: uuid, last_event_id: 3 },
  { type: 'cancel', turn_id: uuid },
  { type: 'auth', ticket: 'abc' },
])('%j is a frame', (frame) => {
  expect(readFrame(JSON.stringify(frame))).toMatchObject(frame);
});

test.each([
  '', 'x', 'null', '[]', '"message"', '1', '{}', '{"type":"nothing"}', '{"type":["message"]}', '{"type":"message"}',
  '{"type":"message","text":5}', '{"type":"message","text":"x","conversation_id":"../../etc"}',
  '{"type":"message","text":"x","id":"a b"}', '{"type":"message","text":"x","id":{"$gt":""}}', '{"type":"message","text":"x","id":-1}',
  '{"type":"resume","last_event_id":"x:1"}', '{"type":"resume","last_event_id":1.5}', '{"type":"cancel","turn_id":"1 or 1=1"}',
  '{"type":"approve","approval_id":"01","decision":"approve"}', `{"type":"approve","approval_id":"${uuid}","decision":"yes"}`,
  `{"type":"approve","approval_id":"${uuid}","decision":"approve","scope":"everything"}`,
])('%s is none', (text) => {
  expect(() => readFrame(text)).toThrow(BadFrame);
}); // oxfmt-ignore

test('a message has 10,000 characters at most', () => {
  const frame = (length: number): string => JSON.stringify({ type: 'message', text: 'x'.repeat(length) });
  expect(readFrame(frame(10_000))).toMatchObject({ type: 'message' });
  expect(() => readFrame(frame(10_001))).toThrow(/wrong at text/);
});

test('what is nested deep is refused before it is parsed, brackets inside strings count for nothing', () => {
  expect(() => readFrame('['.repeat(500_000))).toThrow(/nested deeper/);
  expect(() => readFrame(`{"type":"ping","a":${'['.repeat(9)}${']'.repeat(9)}}`)).toThrow(/nested deeper/);
  expect(readFrame(JSON.stringify({ type: 'message', text: '[{"[[[[[[[[[[[[\\' }))).toMatchObject({ type: 'message' });
});

test('the error names the frame it is about when it can', () => {
  const failure = (text: string): unknown => {
    try {
      return readFrame(text);
    } catch (error) {
      return (error as BadFrame).frameId;
    }
  };
  expect(failure('{"type":"message","id":"m1"}')).toBe('m1');
  expect(failure('{"type":"message","id":{}}')).toBeUndefined();
});

test('whatever comes, it is a frame or an error that says so', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .record(
        { type: fc.constantFrom('message', 'resume', 'cancel', 'approve', 'auth', 'ping', '__proto__') },
        { noNullPrototype: true },
      )
      .chain((base) => fc.dictionary(fc.string(), fc.jsonValue()).map((rest) => JSON.stringify({ ...rest, ...base }))),
  );
  fc.assert(
    fc.property(text, (sent) => {
      try {
        expect(readFrame(sent)).toHaveProperty('type');
      } catch (error) {
        expect(error).toBeInstanceOf(BadFrame);
      }
    }),
    { numRuns: 2000 },
  );
});
