import { expect, test } from 'vitest';
import type { App } from '../../src/core/create-app.ts';
import { learnFromConversations } from '../../src/serve/learn-from-conversations.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { quietLog } from '../fakes/quiet-log.ts';

test('the server ends quiet conversations and runs what waits, again and again, whatever fails', async () => {
  const clock = manualClock();
  const stop = new AbortController();
  const done: string[] = [];
  const learning = {
    endQuiet: async () => done.push('end'),
    run: async () => {
      done.push('run');
      if (done.length === 2) throw new Error('the store is busy');
      return [];
    },
  };
  const app = { clock, learning: async () => learning } as unknown as App;
  const running = learnFromConversations(app, quietLog, stop.signal);
  await clock.advance(15_000);
  await clock.advance(15_000);
  expect(done).toEqual(['end', 'run', 'end', 'run']);
  stop.abort();
  await running;
});
