import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Log, LogFields } from '../../src/core/kernel/log.ts';
import { pruneLeftovers, runMaintenance } from '../../src/serve/maintenance.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';
import { quietLog } from '../fakes/quiet-log.ts';

const MINUTE = 60_000;

function recordingLog(): { log: Log; lines: [string, LogFields][] } {
  const lines: [string, LogFields][] = [];
  const write = (fields: LogFields, message: string): void => void lines.push([message, fields]);
  return { log: { ...quietLog, info: write, error: write }, lines };
}

test('every ten minutes, a little earlier or later, each task runs and one line counts what was done', async () => {
  const clock = manualClock();
  const { log, lines } = recordingLog();
  const stop = new AbortController();
  const tasks = { one: async () => ({ files: 2 }), two: async () => ({ bytes: 3 }) };
  const ended = runMaintenance({ tasks, clock, log, random: () => 0 }, stop.signal);
  expect(clock.sleeping()).toEqual([9 * MINUTE]);
  await clock.advance(9 * MINUTE);
  expect(lines).toEqual([['maintenance done', { files: 2, bytes: 3, ms: 0 }]]);
  await clock.advance(9 * MINUTE);
  expect(lines).toHaveLength(2);
  stop.abort();
  await ended;
});

test('a task that fails is told and does not keep the others from running', async () => {
  const clock = manualClock();
  const { log, lines } = recordingLog();
  const stop = new AbortController();
  const failing = async (): Promise<never> => {
    throw new Error('disk full');
  };
  const tasks = { bad: failing, good: async () => ({ files: 1 }) };
  void runMaintenance({ tasks, clock, log, random: () => 1 }, stop.signal);
  await clock.advance(11 * MINUTE);
  expect(lines).toEqual([
    ['maintenance task failed', { task: 'bad', error: 'disk full' }],
    ['maintenance done', { files: 1, ms: 0 }],
  ]);
  stop.abort();
});

test('a task that takes hours is told to end when the server stops', async () => {
  const clock = manualClock();
  const stop = new AbortController();
  const begun = Promise.withResolvers<void>();
  const slow = async (signal: AbortSignal): Promise<LogFields> => {
    begun.resolve();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return { ended: true };
  };
  const { log, lines } = recordingLog();
  const ended = runMaintenance({ tasks: { slow }, clock, log, random: () => 0 }, stop.signal);
  await clock.advance(9 * MINUTE);
  await begun.promise;
  stop.abort();
  await ended;
  expect(lines).toEqual([['maintenance done', { ended: true, ms: 0 }]]);
});

test('what killed processes left behind goes after an hour, and nothing else', async () => {
  const folder = temporaryHome();
  const left = ['.tmp-serve.json', 'x.lock.0b0e8400-e29b-41d4-a716-446655440000'];
  for (const name of [...left, 'serve.json', 'serve.lock', '.tmp-young']) writeFileSync(join(folder, name), '');
  const old = Date.now() / 1000 - 3700;
  for (const name of [...left, 'serve.json', 'serve.lock']) utimesSync(join(folder, name), old, old);
  expect(await pruneLeftovers(folder, Date.now())).toBe(2);
  expect(readdirSync(folder).toSorted()).toEqual(['.tmp-young', 'serve.json', 'serve.lock']);
  expect(await pruneLeftovers(join(folder, 'missing'), Date.now())).toBe(0);
});
