import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followLog, isAtLeast, lastLines, linesAround } from '../../../src/serve/service/show-log.ts';
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
const text = (level: string, second = 0) => `2026-01-02T03:04:0${second}.000Z ${level} something happened id="1"`;

test('a line is as bad as it says, in both formats; one that says nothing belongs to what went wrong', () => {
  expect(isAtLeast(text('WARN'), 'warn')).toBe(true);
  expect(isAtLeast(text('INFO'), 'warn')).toBe(false);
  expect(isAtLeast(text('TRACE'), 'debug')).toBe(false);
  expect(isAtLeast(text('FATAL'), 'error')).toBe(true);
  expect(isAtLeast('{"level":"error","time":"2026-01-02T03:04:05.000Z","msg":"x"}', 'error')).toBe(true);
  expect(isAtLeast('{"level":"info","msg":"x"}', 'error')).toBe(false);
  expect(isAtLeast('    at Object.main (file.js:1:1)', 'error')).toBe(true);
});

test('lines around an instant are half before it and half from it on', () => {
  const lines = [0, 1, 2, 3, 4, 5].map((second) => text('INFO', second));
  expect(linesAround(lines, '2026-01-02T03:04:03.000Z', 2)).toEqual(lines.slice(2, 4));
  expect(linesAround(lines, '2026-01-02T03:04:00.000Z', 2)).toEqual(lines.slice(0, 2));
  expect(linesAround(lines, '2027-01-01T00:00:00.000Z', 2)).toEqual(lines.slice(5));
});
