import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const color = openTool('color_converter');
const hex = async (text: string): Promise<string> => (await color<{ hex: string }>({ color: text })).hex;

// Values of the tables in CSS Color 4 and of the sample colours in common colour pickers.
test.each([
  ['#fff', '#ffffff'],
  ['#1e90ff80', '#1e90ff80'],
  ['f0a', '#ff00aa'],
  ['RebeccaPurple', '#663399'],
  ['transparent', '#00000000'],
  ['rgb(255, 165, 0)', '#ffa500'],
  ['rgb(100% 0% 50%)', '#ff0080'],
  ['rgba(255 0 0 / 50%)', '#ff000080'],
  ['hsl(120, 100%, 25%)', '#008000'],
  ['hsl(120deg 100% 25%)', '#008000'],
  ['hsl(-240 100% 50%)', '#0000ff'.replace('0000ff', '00ff00')],
  ['hsl(0.5turn 100% 50%)', '#00ffff'],
  ['hsl(200grad 100% 50%)', '#00ffff'],
  ['hsv(0 0% 75.3%)', '#c0c0c0'],
  ['hsv(60, 100%, 50.2%)', '#808000'],
  ['hwb(90 20% 20%)', '#80cc33'],
  ['hwb(0 60% 60%)', '#808080'],
  ['cmyk(0% 100% 100% 0%)', '#ff0000'],
  ['cmyk(100 0 0 50)', '#008080'],
])('%s is %s', async (text, expected) => {
  await expect(hex(text)).resolves.toBe(expected);
});

test.each(['rgb', 'hsl', 'hsv', 'hwb', 'cmyk', 'hex'])('every colour comes back from its %s', async (space) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(0xffffff), async (number) => {
      const wanted = `#${number.toString(16).padStart(6, '0')}`;
      const shown = await color<Record<string, string>>({ color: wanted });
      const back = await hex(shown[space] ?? '');
      const bytes = (text: string): number[] =>
        (text.match(/[0-9a-f]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16));
      // Shown with one digit after the point: half a step of 255 at most.
      for (const [index, byte] of bytes(back).entries())
        expect(Math.abs(byte - (bytes(wanted)[index] ?? 0))).toBeLessThanOrEqual(1);
    }),
    { numRuns: 8 },
  );
});

test.each([
  ['white', 'black', 21, true],
  ['#767676', 'white', 4.54, true],
  ['#777777', 'white', 4.47, false],
  ['red', 'red', 1, false],
  ['#0000ff', 'white', 8.59, true],
])('the contrast of %s to %s is %d', async (one, against, contrast, readable) => {
  await expect(color({ color: one, against })).resolves.toMatchObject({ contrast, readable });
});

test.each([
  ['#12345', /5 hexadecimal digits/],
  ['blurple', /is no colour/],
  ['rgb(256 0 0)', /256 is out of range for r: 0 to 255/],
  ['rgb(-1 0 0)', /out of range/],
  ['rgb(1 2)', /3 values and perhaps an alpha, not 2/],
  ['hsl(a 1% 1%)', /no hue/],
  ['hsl(0 101% 1%)', /out of range/],
  ['rgb(1 2 3 / 2)', /out of range for alpha/],
  ['rgb(1 2 x)', /no number for b/],
  ['lab(1 2 3)', /is no colour/],
  ['constructor', /is no colour/],
])('%s is refused', async (text, reason) => {
  await expect(hex(text)).rejects.toThrow(reason);
});

test('a contrast needs opaque colours', async () => {
  await expect(color({ color: '#0008', against: 'white' })).rejects.toThrow(/two opaque colours/);
});
