import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const convert = openTool('base_converter');
const value = async (input: object): Promise<string> => (await convert<{ value: string }>(input)).value;

test('whole numbers of any length are written as BigInt writes them, and read back', async () => {
  const base = fc.integer({ min: 2, max: 36 });
  await fc.assert(
    fc.asyncProperty(fc.bigInt(-(10n ** 60n), 10n ** 60n), base, base, async (number, from, to) => {
      const text = number.toString(from);
      await expect(value({ value: text, from, to })).resolves.toBe(number.toString(to));
    }),
    { numRuns: 26 },
  );
});

test('fractions of two are written as Number writes them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
      fc.constantFrom(2, 4, 8, 16, 32),
      async (number, to) => {
        const fraction = number / 1024;
        const text = fraction.toFixed(10);
        await expect(value({ value: text, from: 10, to })).resolves.toBe(fraction.toString(to));
      },
    ),
    { numRuns: 13 },
  );
});

test('any fraction comes back from any base, for repeating digits are told', async () => {
  const base = fc.integer({ min: 2, max: 36 });
  await fc.assert(
    fc.asyncProperty(fc.nat(9999), base, async (number, to) => {
      const text = String(number / 100);
      const there = await value({ value: text, from: 10, to, digits: 1000 });
      await expect(value({ value: there, from: to, to: 10 })).resolves.toBe(text);
    }),
    { numRuns: 20 },
  );
});

test.each([
  [{ value: '0xFF' }, '255'],
  [{ value: '0b1010', to: 16 }, 'a'],
  [{ value: '0o777', to: 10 }, '511'],
  [{ value: 'zz', from: 36 }, '1295'],
  [{ value: '0b1', from: 16 }, '177'],
  [{ value: '-0xff', to: 2 }, '-11111111'],
  [{ value: '1_000 000', to: 16 }, 'f4240'],
  [{ value: '0.5', to: 2 }, '0.1'],
  [{ value: '0.(3)', to: 3 }, '0.1'],
  [{ value: '0.(9)', to: 10 }, '1'],
  [{ value: '.5', to: 10 }, '0.5'],
  [{ value: '-0', to: 2 }, '0'],
  [{ value: '-128', to: 2, bits: 8 }, '10000000'],
  [{ value: '5', to: 2, bits: 8 }, '00000101'],
  [{ value: '-2', to: 16, bits: 32 }, 'fffffffe'],
])('%j is %s', async (input, expected) => {
  await expect(value(input)).resolves.toBe(expected);
});

test('a fraction that is too long is cut and said to be', async () => {
  await expect(convert({ value: '0.(0588235294117647)', to: 3, digits: 5 })).resolves.toMatchObject({
    is_exact: false,
  });
});

test.each([
  [{ value: '129', from: 8 }, /"9" is no digit of base 8 \(octal\)/],
  [{ value: '0b102' }, /"2" is no digit of base 2/],
  [{ value: '1e5' }, /"e" is no digit of base 10/],
  [{ value: '1.2.3' }, /is no number/],
  [{ value: '-' }, /is no number/],
  [{ value: '.' }, /is no number/],
  [{ value: '0x' }, /is no number/],
  [{ value: '256', to: 2, bits: 8 }, /does not fit into 8 bits/],
  [{ value: '-129', to: 2, bits: 8 }, /does not fit/],
  [{ value: '0.5', to: 2, bits: 8 }, /whole numbers/],
  [{ value: '1', to: 37 }, /input\.to/],
])('%j is refused', async (input, reason) => {
  await expect(convert(input)).rejects.toThrow(reason);
});
