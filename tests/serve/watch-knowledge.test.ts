import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchKnowledge } from '../../src/serve/watch-knowledge.ts';
import { openBase } from '../core/knowledge/base.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { quietLog } from '../fakes/quiet-log.ts';

test('a watched folder is kept in step while the server runs', async () => {
  const { knowledge, store, home } = await openBase();
  const folder = join(home, 'notes');
  mkdirSync(folder);
  await knowledge.addFolder({ id: 'ann' }, folder, { watch: true });
  writeFileSync(join(folder, 'new.txt'), 'A heron stood in the pond.');
  const clock = manualClock();
  const stop = new AbortController();
  const settings = { get: () => 15 } as never;
  const app = { clock, settings, store: async () => store, knowledge: async () => knowledge };
  const watching = watchKnowledge(app, quietLog, stop.signal);
  expect(await knowledge.search('ann', 'heron', 1)).toEqual([]);
  await clock.advance(15_000);
  await expect.poll(() => knowledge.search('ann', 'heron', 1)).toHaveLength(1);
  stop.abort();
  await watching;
});
