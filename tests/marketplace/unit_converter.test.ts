import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const convert = openTool('unit_converter');

// Figures of NIST SP 811, of the SI brochure and of Korean law (1 평 = 400/121 m²).
test.each([
  [1, 'mile', 'km', 1.609344],
  [1, 'inch', 'cm', 2.54],
  [6, 'feet', 'm', 1.8288],
  [1, 'lb', 'g', 453.59237],
  [1, 'acre', 'm²', 4046.8564224],
  [1, 'us gallon', 'L', 3.785411784],
  [1, 'imperial gallon', 'mL', 4546.09],
  [100, '°C', '°F', 212],
  [-40, 'C', 'F', -40],
  [0, 'K', '°C', -273.15],
  [98.6, 'Fahrenheit', 'celsius', 37],
  [1, 'atm', 'psi', 14.6959487755],
  [1, 'kWh', 'MJ', 3.6],
  [1, 'hp', 'W', 745.699871582],
  [1, 'nautical mile', 'm', 1852],
  [36, 'km/h', 'm/s', 10],
  [1, 'TB', 'GiB', 931.322574615],
  [8, 'Mb', 'MB', 1],
  [180, 'degrees', 'rad', Math.PI],
  [30, 'mpg', 'L/100km', 7.84048611111],
  [5, 'L/100km', 'km/L', 20],
  [32, '평', 'm2', 105.785123967],
  [5, 'µm', 'nm', 5000],
  [2, 'weeks', 'hours', 336],
  [0, 'km', 'mi', 0],
])('%d %s in %s is %d', async (value, from, to, expected) => {
  expect((await convert<{ value: number }>({ value, from, to })).value).toBeCloseTo(expected, 9);
});

test.each([
  [1, 'km', 'kg', /km is a unit of length and kg of mass/],
  [1, 'parsnip', 'm', /"parsnip" is no unit this tool knows/],
  [1, 'kilometr', 'm', /Is it .*km/],
  [1, 'MW', 'mb', /mb may be|is a unit of power/],
  [1, 'mw', 'W', /mw may be mW or MW/],
  [-1, 'K', '°C', /below absolute zero/],
  [-460, '°F', '°C', /below absolute zero/],
  [0, 'mpg', 'L/100km', /uses 0 fuel/],
  [1e308, 'km', 'mm', /too large/],
])('%d %s in %s is refused', async (value, from, to, reason) => {
  await expect(convert({ value, from, to })).rejects.toThrow(reason);
});

test('what was converted there and back is the same', async () => {
  const pairs = fc.constantFrom(
    ['km', 'mi'],
    ['°C', '°F'],
    ['kg', 'oz'],
    ['B', 'Kibit'],
    ['L', 'cup'],
    ['mpg', 'km/L'],
    ['bar', 'psi'],
    ['s', 'd'],
  );
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0.001, max: 1e6, noNaN: true }), pairs, async (value, [from = '', to = '']) => {
      const there = await convert<{ value: number }>({ value, from, to });
      const back = await convert<{ value: number }>({ value: there.value, from: to, to: from });
      expect(Math.abs(back.value - value)).toBeLessThanOrEqual(Math.max(1e-8, value * 1e-10));
    }),
    { numRuns: 20 },
  );
});
