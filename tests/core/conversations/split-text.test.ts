import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitText } from '../../../src/core/conversations/split-text.ts';

const FAMILY = '👨‍👩‍👧‍👦';

test('a short text is one part, and an empty one none', () => {
  expect(splitText('hello', 2000)).toEqual(['hello']);
  expect(splitText(' \n ', 2000)).toEqual([]);
});

test('it is cut at a paragraph, else at a line, else at a word', () => {
  const words = 'word '.repeat(15).trim();
  expect(splitText(`${words}\n\n${words}`, 100)).toEqual([words, words]);
  expect(splitText(`${words}\n${words}`, 100)).toEqual([words, words]);
  expect(splitText(`${words} ${words}`, 100).every((part) => /^(word ?)+$/.test(part))).toBe(true);
});

test('A10: a fence that crosses the limit is closed and opened again in its language', () => {
  const code = Array.from({ length: 300 }, (_, n) => `const line${n} = "${n}";`).join('\n');
  const parts = splitText(`Look:\n\n\`\`\`ts\n${code}\n\`\`\`\nDone.`, 2000);
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) {
    expect(part.length).toBeLessThanOrEqual(2000);
    expect((part.match(/^```/gm) ?? []).length % 2).toBe(0);
  }
  expect(parts.slice(1).every((part) => part.startsWith('```ts\n'))).toBe(true);
  const lines = parts
    .join('\n')
    .split('\n')
    .filter((line) => line.startsWith('const'));
  expect(lines).toEqual(code.split('\n'));
});

test('A10: no emoji is cut, however it is put together', () => {
  const parts = splitText(FAMILY.repeat(200), 1999);
  expect(parts.join('')).toBe(FAMILY.repeat(200));
  expect(parts.every((part) => part.length % FAMILY.length === 0)).toBe(true);
});

test('marks in the middle of a line are neither torn nor moved to where they would open a fence', () => {
  const [head = '', tail] = splitText(`${'x'.repeat(99)}\`\`\` y`, 100);
  expect([head.length, tail]).toEqual([98, 'x``` y']);
  expect(splitText(`${'word '.repeat(19)}a \`\`\`y and more`, 100)[1]).toBe('a ```y and more');
});

test('every text keeps its order and its characters, and every part fits and is well formed', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('\n', '\n\n', ' ', '```§\n', '```\n', '~~~\n', '👨‍👩‍👧‍👦', '한국어 문장입니다. ', 'x'.repeat(150)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 100, max: 400 }), (pieces, limit) => {
      const text = pieces.join('').replaceAll('\r', '');
      const parts = splitText(text, limit);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(limit);
        expect(part.isWellFormed()).toBe(text.isWellFormed());
        expect(part.trim()).not.toBe('');
      }
      const bare = (value: string): string => value.replaceAll(/[`~§\s]/g, '');
      expect(bare(parts.join('\n'))).toBe(bare(text));
    }),
    { numRuns: 300 },
  );
});
