/** Owns how this process was over the last day: a sample every ten seconds in a ring of fixed size, handed out as a few hundred points. It is gone with the process. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import { FAMILIES } from '../core/kernel/metric-families.ts';
import { quantileOf } from '../core/kernel/quantile.ts';

/** What was counted or measured between two instants. Times are seconds. */
export interface HistoryPoint {
  /** End of the span, milliseconds UTC. */
  readonly at: number;
  readonly turns: number;
  /** Half of the turns, and 95 of 100, took no longer; null when none ended. */
  readonly turn_p50: number | null;
  readonly turn_p95: number | null;
  readonly tool_calls: number;
  readonly tool_seconds: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly requests: number;
  readonly errors: number;
  /** The most that waited, ran, was late or was held at a sample of the span. */
  readonly waiting: number;
  readonly running: number;
  readonly loop_delay: number;
  readonly memory_bytes: number;
}

export interface History {
  readonly every_seconds: number;
  readonly points: readonly HistoryPoint[];
}

export interface MetricsHistory {
  /** The last `minutes`, oldest first. */
  read(minutes: number): History;
}

const EVERY_MS = 10_000;
/** Those of a day. */
const CAPACITY = (24 * 60 * 60_000) / EVERY_MS;
const MOST_POINTS = 240;

/** Values of a sample: what is counted from the start, and what is measured at its instant. */
const COUNTED = ['turns', 'tool_calls', 'tool_seconds', 'input_tokens', 'output_tokens', 'requests', 'errors'] as const;
const MEASURED = ['waiting', 'running', 'loop_delay', 'memory_bytes'] as const;
const BUCKETS = FAMILIES.turnSeconds.buckets;

interface Sample {
  readonly at: number;
  readonly counted: Readonly<Record<(typeof COUNTED)[number], number>>;
  readonly measured: Readonly<Record<(typeof MEASURED)[number], number>>;
  /** Turns that took no longer than each bound. */
  readonly buckets: readonly number[];
}

interface HistoryDeps {
  readonly app: Pick<App, 'clock' | 'meters' | 'store'>;
  readonly log: Log;
  /** Seconds by which the event loop was late since the last question. */
  readonly loopDelay: () => number;
}

/** Samples until `signal` aborts. */
export function keepMetricsHistory({ app, log, loopDelay }: HistoryDeps, signal: AbortSignal): MetricsHistory {
  const ring = createRing();
  const look = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        ring.add(await takeSample(app, loopDelay()));
      } catch (error) {
        log.debug({ error: toError(error).message }, 'a sample of the metrics was left out');
      }
      await app.clock.sleep(EVERY_MS, signal).catch(() => {});
    }
  };
  void look();
  return {
    read: (minutes) => ({ every_seconds: EVERY_MS / 1000, points: pointsOf(ring.last((minutes * 60_000) / EVERY_MS)) }),
  };
}

async function takeSample({ clock, meters, store }: HistoryDeps['app'], loopDelay: number): Promise<Sample> {
  const { inbound, outbox, journal } = await store();
  const [taken, sent, running] = await Promise.all([inbound.depths(), outbox.depths(), journal.runningTurns()]);
  const turns = meters.total(FAMILIES.turnSeconds);
  const tools = meters.total(FAMILIES.toolSeconds);
  const sum = (depths: Readonly<Record<string, number>>): number =>
    Object.values(depths).reduce((total, count) => total + count, 0);
  return {
    at: clock.now(),
    counted: {
      turns: turns.count,
      tool_calls: tools.count,
      tool_seconds: tools.value,
      input_tokens: meters.total(FAMILIES.tokens, { kind: 'input' }).value,
      output_tokens: meters.total(FAMILIES.tokens, { kind: 'output' }).value,
      requests: meters.total(FAMILIES.http).value,
      errors: meters.total(FAMILIES.errors).value,
    },
    measured: {
      waiting: sum(taken) + sum(sent),
      running: running.length,
      loop_delay: loopDelay,
      memory_bytes: process.memoryUsage.rss(),
    },
    buckets: turns.buckets,
  };
}

const WIDTH = 1 + COUNTED.length + MEASURED.length + BUCKETS.length;

/** Numbers in one block of memory: a day of objects would be a hundred thousand things to collect. */
function createRing() {
  const block = new Float64Array(CAPACITY * WIDTH);
  let added = 0;
  const read = (index: number): Sample => {
    const from = (index % CAPACITY) * WIDTH;
    const [at = 0, ...values] = block.subarray(from, from + WIDTH);
    const named = <Name extends string>(names: readonly Name[], offset: number) =>
      Object.fromEntries(names.map((name, place) => [name, values[offset + place] ?? 0])) as Record<Name, number>;
    return {
      at,
      counted: named(COUNTED, 0),
      measured: named(MEASURED, COUNTED.length),
      buckets: values.slice(COUNTED.length + MEASURED.length),
    };
  };
  return {
    add({ at, counted, measured, buckets }: Sample): void {
      const numbers = [at, ...COUNTED.map((name) => counted[name]), ...MEASURED.map((name) => measured[name])];
      block.set([...numbers, ...BUCKETS.map((_, place) => buckets[place] ?? 0)], (added % CAPACITY) * WIDTH);
      added += 1;
    },
    /** The last `count` samples, and the one before them. */
    last(count: number): readonly Sample[] {
      const from = Math.max(0, added - CAPACITY, added - Math.ceil(count) - 1);
      return Array.from({ length: added - from }, (_, place) => read(from + place));
    },
  };
}

/** As many samples together as it takes to make at most `MOST_POINTS` points. */
function pointsOf(samples: readonly Sample[]): readonly HistoryPoint[] {
  const [first, ...rest] = samples;
  if (first === undefined) return [];
  const size = Math.max(1, Math.ceil(rest.length / MOST_POINTS));
  const points: HistoryPoint[] = [];
  let before = first;
  for (let from = 0; from < rest.length; from += size) {
    const span = rest.slice(from, from + size);
    const last = span.at(-1) ?? before;
    points.push(pointOf(before, span, last));
    before = last;
  }
  return points;
}

function pointOf(before: Sample, span: readonly Sample[], last: Sample): HistoryPoint {
  const grown = Object.fromEntries(COUNTED.map((name) => [name, last.counted[name] - before.counted[name]]));
  const most = Object.fromEntries(
    MEASURED.map((name) => [name, Math.max(...span.map(({ measured }) => measured[name]))]),
  );
  const ended = {
    count: last.counted.turns - before.counted.turns,
    buckets: last.buckets.map((each, at) => each - (before.buckets[at] ?? 0)),
  };
  return {
    at: last.at,
    ...(grown as Sample['counted']),
    ...(most as Sample['measured']),
    turn_p50: quantileOf(0.5, BUCKETS, ended),
    turn_p95: quantileOf(0.95, BUCKETS, ended),
  };
}
