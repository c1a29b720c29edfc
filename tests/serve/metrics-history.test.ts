import { expect, test } from 'vitest';
import { FAMILIES } from '../../src/core/kernel/metric-families.ts';
import { createMeters } from '../../src/core/kernel/meters.ts';
import { keepMetricsHistory } from '../../src/serve/metrics-history.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import type { App } from '../../src/core/create-app.ts';

const EVERY_MS = 10_000;

function open() {
  const meters = createMeters();
  const clock = manualClock(0);
  const step = (): Promise<void> => clock.advance(EVERY_MS);
  const waiting = { pending: 0 };
  const store = async () => ({
    inbound: { depths: async () => waiting },
    outbox: { depths: async () => ({}) },
    journal: { runningTurns: async () => [] },
  });
  const log = { debug: (fields: unknown) => expect(fields).toBeUndefined() };
  const deps = { app: { clock, meters, store }, log, loopDelay: () => 0.5 } as unknown as {
    app: App;
    log: Parameters<typeof keepMetricsHistory>[0]['log'];
    loopDelay: () => number;
  };
  const stop = new AbortController();
  return { meters, step, waiting, history: keepMetricsHistory(deps, stop.signal), stop };
}

test('a point tells what came since the one before, and the most that was measured', async () => {
  const { meters, step, waiting, history } = open();
  await step();
  meters.add(FAMILIES.tokens, { model: 'a', kind: 'input' }, 100);
  meters.add(FAMILIES.tokens, { model: 'b', kind: 'input' }, 20);
  meters.add(FAMILIES.tokens, { model: 'b', kind: 'output' }, 7);
  meters.observe(FAMILIES.turnSeconds, {}, 0.9);
  waiting.pending = 3;
  await step();
  waiting.pending = 0;
  await step();
  const { points } = history.read(60);
  expect(points).toHaveLength(3);
  expect(points[1]).toMatchObject({
    at: 2 * EVERY_MS,
    input_tokens: 120,
    output_tokens: 7,
    turns: 1,
    waiting: 3,
    loop_delay: 0.5,
  });
  expect(points[1]?.turn_p50).toBeGreaterThan(0.5);
  expect(points[2]).toMatchObject({ input_tokens: 0, turns: 0, turn_p50: null, waiting: 0 });
});

test('a day of samples is all that is kept, and comes as few points that count everything once', async () => {
  const { meters, step, history } = open();
  // One at every second sample.
  for (let count = 0; count < 4_500; count += 1) {
    meters.add(FAMILIES.errors, { code: 'x', where: 'http' });
    await step();
    await step();
  }
  const { points } = history.read(1440);
  expect(points.length).toBeLessThanOrEqual(240);
  expect(points.reduce((sum, { errors }) => sum + errors, 0)).toBeCloseTo(4_320, -1);
  expect(points.at(-1)?.at).toBe(9_000 * EVERY_MS);
});
