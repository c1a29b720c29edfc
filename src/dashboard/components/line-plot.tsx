/** Owns a plot of numbers over time: a line each. */
import type { ReactNode } from 'react';
import { PlotFrame, type PlotProps } from './plot-frame.tsx';
import { linePath } from './plot-scale.ts';

export function LinePlot(props: PlotProps): ReactNode {
  const { series } = props;
  const most = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  return (
    <PlotFrame
      {...props}
      most={most}
      isBanded={false}
      draw={({ xOf, yOf, top, bottom }, looked) => (
        <>
          {looked === undefined ? null : (
            <line className="looked" x1={xOf(looked)} x2={xOf(looked)} y1={top} y2={bottom} />
          )}
          {series.map(({ name, values }, index) => (
            <path
              key={name}
              className={`line s${index % 8}`}
              d={linePath(values.map((value, place) => [xOf(place), value === null ? null : yOf(value)]))}
            />
          ))}
          {series.map(({ name, values }, index) => {
            // A value between two that are missing has no line.
            const alone = values.flatMap((value, at) =>
              value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null
                ? [[at, value] as const]
                : [],
            );
            const shown = looked === undefined ? alone : [...alone, ...dotOf(values, looked)];
            return shown.map(([at, value]) => (
              <circle key={`${name} ${at}`} className={`dot s${index % 8}`} cx={xOf(at)} cy={yOf(value)} r={3} />
            ));
          })}
        </>
      )}
    />
  );
}

function dotOf(values: readonly (number | null)[], at: number): readonly (readonly [number, number])[] {
  const value = values[at] ?? null;
  return value === null ? [] : [[at, value]];
}
