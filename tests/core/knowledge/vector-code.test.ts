import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitCount, encodeVector, similarity, wordsOf } from '../../../src/core/knowledge/vector-code.ts';

const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
};

const value = fc.float({ min: -1, max: 1, noNaN: true });
const vectors = fc.integer({ min: 8, max: 100 }).chain((length) => {
  const one = fc
    .array(value, { minLength: length, maxLength: length })
    .filter((each) => each.some((number) => Math.abs(number) > 0.01));
  return fc.tuple(one, one);
});

test('the cosine of the bytes is that of the vectors, nearly', () => {
  fc.assert(
    fc.property(vectors, ([a, b]) => {
      const [left, right] = [encodeVector(Float32Array.from(a)), encodeVector(Float32Array.from(b))];
      expect(Math.abs((similarity(left.vector, right.vector) ?? 2) - cosine(a, b))).toBeLessThan(0.02);
    }),
  );
});

test('a code has a bit for each sign, in whole words', () => {
  fc.assert(
    fc.property(vectors, ([a]) => {
      const words = wordsOf(encodeVector(Float32Array.from(a)).code);
      expect(words).toHaveLength(Math.ceil(a.length / 32));
      a.forEach((number, at) => expect(((words[at >> 5] ?? 0) >>> (at & 31)) & 1).toBe(number > 0 ? 1 : 0));
      expect([...words].reduce((sum, word) => sum + bitCount(word), 0)).toBe(a.filter((number) => number > 0).length);
    }),
  );
});

test('vectors of different lengths have no similarity, and one without a direction no code', () => {
  const [a, b] = [encodeVector(Float32Array.of(1, 2)), encodeVector(Float32Array.of(1, 2, 3))];
  expect(similarity(a.vector, b.vector)).toBeUndefined();
  for (const values of [[0, 0], [], [Number.NaN, 1], [Infinity, 1]])
    expect(() => encodeVector(Float32Array.from(values))).toThrow(RangeError);
});
