import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createFrameReader,
  encodeFrame,
  type Frame,
  parseForeign,
  parseFrame,
  withoutPrototypes,
} from '../../../src/core/sandbox/frames.ts';

function readAll(chunks: readonly Uint8Array[], maxBytes = 1_000): { frames: Frame[]; faults: string[] } {
  const frames: Frame[] = [];
  const faults: string[] = [];
  const reader = createFrameReader({
    maxBytes,
    onFrame: (frame) => frames.push(frame),
    onFault: (reason) => faults.push(reason),
  });
  for (const chunk of chunks) reader.push(chunk);
  return { frames, faults };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('frames arrive whole however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.boolean()), { maxKeys: 12 }), {
        maxLength: 5,
      }),
      fc.integer({ min: 1, max: 40 }),
      (values, size) => {
        const line = Buffer.from(values.map((value) => encodeFrame(value)).join(''));
        const chunks = Array.from({ length: Math.ceil(line.length / size) }, (_, index) =>
          line.subarray(index * size, (index + 1) * size),
        );
        const { frames, faults } = readAll(chunks, 100_000);
        expect(faults).toEqual([]);
        expect(JSON.stringify(frames)).toBe(
          JSON.stringify(values.map((value) => withoutPrototypes(JSON.parse(JSON.stringify(value))))),
        );
      },
    ),
  );
});

test('a line over the cap is a fault at once, not when it ends', () => {
  expect(readAll([bytes('x'.repeat(1_001))]).faults).toEqual(['a line is longer than 1000 bytes']);
});

test('after a fault nothing more is read', () => {
  const { frames, faults } = readAll([bytes('nonsense\n{"type":"done"}\n'), bytes('{"type":"done"}\n')]);
  expect([frames, faults.length]).toEqual([[], 1]);
});

test.each([
  '[]',
  'null',
  '1',
  '"x"',
  '{',
  '',
  '{"a":1}x',
  '\u0000',
  `${'['.repeat(70)}${']'.repeat(70)}`,
  `{"a":${'{"a":'.repeat(70)}1${'}'.repeat(70)}}`,
])('%j is a fault', (line) => {
  expect(typeof parseFrame(bytes(line))).toBe('string');
});

test.each([
  ['nested', '{"a":{}}'],
  ['many members', `{${Array.from({ length: 17 }, (_, index) => `"a${index}":0`).join(',')}}`],
  ['a flood of brackets', `{"a":[${'[],'.repeat(1_000_000)}1]}`],
])('a frame that is not flat (%s) is refused before it is read', (_, line) => {
  const started = performance.now();
  expect(parseFrame(bytes(line))).toBe('a line is no flat JSON object');
  expect(performance.now() - started).toBeLessThan(200);
});

test.each([
  ['deep', `${'['.repeat(65)}${']'.repeat(65)}`],
  ['of many members', `{${Array.from({ length: 20_001 }, (_, index) => `"a${index}":0`).join(',')}}`],
  ['of many values', `[${'0,'.repeat(100_000)}0]`],
])('text of a tool that is too intricate (%s) is refused', (_, text) => {
  expect(() => parseForeign(text)).toThrow(RangeError);
});

test('text of a tool has brackets in strings as it likes', () => {
  const text = JSON.stringify({ a: '[{'.repeat(200_000), b: '\\"[[,,::' });
  expect(JSON.stringify(parseForeign(text))).toBe(text);
});

test('bytes that are no UTF-8 are a fault', () => {
  expect(parseFrame(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatch('no JSON text in UTF-8');
});

test('a frame has no prototype and no key that names one, at any depth', () => {
  const frame = parseForeign(
    '{"__proto__":{"x":1},"constructor":1,"\\u005f_proto__":{"x":1},"a":[{"prototype":1,"__proto__":2,"b":3}]}',
  ) as Frame;
  expect(Object.getPrototypeOf(parseFrame(bytes('{"__proto__":1}')))).toBeNull();
  expect(Object.getPrototypeOf(frame)).toBeNull();
  expect(JSON.stringify(frame)).toBe('{"a":[{"b":3}]}');
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test('10,000 lines of noise never throw into the reader', () => {
  const noise = fc.sample(fc.uint8Array({ maxLength: 80 }), { numRuns: 10_000, seed: 7 });
  for (const chunk of noise) readAll([chunk, bytes('\n')]);
  expect(noise).toHaveLength(10_000);
});
