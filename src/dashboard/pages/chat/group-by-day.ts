/** Owns how a list that is sorted by time is cut into days near and months far. Pure. */

export type DayGroup =
  | { readonly kind: 'today' | 'yesterday' | 'week' }
  /** `at`: an instant of the month, milliseconds UTC. */
  | { readonly kind: 'month'; readonly at: number };

export interface Grouped<Row> {
  readonly group: DayGroup;
  readonly rows: readonly Row[];
}

/** Newest first; days are those of the reader's own time zone. `now`: milliseconds UTC. */
export function groupByDay<Row>(
  rows: readonly Row[],
  atOf: (row: Row) => number,
  now: number,
): readonly Grouped<Row>[] {
  const groups = Map.groupBy(rows, (row) => keyOf(atOf(row), now));
  return [...groups].map(([key, members]) => {
    const [first] = members;
    const at = first === undefined ? now : atOf(first);
    const group: DayGroup =
      key === 'today' || key === 'yesterday' || key === 'week' ? { kind: key } : { kind: 'month', at };
    return { group, rows: members };
  });
}

function keyOf(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (days <= 0) return 'today';
  if (days === 1) return 'yesterday';
  if (days < 7) return 'week';
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}`;
}

function startOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
