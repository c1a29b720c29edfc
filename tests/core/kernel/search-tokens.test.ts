import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseForSearch, searchTokens } from '../../../src/core/kernel/search-tokens.ts';

test.each([
  ['English is stemmed, repeats stay', 'The dogs chased the dog', ['the', 'dog', 'chase', 'the', 'dog']],
  ['accents and full-width forms do not matter', 'Café ＣＡＦＥ', ['cafe', 'cafe']],
  ['signs that name a language', 'C++ and C# or C', ['cplusplus', 'and', 'csharp', 'or', 'c']],
  ['letters and digits part', 'mp3 100km', ['mp', '3', '100', 'km']],
  ['other scripts stay whole', 'Привет мир', ['привет', 'мир']],
  ['an emoji is a word', 'party🎉!', ['parti', '🎉']],
  ['signs are none', '"NEAR(" AND *', ['near', 'and']],
])('words: %s', (_, text, words) => {
  expect(searchTokens(text).words).toEqual(words);
});

test.each([
  ['a particle', '서울에서', ['서울']],
  ['none that would leave one syllable', '아이가', ['아이']],
  ['a word of one syllable with its particle', '물을', ['물을', '물']],
  ['a long word is cut', '가'.repeat(60), ['가'.repeat(40)]],
  ['letters outside the basic plane', '𠀀𠀁', ['𠀀', '𠀁']],
  ['a lone ideograph', '水 is', ['水', 'is']],
])('Korean words: %s', (_, text, words) => {
  expect(searchTokens(text).words).toEqual(words);
});

test('runs of Hangul, Han and kana give overlapping pairs, each run its own', () => {
  expect(searchTokens('전세 계약기간').pairs).toEqual(['전세', '계약', '약기', '기간']);
  expect(searchTokens('東京タワー').pairs).toEqual(['東京', 'タワ', 'ワー']);
  expect(searchTokens('abc').pairs).toEqual([]);
});

test('decomposed Hangul is the same as composed', () => {
  expect(searchTokens('한국어'.normalize('NFD'))).toEqual(searchTokens('한국어'));
});

test('whatever comes in, tokens hold letters, marks, digits and emoji only, and come out the same again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const { words, pairs } = searchTokens(text);
      for (const token of [...words, ...pairs])
        expect(token).toMatch(/^[\p{L}\p{M}\p{N}\p{Extended_Pictographic}ー々]+$/u);
      expect(searchTokens(normaliseForSearch(text))).toEqual({ words, pairs });
    }),
    { numRuns: 300 },
  );
});
