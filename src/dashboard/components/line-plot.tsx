/** Owns a plot of one number over time: a line, its newest value beside its name. */
import type { ReactNode } from 'react';

interface LinePlotProps {
  readonly label: string;
  /** Oldest first, at equal distances. */
  readonly values: readonly number[];
  readonly write: (value: number) => string;
}

const WIDTH = 360;
const HEIGHT = 90;

export function LinePlot({ label, values, write }: LinePlotProps): ReactNode {
  const most = Math.max(...values, Number.MIN_VALUE);
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, at) => `${at * step},${HEIGHT - (value / most) * (HEIGHT - 4)}`).join(' ');
  return (
    <section className="card">
      <h2>{label}</h2>
      <p className="figure">{write(values.at(-1) ?? 0)}</p>
      <svg
        className="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${label}: ${values.map(write).join(', ')}`}
      >
        <polyline points={points} />
      </svg>
    </section>
  );
}
