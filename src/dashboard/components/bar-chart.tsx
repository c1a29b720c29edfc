/** Owns a plot of one number for each of some names: drawn as shapes, and readable as text. */
import type { ReactNode } from 'react';

interface Bar {
  readonly name: string;
  readonly value: number;
}

interface BarChartProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly write: (value: number) => string;
}

const WIDTH = 720;
const HEIGHT = 180;
const FOOT = 22;

export function BarChart({ label, bars, write }: BarChartProps): ReactNode {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const step = WIDTH / Math.max(1, bars.length);
  // So many names fit beneath.
  const every = Math.ceil(bars.length / 10);
  return (
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`} role="img" aria-label={label}>
      {bars.map(({ name, value }, at) => {
        const height = (value / most) * HEIGHT;
        return (
          <g key={name}>
            <rect x={at * step + step * 0.1} y={HEIGHT - height} width={step * 0.8} height={height}>
              <title>{`${name}: ${write(value)}`}</title>
            </rect>
            {at % every === 0 ? (
              <text x={at * step + step * 0.1} y={HEIGHT + FOOT - 6}>
                {name}
              </text>
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}
