import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexTerms, matchExpression, normalizeText, SEARCH_TOKENIZER } from '../../../src/core/kernel/search-text.ts';

function indexOf(...texts: string[]) {
  const db = new Database(':memory:');
  db.exec(`CREATE VIRTUAL TABLE t USING fts5(words, grams, tokenize='${SEARCH_TOKENIZER}')`);
  for (const [at, text] of texts.entries()) {
    const { words, grams } = indexTerms(text);
    db.prepare('INSERT INTO t(rowid, words, grams) VALUES (?, ?, ?)').run(at, words, grams);
  }
  return (query: string, mode: 'any' | 'all' = 'any'): string[] => {
    const match = matchExpression(query, mode);
    if (match === null) return [];
    const rows = db.prepare('SELECT rowid AS at FROM t WHERE t MATCH ? ORDER BY bm25(t)').all(match);
    return rows.map((row) => texts[(row as { at: number }).at] ?? '');
  };
}

describe('search text', () => {
  test('a Korean word is found whatever particle it carries', () => {
    const search = indexOf('우리 집은 부산에 있다', '회의는 서울에서 열린다');
    expect(search('부산')).toEqual(['우리 집은 부산에 있다']);
    expect(search('부산에서')[0]).toBe('우리 집은 부산에 있다');
    expect(search('서울은')[0]).toBe('회의는 서울에서 열린다');
  });

  test('one syllable finds a word wherever it stands in it', () => {
    const search = indexOf('큰집에 갔다', '우리집', '집', '서울');
    expect(search('집').toSorted()).toEqual(['우리집', '집', '큰집에 갔다'].toSorted());
  });

  test('decomposed Hangul is the same text', () => {
    const search = indexOf('한국어'.normalize('NFD'));
    expect(search('한국어')).toHaveLength(1);
    expect(indexOf('한국어')('한국어'.normalize('NFD'))).toHaveLength(1);
  });

  test('English is stemmed and case does not matter', () => {
    const search = indexOf('She was Running tests', 'nothing here');
    expect(search('run test')).toEqual(['She was Running tests']);
  });

  test('C++ and C# are words of their own', () => {
    const search = indexOf('written in C++', 'written in C', 'written in C#');
    expect(search('C++')).toEqual(['written in C++']);
    expect(search('C#')).toEqual(['written in C#']);
  });

  test('mixed words are found by either part', () => {
    const search = indexOf('API키를 바꿨다', '다른 글');
    expect(search('API')).toEqual(['API키를 바꿨다']);
    expect(search('api키')).toEqual(['API키를 바꿨다']);
  });

  test('query syntax is text, and nothing to look for is null', () => {
    const search = indexOf('near and or not', 'other');
    expect(search('"NEAR(" AND *', 'all')).toEqual(['near and or not']);
    for (const empty of ['', '  ', '*', '"', '()', '🙂']) expect(matchExpression(empty)).toBeNull();
  });

  test('all needs every word, any needs one', () => {
    const search = indexOf('blue car', 'blue sky');
    expect(search('blue sky', 'all')).toEqual(['blue sky']);
    expect(search('blue sky')).toHaveLength(2);
  });

  test('common words are dropped unless there is nothing else', () => {
    expect(matchExpression('what is my plan')).toBe('words : "plan"');
    expect(matchExpression('what is')).not.toBeNull();
  });

  test('no text breaks the index', () => {
    const search = indexOf('a', '가');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom('any' as const, 'all' as const),
        (text, mode) => {
          search(text, mode);
          search(`${text} 가나다 ${text}`, mode);
        },
      ),
      { numRuns: 100 },
    );
    search('가나다라 "'.repeat(2_000));
  });

  test('a lone surrogate and a zero byte do not survive', () => {
    expect(normalizeText('a\u0000b\ud800')).toBe('ab\ufffd');
  });
});
