/** Owns what /metrics says: what was counted in this process, and what is read when it is asked for. Queues are those of the home, so other processes are in them. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { accountState } from '../core/accounts/account-state.ts';
import type { App } from '../core/create-app.ts';
import { FAMILIES } from '../core/kernel/metric-families.ts';
import type { Family, Labels, Reading } from '../core/kernel/meters.ts';

interface MetricsDeps {
  readonly app: App;
  readonly version: string;
  /** WebSockets that are open. */
  readonly sockets: () => number;
}

export interface ServerMetrics {
  /** The text for Prometheus. */
  text(): Promise<string>;
  /** Seconds by which all but one of a hundred timers were late since the last question. */
  loopDelay(): number;
  stop(): void;
}

/** How long what was read of the store is told again, in milliseconds. */
const STORE_MS = 1000;
/** How often the delay of the event loop is measured, in milliseconds: each time wakes a server that is idle. */
const RESOLUTION_MS = 200;

export function createServerMetrics({ app, version, sockets }: MetricsDeps): ServerMetrics {
  const started = app.clock.elapsed();
  const delay = createHistogram();
  const lately = createHistogram();
  const stopMeasuring = measureDelay([delay, lately]);
  let read: { readonly at: number; readonly readings: Promise<readonly Reading[]> } | undefined;
  const stored = (): Promise<readonly Reading[]> => {
    const now = app.clock.elapsed();
    if (read === undefined || now - read.at >= STORE_MS) read = { at: now, readings: readStore(app) };
    return read.readings;
  };
  return {
    loopDelay() {
      const late = lately.count === 0 ? 0 : seconds(lately.percentile(99));
      lately.reset();
      return late;
    },
    async text() {
      const { rss, heapUsed } = process.memoryUsage();
      const readings = [
        ...(await stored()),
        one('claw_websockets', 'WebSockets that are open', sockets()),
        gauge('claw_event_loop_delay_seconds', 'Delay of the event loop since the start', [
          [{ quantile: '0.5' }, seconds(delay.percentile(50))],
          [{ quantile: '0.99' }, seconds(delay.percentile(99))],
          [{ quantile: '1' }, seconds(delay.max)],
        ]),
        one('claw_resident_memory_bytes', 'Resident memory', rss),
        one('claw_heap_used_bytes', 'Memory of the heap that is in use', heapUsed),
        one('claw_uptime_seconds', 'Time since the server takes clients', (app.clock.elapsed() - started) / 1000),
        gauge('claw_build_info', 'Versions', [[{ version, node: process.version }, 1]]),
      ];
      return app.meters.text(Object.values(FAMILIES), readings);
    },
    stop: stopMeasuring,
  };
}

/** Writes down how late a timer is, in microseconds, until the returned function is called. One histogram of node cannot be both of the whole time and of the last seconds. */
function measureDelay(histograms: readonly RecordableHistogram[]): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // A histogram takes whole numbers from 1 on.
    const late = Math.max(1, Math.round((now - last - RESOLUTION_MS) * 1000));
    for (const histogram of histograms) histogram.record(late);
    last = now;
  }, RESOLUTION_MS);
  timer.unref();
  return () => clearInterval(timer);
}

const seconds = (microseconds: number): number => microseconds / 1e6;

const BREAKER_VALUES = { closed: 0, 'half-open': 1, open: 2 } as const;

async function readStore(app: App): Promise<readonly Reading[]> {
  const { inbound, outbox, journal, audit, accounts } = await app.store();
  const breakers = await (await app.models()).breakers();
  const now = app.clock.now();
  const [taken, sent, running, head, logins] = await Promise.all([
    inbound.depths(),
    outbox.depths(),
    journal.runningTurns(),
    audit.head(),
    accounts.list(),
  ]);
  return [
    gauge('claw_inbound_messages', 'Messages that wait for a turn, by state', byState(taken)),
    gauge('claw_outbox_messages', 'Messages to send that are not delivered, by state', byState(sent)),
    one('claw_running_turns', 'Turns that run', running.length),
    gauge(
      'claw_model_breaker_state',
      'Circuit breaker of each provider: 0 closed, 1 half-open, 2 open',
      Object.entries(breakers).map(([provider, state]) => [{ provider }, BREAKER_VALUES[state]]),
    ),
    gauge('claw_audit_rows_total', 'Rows of the audit trail since its beginning', [[{}, head?.seq ?? 0]], 'counter'),
    gauge(
      'claw_account_state',
      'Log-ins at other services, by state',
      logins.map((row) => [{ account: row.name, state: accountState(row, now) }, 1]),
    ),
  ];
}

const byState = (depths: Readonly<Record<string, number>>): Reading['samples'] =>
  Object.entries(depths).map(([state, count]) => [{ state }, count]);

function gauge(
  name: string,
  help: string,
  samples: readonly (readonly [Labels, number])[],
  type: Family['type'] = 'gauge',
): Reading {
  return { family: { name, help, type }, samples };
}

const one = (name: string, help: string, value: number): Reading => gauge(name, help, [[{}, value]]);
