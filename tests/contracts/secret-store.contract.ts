/** What every secret store promises. Call it in the test file of an adapter. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SecretStore } from '../../src/core/secrets/secret-store.ts';

/** `open` gives a store on the same ground each time it is called with the same `place`. */
export function secretStoreContract(name: string, open: (place: string) => SecretStore, place: () => string): void {
  describe(`${name} keeps the contract of a secret store`, () => {
    test('an empty store holds nothing', async () => {
      const store = open(place());
      expect(await store.get('A_KEY')).toBeUndefined();
      expect(await store.list()).toEqual([]);
      expect(await store.remove('A_KEY')).toBe(false);
    });

    test('what was set is found by another process and listed in order without its value', async () => {
      const where = place();
      const store = open(where);
      await store.set('B_KEY', { value: 'made-up b', hosts: ['api.example.com', '*.example.org:8443'] });
      await store.set('A_KEY', { value: 'made-up a', hosts: [] });
      const other = open(where);
      expect(await other.get('B_KEY')).toEqual({
        value: 'made-up b',
        hosts: ['api.example.com', '*.example.org:8443'],
      });
      expect(await other.list()).toEqual([
        { name: 'A_KEY', hosts: [] },
        { name: 'B_KEY', hosts: ['api.example.com', '*.example.org:8443'] },
      ]);
    });

    test('the last value counts', async () => {
      const store = open(place());
      await store.set('A_KEY', { value: 'old', hosts: ['old.example.com'] });
      await store.set('A_KEY', { value: 'new', hosts: [] });
      expect(await store.get('A_KEY')).toEqual({ value: 'new', hosts: [] });
      expect(await store.list()).toEqual([{ name: 'A_KEY', hosts: [] }]);
    });

    test('what was removed is gone', async () => {
      const where = place();
      const store = open(where);
      await store.set('A_KEY', { value: 'made-up', hosts: [] });
      expect(await store.remove('A_KEY')).toBe(true);
      expect(await open(where).get('A_KEY')).toBeUndefined();
      expect(await store.remove('A_KEY')).toBe(false);
    });

    test('any text survives, byte for byte', async () => {
      const store = open(place());
      const text = fc.string({ unit: 'binary', minLength: 1 }).map((each) => each.toWellFormed());
      await fc.assert(
        fc.asyncProperty(text, async (value) => {
          await store.set('A_KEY', { value, hosts: [] });
          expect((await store.get('A_KEY'))?.value).toBe(value);
        }),
        { numRuns: 25 },
      );
    });

    test.each([
      ['a_key', 'x', []],
      ['A KEY', 'x', []],
      ['', 'x', []],
      ['__proto__', 'x', []],
      ['A_KEY', '', []],
      ['A_KEY', 'x'.repeat(70_000), []],
      ['A_KEY', 'x', ['https://example.com']],
      ['A_KEY', 'x', ['example.com/path']],
      ['A_KEY', 'x', ['*']],
      ['A_KEY', 'x', ['']],
    ])('the name %j with %# is refused and nothing is kept', async (name, value, hosts) => {
      const store = open(place());
      const setting = store.set(name, { value, hosts });
      await expect(setting).rejects.toMatchObject({ code: 'usage-invalid' });
      expect(await store.list()).toEqual([]);
    });

    test('writers at once lose nothing', async () => {
      const where = place();
      const names = Array.from({ length: 8 }, (_, index) => `KEY_${index}`);
      await Promise.all(names.map((name) => open(where).set(name, { value: `made-up ${name}`, hosts: [] })));
      const store = open(where);
      expect((await store.list()).map(({ name }) => name)).toEqual(names);
      expect((await store.get('KEY_7'))?.value).toBe('made-up KEY_7');
    });
  });
}
