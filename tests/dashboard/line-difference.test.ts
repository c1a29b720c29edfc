import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldSame, lineDifference } from '../../src/dashboard/components/line-difference.ts';

const shown = (before: string, after: string): string[] =>
  lineDifference(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);

test('a line that went stands before what took its place; numbers are those of its own text', () => {
  expect(shown('a\nb\nc', 'a\nB\nc\nd')).toEqual([' a', '-b', '+B', ' c', '+d']);
  expect(lineDifference('a\nb\nc', 'a\nc')).toEqual([
    { kind: 'same', text: 'a', before: 1, after: 1 },
    { kind: 'removed', text: 'b', before: 2 },
    { kind: 'same', text: 'c', before: 3, after: 2 },
  ]);
  expect(shown('', 'a')).toEqual(['+a']);
  expect(shown('a', '')).toEqual(['-a']);
  expect(shown('a\r\nb', 'a\nb')).toEqual([' a', ' b']);
});

test('both texts can be read out of the difference, whatever they are', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDifference(before, after);
      const read = (gone: 'added' | 'removed'): string =>
        lines
          .filter(({ kind }) => kind !== gone)
          .map((line) => line.text)
          .join('\n');
      expect([read('added'), read('removed')]).toEqual([before, after]);
    }),
  );
});

test('what is too long to compare is told as replaced, quickly', () => {
  const many = (word: string): string => Array.from({ length: 20_000 }, (_, at) => `${word}${at}`).join('\n');
  const lines = lineDifference(many('a'), many('b'));
  expect(lines).toHaveLength(40_000);
  expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(['removed', 'added']));
});

test('long stretches without a change are folded away, short ones are not', () => {
  const before = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  const after = before.with(15, 'new');
  const parts = foldSame(lineDifference(before.join('\n'), after.join('\n')));
  expect(parts.map(({ kind, lines }) => [kind, lines.length])).toEqual([
    ['hidden', 12],
    ['lines', 8],
    ['hidden', 11],
  ]);
});
