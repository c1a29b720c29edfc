import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

interface Stats {
  characters: number;
  code_points: number;
  bytes_utf8: number;
  words: number;
  sentences: number;
  lines: number;
  paragraphs: number;
  hangul_syllables: number;
  longest_word: string;
  reading_seconds: number;
  frequent: { word: string; count: number }[];
}
const stats = openTool('text_stats');
const of = (text: string, more: object = {}): Promise<Stats> => stats<Stats>({ text, ...more });

test('characters, code points and bytes are those of the platform', async () => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const pieces = fc.constantFrom(
    'a',
    ' ',
    'é',
    'e\u0301',
    '한',
    '👨‍👩‍👧',
    '👍🏽',
    '🇰🇷',
    '❤️',
    '\n',
    '.',
    '1️⃣',
    '漢',
    'ß',
    '𝒳',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (parts) => {
      const text = parts.join('');
      expect(await of(text)).toMatchObject({
        characters: [...segmenter.segment(text.normalize('NFC'))].length,
        code_points: [...text].length,
        bytes_utf8: Buffer.byteLength(text),
        hangul_syllables: text.match(/한/g)?.length ?? 0,
      });
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['The quick brown fox', 4],
  ["don't stop, it's re-usable", 4],
  ['나는 학교에 갔다', 3],
  ['안녕하세요, world! 3.14 and 1,000', 5],
  ['漢字かな', 4],
  ['--- ... !!!', 0],
  ['', 0],
  ['e\u0301tude', 1],
  ['a\nb\tc', 3],
  ["rock 'n' roll", 3],
])('%j has %d words', async (text, words) => {
  expect((await of(text)).words).toBe(words);
});

test.each([
  ['One. Two! Three?', 3],
  ['Dr. Kim came. He left.', 2],
  ['Pi is 3.14 today.', 1],
  ['안녕하세요. 반갑습니다!', 2],
  ['こんにちは。元気ですか？', 2],
  ['No end', 1],
  ['Wait... what?', 2],
  ['He said "Go." Then left.', 2],
  ['...', 0],
])('%j has %d sentences', async (text, sentences) => {
  expect((await of(text)).sentences).toBe(sentences);
});

test.each([
  ['', 0, 0],
  ['a', 1, 1],
  ['a\n', 1, 1],
  ['a\nb\r\nc\rd', 4, 1],
  ['a\n\nb\n \n\n c', 6, 3],
  ['\n\n', 2, 0],
])('%j has %d lines and %d paragraphs', async (text, lines, paragraphs) => {
  expect(await of(text)).toMatchObject({ lines, paragraphs });
});

test('frequent words are counted in any case, the first one first', async () => {
  const { frequent, longest_word } = await of('To be, or not to be, THAT is the question', { top: 3 });
  expect(frequent).toEqual([
    { word: 'to', count: 2 },
    { word: 'be', count: 2 },
    { word: 'or', count: 1 },
  ]);
  expect(longest_word).toBe('question');
});

test('a long text is read in the time it takes', async () => {
  expect((await of('word '.repeat(238))).reading_seconds).toBe(60);
  expect((await of('가'.repeat(500))).reading_seconds).toBe(60);
});

test('a text of the greatest length is counted in time', async () => {
  expect((await of('가나 다. '.repeat(33_000))).words).toBe(66_000);
});
