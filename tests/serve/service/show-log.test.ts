import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followLog, lastLines } from '../../../src/serve/service/show-log.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const newFile = (): string => join(temporaryHome(), 'claw.log');

test('the last lines are shown, from the file before when the current one is short', async () => {
  const file = newFile();
  expect(await lastLines(file, 5)).toEqual([]);
  writeFileSync(`${file}.1`, 'a\nb\nc\n');
  writeFileSync(file, 'd\ne\n');
  expect(await lastLines(file, 2)).toEqual(['d', 'e']);
  expect(await lastLines(file, 4)).toEqual(['b', 'c', 'd', 'e']);
  expect(await lastLines(file, 0)).toEqual([]);
});

test('what is added is shown once, also when the file is moved aside in between', async () => {
  const file = newFile();
  writeFileSync(file, 'old\n');
  const clock = manualClock();
  const stop = new AbortController();
  let shown = '';
  let turn = Promise.withResolvers<void>();
  const ended = followLog(file, 4, {
    // Each look at the file is over when it sleeps again.
    clock: { ...clock, sleep: (ms, signal) => (turn.resolve(), clock.sleep(ms, signal)) },
    show: (text) => (shown += text),
    signal: stop.signal,
  });
  const look = async (): Promise<void> => {
    await turn.promise;
    turn = Promise.withResolvers<void>();
    await clock.advance(500);
    await turn.promise;
  };
  appendFileSync(file, 'one\n');
  await look();
  expect(shown).toBe('one\n');
  appendFileSync(file, 'two\n');
  renameSync(file, `${file}.1`);
  writeFileSync(file, '한글\n');
  await look();
  expect(shown).toBe('one\ntwo\n한글\n');
  await look();
  expect(shown).toBe('one\ntwo\n한글\n');
  stop.abort();
  await ended;
});
