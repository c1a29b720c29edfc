import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemes, textWidth, truncate } from '../../../src/core/kernel/text-width.ts';

describe('the width of text', () => {
  it.each([
    ['hello', 5],
    ['안녕', 4],
    ['漢字かな', 8],
    ['e\u0301', 1],
    ['\u1112\u1161\u11ab', 2],
    ['😀', 2],
    ['👨‍👩‍👧', 2],
    ['🇰🇷', 2],
    ['❤️', 2],
    ['ｶﾞ', 2],
    ['\u200b', 0],
    ['', 0],
  ])('of %j is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('is counted by what a reader sees as one character', () => {
    expect(graphemes('a👨‍👩‍👧한e\u0301')).toEqual(['a', '👨‍👩‍👧', '한', 'e\u0301']);
  });

  it('is kept by cutting, with an ellipsis where something is gone', () => {
    expect(truncate('한국어', 6)).toBe('한국어');
    expect(truncate('한국어', 5)).toBe('한국…');
    expect(truncate('한국어', 4)).toBe('한…');
    expect(truncate('abc', 0)).toBe('');
  });

  it('never grows by cutting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 30 }), (text, width) => {
        expect(textWidth(truncate(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
