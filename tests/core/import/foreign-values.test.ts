import { expect, test } from 'vitest';
import { firstOf, flagOf, instantOf, lineOf, textOf, valueAt } from '../../../src/core/import/foreign-values.ts';

test('only own fields are seen', () => {
  const hostile = JSON.parse('{"__proto__": {"token": "x"}, "a": {"b": 1}}') as unknown;
  expect(valueAt(hostile, 'constructor')).toBeUndefined();
  expect(valueAt({}, 'toString')).toBeUndefined();
  expect(valueAt(hostile, 'a', 'b')).toBe(1);
  expect(valueAt(hostile, 'a', 'b', 'c')).toBeUndefined();
  expect(valueAt([1], '0')).toBeUndefined();
  expect(firstOf({ old: null, new: 0 }, 'old', 'new')).toBe(0);
});

test('an instant is read in every form in which programs write one', () => {
  const noon = Date.UTC(2026, 0, 6, 12);
  for (const written of [
    '2026-01-06T12:00:00.000Z',
    '2026-01-06T21:00:00+09:00',
    '2026-01-06 12:00:00',
    '2026-01-06T12:00:00',
    noon,
    noon / 1000,
    String(noon),
    String(noon / 1000),
  ]) {
    expect([written, instantOf(written)]).toEqual([written, noon]);
  }
  for (const none of [
    'yesterday',
    '',
    '9999-99-99',
    '2026-13-01',
    0,
    -1,
    Number.NaN,
    Infinity,
    99999999999999999n,
    null,
    undefined,
    {},
    [],
    true,
  ]) {
    expect([none, instantOf(none)]).toEqual([none, undefined]);
  }
});

test('text is well-formed, without NUL and of an end', () => {
  expect(textOf('a\0b\ud800')).toBe('ab\ufffd');
  expect(textOf(7n)).toBe('7');
  expect([textOf(' \n'), textOf(null), textOf({}), textOf(['x'])]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(textOf('x'.repeat(300_000))).toMatch(/^x{200000}\n\[Cut: 300000 characters\.\]$/);
  expect(lineOf(' a\n\u001b[31mb\tc ')).toBe('a [31mb c');
  expect(lineOf('x'.repeat(500), 10)).toHaveLength(10);
});

test('flags are flags in every spelling, and nothing else is one', () => {
  expect([1, 1n, true, '1', 'TRUE '].map(flagOf)).toEqual([true, true, true, true, true]);
  expect([0, 0n, false, '0', 'false'].map(flagOf)).toEqual([false, false, false, false, false]);
  expect([2, 'yes', null, undefined, {}, ''].map(flagOf)).toEqual(Array.from({ length: 6 }, () => undefined));
});
