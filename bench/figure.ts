/** Owns what a measurement hands over: a figure with its target, and how a table of them looks. */

export interface Figure {
  readonly name: string;
  /** NaN when it could not be taken; `note` says why. */
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 'tokens' | 'x floor' | '%' | '/s';
  /** The most that is allowed; absent for figures that are only reported. */
  readonly atMost?: number;
  /** The least that is allowed. */
  readonly atLeast?: number;
  /** How it was taken: repetitions, spread. */
  readonly note?: string;
}

/** `ok`, `over`, `under`, `failed`, or nothing to say. */
export function verdict({ value, atMost, atLeast }: Figure): string {
  if (Number.isNaN(value)) return 'failed';
  if (atLeast !== undefined) return value >= atLeast ? 'ok' : 'under';
  if (atMost === undefined) return '';
  return value <= atMost ? 'ok' : 'over';
}

function digits({ unit, value }: Figure): number {
  if (unit === 'x floor' || unit === '%') return 2;
  return value < 100 ? 1 : 0;
}

function target({ atMost, atLeast }: Figure): string {
  if (atLeast !== undefined) return `>= ${atLeast}`;
  return atMost === undefined ? '' : `<= ${atMost}`;
}

/** The figures as lines with aligned columns. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    figure.value.toFixed(digits(figure)),
    figure.unit,
    target(figure),
    verdict(figure),
    figure.note ?? '',
  ]);
  const titled = [['figure', 'value', 'unit', 'target', '', 'how'], ...rows];
  const widths = titled[0]?.map((_, column) => Math.max(...titled.map((row) => (row[column] ?? '').length))) ?? [];
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return titled.map(line).join('\n');
}
