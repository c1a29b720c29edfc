/** Owns what plots share: as wide as their place, an axis with round numbers, one place of it looked at by mouse or keyboard, and the numbers as a table. */
import { type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTexts } from '../language/use-texts.ts';
import './plot.css';
import { axisTicks, someOf } from './plot-scale.ts';
import type { Series } from './series.ts';
import { Table } from './table.tsx';

export interface PlotProps {
  readonly label: string;
  /** Names of the places along the axis, first to last: a day, an instant. */
  readonly places: readonly string[];
  readonly series: readonly Series[];
  readonly write: (value: number) => string;
  /** The values are counts: no step of the axis lies between two of them. */
  readonly isWhole?: boolean;
  readonly height?: number;
}

/** Where things are drawn, in pixels. */
export interface PlotArea {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  /** The middle of a place along the axis. */
  readonly xOf: (place: number) => number;
  readonly yOf: (value: number) => number;
}

interface FrameProps extends PlotProps {
  readonly most: number;
  /** Places stand beside each other, and not on a line. */
  readonly isBanded: boolean;
  readonly draw: (area: PlotArea, looked: number | undefined) => ReactNode;
}

const FOOT = 22;
const TOP = 8;

export function PlotFrame(props: FrameProps): ReactNode {
  const { label, places, series, write, draw, most, isBanded, isWhole = false, height = 180 } = props;
  const { plots } = useTexts();
  const [ref, width] = useWidth();
  const [looked, setLooked] = useState<number>();
  const about = useId();
  const ticks = axisTicks(most, 4, isWhole);
  const left = Math.max(...ticks.map((tick) => write(tick).length)) * 6.6 + 10;
  const area = areaOf({ left, width: Math.max(40, width - left - 8), height, count: places.length, isBanded, ticks });
  const last = places.length - 1;
  const at = Math.min(looked ?? last, last);
  const look = ({ clientX, currentTarget }: PointerEvent<HTMLElement>): void => {
    const x = clientX - currentTarget.getBoundingClientRect().left - area.left;
    const share = Math.min(1, Math.max(0, x / area.width));
    setLooked(isBanded ? Math.min(last, Math.floor(share * places.length)) : Math.round(share * last));
  };
  return (
    <figure className="plot" ref={ref}>
      <figcaption id={about}>
        <Readout series={series} at={at} place={places[at] ?? ''} write={write} isLooked={looked !== undefined} />
      </figcaption>
      <div className="plot-body" onPointerMove={look} onPointerLeave={() => setLooked(undefined)}>
        <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} width={width} height={height}>
          <Axes area={area} ticks={ticks} places={places} write={write} height={height} />
          {draw(area, looked === undefined ? undefined : at)}
        </svg>
        <input
          type="range"
          min={0}
          max={Math.max(0, last)}
          value={Math.max(0, at)}
          aria-label={plots.look(label)}
          aria-valuetext={`${places[at] ?? ''}: ${series.map(({ name, values }) => `${name} ${told(values[at], write)}`).join(', ')}`}
          onChange={({ target }) => setLooked(Number(target.value))}
          onBlur={() => setLooked(undefined)}
        />
      </div>
      <NumbersTable {...props} />
    </figure>
  );
}

interface AxesProps extends Pick<FrameProps, 'places' | 'write'> {
  readonly area: PlotArea;
  readonly ticks: readonly number[];
  readonly height: number;
}

function Axes({ area, ticks, places, write, height }: AxesProps): ReactNode {
  const { left, width, xOf, yOf } = area;
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={left} x2={left + width} y1={yOf(tick)} y2={yOf(tick)} />
          <text x={left - 6} y={yOf(tick) + 4} textAnchor="end">
            {write(tick)}
          </text>
        </g>
      ))}
      {someOf(places.length, Math.max(2, Math.floor(width / 90))).map((place) => (
        <text key={place} x={xOf(place)} y={height - 6} textAnchor={anchorOf(xOf(place), area)}>
          {places[place]}
        </text>
      ))}
    </>
  );
}

/** So that no name is cut at either end. */
function anchorOf(x: number, { left, width }: PlotArea): 'start' | 'middle' | 'end' {
  if (x < left + 20) return 'start';
  return x > left + width - 20 ? 'end' : 'middle';
}

function NumbersTable({ label, places, series, write }: PlotProps): ReactNode {
  const { plots } = useTexts();
  return (
    <details>
      <summary>{plots.asTable}</summary>
      <Table
        caption={label}
        rows={places.map((place, index) => ({ place, index }))}
        keyOf={({ index }) => index}
        columns={[
          { title: plots.place, cell: ({ place }) => place },
          ...series.map(({ name, values }) => ({
            title: name,
            isNumber: true,
            cell: ({ index }: { readonly index: number }) => told(values[index], write),
          })),
        ]}
      />
    </details>
  );
}

interface ReadoutProps extends Pick<PlotProps, 'series' | 'write'> {
  readonly at: number;
  readonly place: string;
  readonly isLooked: boolean;
}

/** The legend, with the values of the place that is looked at, or of the last one. */
function Readout({ series, at, place, write, isLooked }: ReadoutProps): ReactNode {
  return (
    <>
      <span className={isLooked ? 'plot-place looked' : 'plot-place'}>{place}</span>
      {series.map(({ name, values }, index) => (
        <span key={name} className="plot-value">
          <svg className={`plot-key s${index % 8}`} viewBox="0 0 10 10" aria-hidden="true">
            <rect width="10" height="10" rx="3" />
          </svg>
          {name} <b>{told(values[at], write)}</b>
        </span>
      ))}
    </>
  );
}

function told(value: number | null | undefined, write: (value: number) => string): string {
  return value == null ? '–' : write(value);
}

function areaOf(given: {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly isBanded: boolean;
  readonly ticks: readonly number[];
}): PlotArea {
  const { left, width, height, count, isBanded, ticks } = given;
  const bottom = height - FOOT;
  const top = ticks.at(-1) ?? 1;
  return {
    left,
    width,
    top: TOP,
    bottom,
    xOf: (place) =>
      isBanded ? left + ((place + 0.5) / Math.max(1, count)) * width : left + (place / Math.max(1, count - 1)) * width,
    yOf: (value) => bottom - (value / top) * (bottom - TOP),
  };
}

/** How wide an element is, in pixels. */
function useWidth() {
  const ref = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(320);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.max(160, Math.floor(entry?.contentRect.width ?? 0))),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
}
