import { expect, test } from 'vitest';
import type { Registries } from '../../src/core/marketplace/registries.ts';
import { refreshRegistries } from '../../src/serve/refresh-registries.ts';
import { manualClock } from '../fakes/manual-clock.ts';

function server(locations: readonly string[]) {
  const clock = manualClock();
  let asked = 0;
  const registries = async (): Promise<Registries & { seen: [] }> => {
    asked += 1;
    return { loaded: [], remarks: ['one is left out'], seen: [] };
  };
  const app = { clock, settings: { get: () => locations }, marketplace: async () => ({ registries }) };
  return { clock, task: refreshRegistries(app as never), asked: () => asked };
}

const signal = new AbortController().signal;

test('registries on the web are asked once a day', async () => {
  const { clock, task, asked } = server(['shipped', 'https://example.com/tools/']);
  expect(await task(signal)).toEqual({ registries_read: 0, registry_remarks: 1 });
  await clock.advance(23 * 3_600_000);
  expect(await task(signal)).toEqual({});
  await clock.advance(3_600_000);
  await task(signal);
  expect(asked()).toBe(2);
});

test('nothing is asked when there is none on the web', async () => {
  const { task, asked } = server(['shipped', '/srv/tools']);
  expect(await task(signal)).toEqual({});
  expect(asked()).toBe(0);
});
