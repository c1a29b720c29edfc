/** Owns the page of what the server counts: plots over the time that is chosen, and all counts as a table. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask, type ApiError, type Result } from '../api/client.ts';
import { readMetrics, type Sample } from '../api/metrics.ts';
import { LinePlot } from '../components/line-plot.tsx';
import type { Series } from '../components/series.ts';
import { PageHead } from '../components/page-head.tsx';
import { Section } from '../components/section.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { bytes, clockTime, count, duration } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import type { Texts } from '../language/texts.ts';
import './metrics.css';

/** The server takes a sample as often; asked for while this page is seen, because nothing tells of it. */
const EVERY_MS = 10_000;
const SPANS = [15, 60, 360, 1440] as const;

type Point = Result<'GET /metrics/history'>['points'][number];

interface Plot {
  readonly key: string;
  readonly title: string;
  readonly write: (value: number) => string;
  readonly series: readonly Series[];
  readonly isWhole?: boolean;
}

export function Metrics(): ReactNode {
  const { nav, metrics } = useTexts();
  const [minutes, setMinutes] = useState<number>(60);
  const history = useQuery<Result<'GET /metrics/history'>, ApiError>({
    queryKey: ['GET /metrics/history', { query: { minutes } }],
    queryFn: ({ signal }) => ask('GET /metrics/history', { query: { minutes } }, signal),
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: false,
  });
  return (
    <>
      <PageHead
        title={nav.metrics}
        lead={metrics.lead}
        actions={
          <label className="field">
            {metrics.span}
            <select value={minutes} onChange={({ target }) => setMinutes(Number(target.value))}>
              {SPANS.map((each) => (
                <option key={each} value={each}>
                  {metrics.lastMinutes(each)}
                </option>
              ))}
            </select>
          </label>
        }
      />
      <Loaded of={history}>
        {({ points }) => (points.length < 2 ? <Nothing>{metrics.tooEarly}</Nothing> : <Plots points={points} />)}
      </Loaded>
      <AllCounts />
    </>
  );
}

function Plots({ points }: { readonly points: readonly Point[] }): ReactNode {
  const { metrics } = useTexts();
  const places = points.map(({ at }) => clockTime(at));
  return (
    <div className="metrics-plots">
      {plotsOf(points, metrics).map(({ key, title, ...plot }) => (
        <Section key={key} title={title}>
          <LinePlot label={title} places={places} {...plot} />
        </Section>
      ))}
    </div>
  );
}

function plotsOf(points: readonly Point[], texts: Texts['metrics']): readonly Plot[] {
  const of = (name: string, value: (point: Point) => number | null): Series => ({ name, values: points.map(value) });
  return [
    {
      key: 'latency',
      title: texts.latency,
      write: duration,
      series: [of('p50', ({ turn_p50: p50 }) => p50), of('p95', ({ turn_p95: p95 }) => p95)],
    },
    {
      key: 'tokens',
      title: texts.tokens,
      write: count,
      series: [of(texts.input, (point) => point.input_tokens), of(texts.output, (point) => point.output_tokens)],
      isWhole: true,
    },
    { key: 'turns', title: texts.turns, write: count, series: [of(texts.turns, ({ turns }) => turns)], isWhole: true },
    {
      key: 'tools',
      title: texts.toolTime,
      write: duration,
      series: [of(texts.perCall, ({ tool_seconds: all, tool_calls: calls }) => (calls === 0 ? null : all / calls))],
    },
    {
      key: 'queue',
      title: texts.queue,
      write: count,
      series: [of(texts.waiting, ({ waiting }) => waiting), of(texts.running, ({ running }) => running)],
      isWhole: true,
    },
    { key: 'delay', title: texts.delay, write: duration, series: [of('p99', ({ loop_delay: late }) => late)] },
    {
      key: 'errors',
      title: texts.errorsAndRequests,
      write: count,
      series: [of(texts.errors, ({ errors }) => errors), of(texts.requests, ({ requests }) => requests)],
      isWhole: true,
    },
    {
      key: 'memory',
      title: texts.memory,
      write: bytes,
      series: [of(texts.memory, ({ memory_bytes: memory }) => memory)],
    },
  ];
}

/** Everything that is told to Prometheus, as it is now. */
function AllCounts(): ReactNode {
  const { metrics } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="metrics-all" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{metrics.everything}</summary>
      {isOpen ? <CountsTable /> : null}
    </details>
  );
}

function CountsTable(): ReactNode {
  const { metrics, words } = useTexts();
  const [text, setText] = useState('');
  const now = useQuery<readonly Sample[], ApiError>({
    queryKey: ['metrics'],
    queryFn: ({ signal }) => readMetrics(signal),
  });
  return (
    <>
      <label className="field">
        {words.search}
        <input type="search" value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      <Loaded of={now}>
        {(samples) => (
          <Table
            caption={metrics.everything}
            rows={samples.filter(({ name }) => name.includes(text))}
            keyOf={({ name }) => name}
            columns={[
              { title: words.name, cell: ({ name }) => <code>{name}</code> },
              { title: words.value, cell: ({ value }) => count(value), isNumber: true },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}
