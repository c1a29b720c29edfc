import { expect, test } from 'vitest';
import { type Operand, readArithmetic } from '../../../../src/core/llm/offline/arithmetic.ts';

function evaluate(sentence: string): number | undefined {
  const results: number[] = [];
  const value = (operand: Operand): number =>
    'number' in operand ? operand.number : (results[operand.step] ?? Number.NaN);
  for (const { operator, left, right } of readArithmetic(sentence) ?? []) {
    const [a, b] = [value(left), value(right)];
    results.push({ '+': a + b, '-': a - b, '*': a * b, '/': a / b }[operator]);
  }
  return results.at(-1);
}

test.each([
  ['what is 2 plus 3', 5],
  ['What is 2 plus 3?', 5],
  ['2 더하기 3은?', 5],
  ['2 더하기 3은 얼마야?', 5],
  ['2+3', 5],
  ['２＋３', 5],
  ['calculate 7 * (2 - 5)', -21],
  ['what is 10 divided by 4?', 2.5],
  ['6 나누기 3은 뭐야', 2],
  ['7 곱하기 8', 56],
  ['9 빼기 4는 몇이야?', 5],
  ['3과 4를 더하면?', 7],
  ['3과 4를 곱하면 얼마예요?', 12],
  ['10에서 3을 빼면?', 7],
  ['add 2 and 3', 5],
  ['multiply 6 by 7', 42],
  ['subtract 3 from 10', 7],
  ['the sum of 2 and 3', 5],
  ['two plus three', 5],
  ['3 x 4', 12],
  ['1,000 + 1', 1001],
  ['2 + 3 * 4', 14],
  ['(2 + 3) * 4', 20],
  ['-2 - -3', 1],
  ['8 - 3 - 2', 3],
  ['계산해줘 12 × 12', 144],
])('%s is %d', (sentence, expected) => {
  expect(evaluate(sentence)).toBe(expected);
});

test.each([
  'what is love',
  'read notes.txt',
  '안녕하세요',
  '2',
  '2 +',
  '(2 + 3',
  '2 3',
  'remember 2 plus my birthday',
  '',
  '2026-11-21 is a date',
])('%j is not arithmetic', (sentence) => {
  expect(readArithmetic(sentence)).toBeUndefined();
});

test('a hostile text of 100,000 characters is judged at once', () => {
  const started = performance.now();
  readArithmetic('1+'.repeat(50_000));
  readArithmetic('('.repeat(100_000));
  readArithmetic(' of and'.repeat(15_000));
  expect(performance.now() - started).toBeLessThan(1_000);
});
