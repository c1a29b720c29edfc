/** Owns the page of what the server counts: a few lines over the time this page is open, and all counts as a table. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ApiError } from '../api/client.ts';
import { readMetrics, type Sample, sumOf } from '../api/metrics.ts';
import { LinePlot } from '../components/line-plot.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { bytes, count } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

const EVERY_MS = 5_000;
/** Ten minutes. */
const MOST_POINTS = 120;

interface Plot {
  readonly key: 'delay' | 'memory' | 'requests' | 'turns' | 'tokens' | 'errors';
  readonly family: string;
  /** What came since the last look, rather than the count from the start. */
  readonly isRate: boolean;
  readonly write: (value: number) => string;
}

const PLOTS: readonly Plot[] = [
  {
    key: 'delay',
    family: 'claw_event_loop_delay_seconds{quantile="0.99"}',
    isRate: false,
    write: (value) => `${(value * 1000).toFixed(1)} ms`,
  },
  { key: 'memory', family: 'claw_resident_memory_bytes', isRate: false, write: bytes },
  { key: 'requests', family: 'claw_http_requests_total', isRate: true, write: count },
  { key: 'turns', family: 'claw_turns_total', isRate: true, write: count },
  { key: 'tokens', family: 'claw_model_tokens_total', isRate: true, write: count },
  { key: 'errors', family: 'claw_errors_total', isRate: true, write: count },
];

type Point = Readonly<Record<Plot['key'], number>>;

export function Metrics(): ReactNode {
  const { nav, metrics, words } = useTexts();
  const [points, setPoints] = useState<readonly Point[]>([]);
  const now = useQuery<readonly Sample[], ApiError>({
    queryKey: ['metrics'],
    queryFn: async ({ signal }) => {
      const samples = await readMetrics(signal);
      setPoints((before) => [...before, pointOf(samples)].slice(-MOST_POINTS));
      return samples;
    },
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: false,
  });
  return (
    <>
      <h1>{nav.metrics}</h1>
      <Loaded of={now}>
        {(samples) => (
          <>
            <div className="tiles">
              {PLOTS.map(({ key, isRate, write }) => (
                <LinePlot key={key} label={metrics[key]} values={valuesOf(points, key, isRate)} write={write} />
              ))}
            </div>
            <details>
              <summary>{words.all}</summary>
              <Table
                caption={nav.metrics}
                rows={samples}
                keyOf={({ name }) => name}
                columns={[
                  { title: words.name, cell: ({ name }) => <code>{name}</code> },
                  { title: words.value, cell: ({ value }) => count(value), isNumber: true },
                ]}
              />
            </details>
          </>
        )}
      </Loaded>
    </>
  );
}

function pointOf(samples: readonly Sample[]): Point {
  const of = (key: Plot['key']): number => sumOf(samples, PLOTS.find((plot) => plot.key === key)?.family ?? '');
  return {
    delay: of('delay'),
    memory: of('memory'),
    requests: of('requests'),
    turns: of('turns'),
    tokens: of('tokens'),
    errors: of('errors'),
  };
}

function valuesOf(points: readonly Point[], key: Plot['key'], isRate: boolean): readonly number[] {
  const all = points.map((point) => point[key]);
  // A server that was started again counts from 0.
  return isRate ? all.map((value, at) => (at === 0 ? 0 : Math.max(0, value - (all[at - 1] ?? 0)))) : all;
}
