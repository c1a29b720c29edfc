import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stemEnglish } from '../../../src/core/kernel/stem-english.ts';

// Examples of M. F. Porter, "An algorithm for suffix stripping" (1980), through all steps.
test.each([
  ['caresses', 'caress'],
  ['ponies', 'poni'],
  ['cats', 'cat'],
  ['agreed', 'agre'],
  ['feed', 'feed'],
  ['plastered', 'plaster'],
  ['motoring', 'motor'],
  ['sing', 'sing'],
  ['conflated', 'conflat'],
  ['sized', 'size'],
  ['hopping', 'hop'],
  ['falling', 'fall'],
  ['hissing', 'hiss'],
  ['filing', 'file'],
  ['happy', 'happi'],
  ['sky', 'sky'],
  ['relational', 'relat'],
  ['conditional', 'condit'],
  ['digitizer', 'digit'],
  ['vietnamization', 'vietnam'],
  ['hopefulness', 'hope'],
  ['sensibiliti', 'sensibl'],
  ['triplicate', 'triplic'],
  ['electrical', 'electr'],
  ['goodness', 'good'],
  ['allowance', 'allow'],
  ['adjustable', 'adjust'],
  ['replacement', 'replac'],
  ['adoption', 'adopt'],
  ['probate', 'probat'],
  ['cease', 'ceas'],
  ['controlling', 'control'],
  ['roll', 'roll'],
  ['yes', 'ye'],
])('%s is stemmed to %s', (word, stem) => {
  expect(stemEnglish(word)).toBe(stem);
});

test.each([
  ['the forms of a word', 'connect connected connecting connection connections'],
  ['run', 'run runs running'],
])('one stem for %s', (_, words) => {
  expect(new Set(words.split(' ').map(stemEnglish)).size).toBe(1);
});

test.each(['is', 'wi-fi', 'naïve', '한국', '42', '', 'Running', 'x'.repeat(41)])('%j stays as it is', (word) => {
  expect(stemEnglish(word)).toBe(word);
});

test('a stem is never longer by more than a letter, and begins as its word does', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,40}$/), (word) => {
      const stem = stemEnglish(word);
      expect(stem).not.toBe('');
      expect(stem.length).toBeLessThanOrEqual(word.length + 1);
      expect(stem.charAt(0)).toBe(word.charAt(0));
    }),
  );
});
