import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordCleanStop, recordRefusal, recordStart } from '../../src/serve/crash-guard.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const file = (): string => join(temporaryHome(), 'run-serve-starts.json');

/** What is judged at starts at the given times, none of which ended in order. */
async function crashAt(path: string, ...times: readonly number[]) {
  const verdicts = [];
  for (const at of times) verdicts.push(await recordStart(path, at));
  return verdicts;
}

test('the third unclean end within five minutes slows the start, the sixth leaves the channels off', async () => {
  const verdicts = await crashAt(file(), ...Array.from({ length: 8 }, (_, n) => n * SECOND));
  expect(verdicts.map(({ delayMs }) => delayMs)).toEqual([0, 0, 0, 1000, 2000, 4000, 0, 0]);
  expect(verdicts.map(({ isSafeMode }) => isSafeMode)).toEqual([false, false, false, false, false, false, true, true]);
});

test('a stop in order forgets the crashes before it', async () => {
  const path = file();
  await crashAt(path, 0, 1, 2, 3, 4, 5, 6);
  await recordCleanStop(path);
  expect(await recordStart(path, 7)).toEqual({ recentCrashes: 0, delayMs: 0, isSafeMode: false });
});

test('a refusal with a reason is no crash, and mends none', async () => {
  const path = file();
  await crashAt(path, 0, 1, 2);
  await recordRefusal(path);
  expect((await recordStart(path, 3)).recentCrashes).toBe(2);
});

test('crashes that lie apart do not add up', async () => {
  const verdicts = await crashAt(file(), ...Array.from({ length: 10 }, (_, n) => n * 3 * MINUTE));
  expect(Math.max(...verdicts.map(({ delayMs }) => delayMs))).toBe(0);
});

test('a clock that was set back does not count crashes of the future', async () => {
  const path = file();
  await crashAt(path, 100 * MINUTE, 101 * MINUTE, 102 * MINUTE, 103 * MINUTE);
  expect((await recordStart(path, 0)).recentCrashes).toBe(1);
});

test.each(['', '{', '[]', '{"crashes":"many","open":1}'])(
  'a record that reads %j keeps nobody from starting',
  async (text) => {
    const path = file();
    writeFileSync(path, text);
    expect(await recordStart(path, 0)).toEqual({ recentCrashes: 0, delayMs: 0, isSafeMode: false });
  },
);
