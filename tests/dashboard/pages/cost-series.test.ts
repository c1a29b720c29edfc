import { expect, test } from 'vitest';
import { type DailyCost, filledDays, nameIn, pivotDaily } from '../../../src/dashboard/pages/cost-series.ts';

const row = (day: string, model: string | null, cost: number): DailyCost =>
  ({ day, model, cost_usd: cost }) as unknown as DailyCost;
const cost = ({ cost_usd: usd }: DailyCost): number => usd;

test('each name is a series over the same days, the largest first', () => {
  const rows = [row('2026-03-02', 'b', 5), row('2026-03-01', 'a', 1), row('2026-03-02', 'a', 2)];
  expect(pivotDaily(rows, 'model', cost)).toEqual({
    days: ['2026-03-01', '2026-03-02'],
    series: [
      { name: 'b', values: [0, 5] },
      { name: 'a', values: [1, 2] },
    ],
  });
});

test('more names than there are colours are one series in the end, and nothing is lost', () => {
  const rows = Array.from({ length: 20 }, (_, at) => row('2026-03-01', `m${at}`, at + 1));
  const { series } = pivotDaily(rows, 'model', cost);
  expect(series).toHaveLength(8);
  expect(series.at(-1)).toEqual({ name: '…', values: [91] });
});

test('days on which nothing was spent are there too, up to the last one', () => {
  const found = pivotDaily([row('2026-02-28', 'a', 3)], 'model', cost);
  expect(filledDays(found, '2026-03-01', 3)).toEqual({
    days: ['2026-02-27', '2026-02-28', '2026-03-01'],
    series: [{ name: 'a', values: [0, 3, 0] }],
  });
});

test('what belongs to none has a dash for a name', () => {
  expect(nameIn({ tool: null }, 'tool')).toBe('–');
  expect(nameIn({ tool: 'web' }, 'tool')).toBe('web');
});
