/** Owns what /metrics says: what was counted in this process, and what is read when it is asked for. Queues are those of the home, so other processes are in them. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
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
  stop(): void;
}

/** How long what was read of the store is told again, in milliseconds. */
const STORE_MS = 1000;
/** How often the delay of the event loop is measured, in milliseconds: each time wakes a server that is idle. */
const RESOLUTION_MS = 200;

export function createServerMetrics({ app, version, sockets }: MetricsDeps): ServerMetrics {
  const started = app.clock.elapsed();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let read: { readonly at: number; readonly readings: Promise<readonly Reading[]> } | undefined;
  const stored = (): Promise<readonly Reading[]> => {
    const now = app.clock.elapsed();
    if (read === undefined || now - read.at >= STORE_MS) read = { at: now, readings: readStore(app) };
    return read.readings;
  };
  return {
    async text() {
      const { rss, heapUsed } = process.memoryUsage();
      const readings = [
        ...(await stored()),
        one('claw_websockets', 'WebSockets that are open', sockets()),
        gauge('claw_event_loop_delay_seconds', 'Delay of the event loop since the start', [
          [{ quantile: '0.5' }, lateness(delay.percentile(50))],
          [{ quantile: '0.99' }, lateness(delay.percentile(99))],
          [{ quantile: '1' }, lateness(delay.max)],
        ]),
        one('claw_resident_memory_bytes', 'Resident memory', rss),
        one('claw_heap_used_bytes', 'Memory of the heap that is in use', heapUsed),
        one('claw_uptime_seconds', 'Time since the server takes clients', (app.clock.elapsed() - started) / 1000),
        gauge('claw_build_info', 'Versions', [[{ version, node: process.version }, 1]]),
      ];
      return app.meters.text(Object.values(FAMILIES), readings);
    },
    stop: () => delay.disable(),
  };
}

/** Seconds by which a timer of node was late; `nanoseconds` has its interval in it. */
const lateness = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000);

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
