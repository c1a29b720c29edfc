/** Owns making series for plots out of rows of costs. Pure. */
import type { Api } from '../api/types.ts';
import type { Series } from '../components/series.ts';

export type DailyCost = Api['GET /costs/daily']['result'][number];

/** Series that have a colour of their own; the rest is one. */
const MOST_SERIES = 7;

export interface DailySeries {
  readonly days: readonly string[];
  readonly series: readonly Series[];
}

/** A series for each name of the `by` member, the largest first; the smallest ones together as `…`. */
export function pivotDaily(rows: readonly DailyCost[], by: string, valueOf: (row: DailyCost) => number): DailySeries {
  const days = [...new Set(rows.map(({ day }) => day))].toSorted();
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(nameIn(row, by), (sums.get(nameIn(row, by)) ?? 0) + valueOf(row));
  const names = [...sums.keys()].toSorted((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0));
  const own = names.length <= MOST_SERIES + 1 ? names : names.slice(0, MOST_SERIES);
  const rest = names.slice(own.length);
  const valuesOf = (of: readonly string[]): number[] =>
    days.map((day) =>
      rows.filter((row) => row.day === day && of.includes(nameIn(row, by))).reduce((sum, row) => sum + valueOf(row), 0),
    );
  const series = own.map((name) => ({ name, values: valuesOf([name]) }));
  return { days, series: rest.length === 0 ? series : [...series, { name: '…', values: valuesOf(rest) }] };
}

/** The member that says what a row is about; a dash for what belongs to none. */
export function nameIn(row: Readonly<Record<string, unknown>>, by: string): string {
  const name = row[by];
  return typeof name === 'string' && name !== '' ? name : '–';
}

/** The same for the `count` days that end with `last`, those on which nothing was spent too. */
export function filledDays({ days, series }: DailySeries, last: string, count: number): DailySeries {
  const all = Array.from({ length: count }, (_, back) => dayBefore(last, count - 1 - back));
  return {
    days: all,
    series: series.map(({ name, values }) => ({ name, values: all.map((day) => values[days.indexOf(day)] ?? 0) })),
  };
}

const DAY_MS = 24 * 60 * 60_000;

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}
