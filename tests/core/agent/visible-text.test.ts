import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createInternalFilter, withoutInternal } from '../../../src/core/agent/visible-text.ts';

test.each([
  ['<internal>x</internal>', ''],
  ['a<internal>x</internal>b', 'ab'],
  ['a<INTERNAL>x</Internal>b', 'ab'],
  ['a<internal>never closed', 'a'],
  ['a < b and <int', 'a < b and <int'],
  ['plain', 'plain'],
  ['<internal>a</internal><internal>b</internal>c', 'c'],
])('%j leaves as %j', (text, shown) => {
  expect(withoutInternal(text)).toBe(shown);
});

test('however the text is cut into chunks, the same part of it is shown', () => {
  const piece = fc.constantFrom('<internal>', '</internal>', '<', 'int', 'secret', '한글', ' ', '>', '</');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(60), { maxLength: 8 }), (pieces, cuts) => {
      const text = pieces.join('');
      const places = [0, ...cuts.filter((cut) => cut < text.length), text.length].toSorted((a, b) => a - b);
      const filter = createInternalFilter();
      const shown = places.slice(1).map((place, index) => filter.push(text.slice(places[index], place)));
      expect(shown.join('') + filter.flush()).toBe(withoutInternal(text));
    }),
  );
});
