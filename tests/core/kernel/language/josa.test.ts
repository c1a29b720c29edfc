import fc from 'fast-check';
import { expect, test } from 'vitest';
import { josa, particle } from '../../../../src/core/kernel/language/josa.ts';

test.each([
  ['대화', '를'],
  ['작업', '을'],
  ['파일', '을'],
  ['claw', '를'],
  ['claude', '를'],
  ['email', '을'],
  ['token', '을'],
  ['backup', '을'],
  ['chat', '을'],
  ['table', '을'],
  ['URL', '을'],
  ['API', '를'],
  ['README.md', '를'],
  ['3', '을'],
  ['2', '를'],
  ['10', '을'],
  ['1,000,000,000,000', '를'],
  ['0', '을'],
  ['‘메모’', '를'],
  ['“규칙”', '을'],
  ['alice', '를'],
] as const)('%s takes 을 or 를 by its sound: %s', (word, wanted) => {
  expect(josa(word, '을/를')).toBe(word + wanted);
});

test.each([
  ['서울', '서울로'],
  ['부산', '부산으로'],
  ['제주', '제주로'],
  ['7', '7로'],
  ['3', '3으로'],
  ['url', 'url로'],
  ['export.json', 'export.json으로'],
] as const)('%s takes 으로 or 로: a final ㄹ counts as a vowel', (word, wanted) => {
  expect(josa(word, '으로/로')).toBe(wanted);
});

test('what cannot be read aloud takes both', () => {
  expect(josa('日本', '은/는')).toBe('日本은(는)');
  expect(josa('', '으로/로')).toBe('(으)로');
  expect(josa('…', '이에요/예요')).toBe('…이에요(예요)');
});

test('the final consonant alone decides over every Hangul syllable, whatever marks follow', () => {
  const syllable = fc.integer({ min: 0xac00, max: 0xd7a3 });
  const marks = fc.constantFrom('', '”', "'", ')', '.md”'.slice(3));
  fc.assert(
    fc.property(syllable, marks, (code, mark) => {
      const hasFinal = String.fromCodePoint(code).normalize('NFD').length === 3;
      const word = String.fromCodePoint(code) + mark;
      expect(particle(word, '은/는')).toBe(hasFinal ? '은' : '는');
      expect(particle(word, '이/가')).toBe(hasFinal ? '이' : '가');
      expect(particle(word.normalize('NFD'), '과/와')).toBe(hasFinal ? '과' : '와');
    }),
  );
});

test('a number takes the particle of its last digit as it is read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), (number) => {
      const read = '영일이삼사오육칠팔구'[number % 10] ?? '';
      expect(particle(number, '을/를')).toBe(particle(read, '을/를'));
      expect(particle(number, '으로/로')).toBe(particle(read, '으로/로'));
    }),
  );
});
