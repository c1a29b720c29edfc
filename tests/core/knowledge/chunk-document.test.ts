import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkDocument } from '../../../src/core/knowledge/chunk-document.ts';
import type { Block } from '../../../src/core/knowledge/document.ts';

const prose = (text: string, group = ''): Block => ({ text, heading: 'H', place: 'line 1', shape: 'prose', group });

test('more than 500 characters are several passages that overlap by a sentence', () => {
  const text = Array.from({ length: 20 }, (_, index) => `Sentence number ${index} says a little.`).join(' ');
  const chunks = chunkDocument([prose(text)]);
  expect(chunks.length).toBe(2);
  const last = chunks[0]?.text.split(/(?<=\.) /).at(-1) ?? '';
  expect(chunks[1]?.text.startsWith(last)).toBe(true);
  expect(chunks.every((chunk) => chunk.heading === 'H' && chunk.section === 0)).toBe(true);
});

test('rows share a passage as far as they fit, and no row is cut in two', () => {
  const rows = Array.from({ length: 30 }, (_, index): Block => ({
    ...prose(`row: ${index}, note: some words`),
    shape: 'lines',
  }));
  const chunks = chunkDocument(rows);
  expect(chunks.length).toBe(2);
  expect(chunks.flatMap(({ text }) => text.split('\n'))).toEqual(rows.map(({ text }) => text));
});

test('a section ends with its group and at 3,000 characters', () => {
  const blocks = [
    prose('one', 'a'),
    prose('two', 'a'),
    prose('three', 'b'),
    ...Array.from({ length: 20 }, () => prose('x'.repeat(400), 'c')),
  ];
  const sections = chunkDocument(blocks).map(({ section }) => section);
  expect(sections.slice(0, 3)).toEqual([0, 0, 1]);
  expect(new Set(sections).size).toBe(5);
});

test('no text gets lost, and no passage is much longer than 500 characters', () => {
  const word = fc.stringMatching(/^[a-z가-힣.!?]{1,30}$/);
  const text = fc.array(word, { maxLength: 400 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(text, (whole) => {
      const chunks = chunkDocument([prose(whole)]);
      for (const piece of whole.split(' '))
        if (piece !== '') expect(chunks.some((chunk) => chunk.text.includes(piece))).toBe(true);
      for (const { text: part } of chunks) expect(part.length).toBeLessThanOrEqual(620);
    }),
    { numRuns: 60 },
  );
});
