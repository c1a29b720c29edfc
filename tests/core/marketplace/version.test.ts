import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, isVersion } from '../../../src/core/marketplace/version.ts';

// The order of https://semver.org/spec/v2.0.0.html, item 11.
const ORDER = [
  '0.0.4',
  '0.9.10',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '1.2.0',
  '1.10.0',
  '2.0.0--a',
  '2.0.0-a-b',
  '2.0.0',
  '10.0.0',
];

test('versions come in the order of the specification', () => {
  for (const [i, a] of ORDER.entries())
    for (const [j, b] of ORDER.entries()) expect(Math.sign(compareVersions(a, b)), `${a} ${b}`).toBe(Math.sign(i - j));
});

test.each(['1.0.0', '0.0.0', '1.0.0-x.7.z.92', '1.0.0--', '1.0.0-0a', '999999999.0.0'])('%s is a version', (text) => {
  expect(isVersion(text)).toBe(true);
});

test.each([
  '1',
  '1.0',
  '01.0.0',
  '1.0.0+b',
  '1.0.0-',
  '1.0.0-01',
  '1.0.0-a..b',
  'v1.0.0',
  ' 1.0.0',
  '1.0.0\n',
  '1.0.x',
])('%j is none', (text) => {
  expect(isVersion(text)).toBe(false);
});

test('only the same version is equal', () => {
  const word = fc.stringMatching(/^[a-z-]{1,3}[0-9]?$/);
  const version = fc
    .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.array(fc.oneof(word, fc.nat(12).map(String)), { maxLength: 2 }))
    .map(([a, b, c, words]) => `${a}.${b}.${c}${words.length === 0 ? '' : `-${words.join('.')}`}`);
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(compareVersions(a, b) === 0).toBe(a === b);
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
    }),
  );
});
