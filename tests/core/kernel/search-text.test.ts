import { expect, test } from 'vitest';
import { indexTerms, normalizeText, queryTerms } from '../../../src/core/kernel/search-text.ts';

test('a text has its words by their stems and the pairs of its syllables, each once', () => {
  expect(indexTerms('Running, the API키를 running')).toEqual(['wrun', 'wthe', 'wapi키를', 'wapi', 'g키를', 'g를']);
});

test('a query asks for each word in every form', () => {
  expect(queryTerms('plans')).toEqual([[{ term: 'wplan', isPrefix: false, weight: 4 }]]);
  expect(queryTerms('키 값을').map((terms) => terms.map(({ term }) => term))).toEqual([
    ['w키', 'g키'],
    ['w값을', 'g값을'],
  ]);
  expect(queryTerms('키')[0]?.[1]).toEqual({ term: 'g키', isPrefix: true, weight: 1 });
});

test('common words are dropped unless there is nothing else', () => {
  const termsOf = (query: string) =>
    queryTerms(query)
      .flat()
      .map(({ term }) => term);
  expect(termsOf('what is my plan')).toEqual(['wplan']);
  expect(termsOf('what is')).toEqual(['wwhat', 'wis']);
  expect(termsOf('"*" ()')).toEqual([]);
});

test('a lone surrogate and a zero byte do not survive', () => {
  expect(normalizeText('a\u0000b\ud800')).toBe('ab\ufffd');
});
