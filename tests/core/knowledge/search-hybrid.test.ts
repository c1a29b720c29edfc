import { expect, test } from 'vitest';
import { fuseRanks } from '../../../src/core/knowledge/search-hybrid.ts';
import type { Hit } from '../../../src/core/knowledge/search-knowledge.ts';

const hit = (text: string): Hit => ({ id: text, title: text, text, place: 'line 1', score: 0.5, provenance: 'user' });
const ids = (hits: readonly Hit[]): string[] => hits.map(({ id }) => id);

test('what both rankings have comes before what one has, and the first of both scores 1', () => {
  const [words, meaning] = [['a', 'b', 'c'].map(hit), ['a', 'c', 'd'].map(hit)];
  const fused = fuseRanks([words, meaning], 10);
  expect(ids(fused)).toEqual(['a', 'c', 'b', 'd']);
  expect(fused[0]?.score).toBe(1);
  expect(fused.every(({ score }, at) => at === 0 || score <= (fused[at - 1]?.score ?? 0))).toBe(true);
});

test('one ranking alone keeps its order, ties go to words, and no more than the limit is told', () => {
  expect(ids(fuseRanks([['a', 'b', 'c'].map(hit), []], 2))).toEqual(['a', 'b']);
  expect(ids(fuseRanks([[], ['x', 'y'].map(hit)], 5))).toEqual(['x', 'y']);
  expect(ids(fuseRanks([[hit('a')], [hit('x')]], 5))).toEqual(['a', 'x']);
});
