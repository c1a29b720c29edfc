/** Owns a plot of numbers for each of some places: bars, stacked where there are several numbers. */
import type { ReactNode } from 'react';
import { PlotFrame, type PlotProps } from './plot-frame.tsx';

export function BarChart(props: PlotProps): ReactNode {
  const { places, series } = props;
  const stacks = places.map((_, place) => series.map(({ values }) => values[place] ?? 0));
  const most = Math.max(0, ...stacks.map((stack) => stack.reduce((sum, value) => sum + value, 0)));
  return (
    <PlotFrame
      {...props}
      most={most}
      isBanded
      draw={({ xOf, yOf, width, bottom }, looked) => {
        const band = width / Math.max(1, places.length);
        const thick = Math.min(48, Math.max(1, band * 0.72));
        return stacks.map((stack, place) => {
          let below = 0;
          return (
            <g key={place} className={looked === undefined || looked === place ? 'bar-stack' : 'bar-stack other'}>
              {stack.map((value, index) => {
                const from = yOf(below);
                below += value;
                const to = yOf(below);
                return value > 0 ? (
                  <rect
                    key={series[index]?.name}
                    className={`s${index % 8}`}
                    x={xOf(place) - thick / 2}
                    y={Math.min(to, bottom - 1)}
                    width={thick}
                    height={Math.max(1, from - to)}
                  />
                ) : null;
              })}
            </g>
          );
        });
      }}
    />
  );
}
