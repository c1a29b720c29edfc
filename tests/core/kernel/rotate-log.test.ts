import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { rotateLog } from '../../../src/core/kernel/rotate-log.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const line = (at: number, text = 'x'): string => `${new Date(at).toISOString()} INFO ${text}\n`;
const newLog = (text: string): string => {
  const file = join(temporaryHome(), 'claw.log');
  writeFileSync(file, text);
  return file;
};

test('a file that is large is moved aside, and five are kept', () => {
  const file = newLog('');
  const limits = { maxBytes: 20, keepDays: 0 };
  for (let n = 1; n <= 8; n += 1) {
    writeFileSync(file, line(NOW, `part ${n}`));
    expect(rotateLog(file, limits, NOW).rotated).toBe(true);
  }
  expect(existsSync(file)).toBe(false);
  expect([1, 2, 3, 4, 5].map((n) => readFileSync(`${file}.${n}`, 'utf8').trim().at(-1))).toEqual([
    '8',
    '7',
    '6',
    '5',
    '4',
  ]);
  expect(readdirSync(dirname(file))).toHaveLength(5);
});

test('a file below its limit, an empty one and a missing one stay as they are', () => {
  const file = newLog(line(NOW));
  expect(rotateLog(file, { maxBytes: 1000, keepDays: 14 }, NOW)).toEqual({ rotated: false, removed: 0 });
  expect(rotateLog(newLog(''), { maxBytes: 1, keepDays: 14 }, NOW).rotated).toBe(false);
  expect(rotateLog(join(temporaryHome(), 'no.log'), { maxBytes: 1, keepDays: 14 }, NOW).rotated).toBe(false);
});

test('lines are gone a little after their time, in text and in JSON', () => {
  const limits = { maxBytes: 0, keepDays: 10 };
  const json = newLog(`{"level":"info","time":"${new Date(NOW - 3 * DAY).toISOString()}","msg":"x"}\n`);
  expect(rotateLog(json, limits, NOW).rotated).toBe(true);
  const file = newLog(line(NOW - 1 * DAY));
  expect(rotateLog(file, limits, NOW).rotated).toBe(false);
  expect(rotateLog(file, limits, NOW + 2 * DAY).rotated).toBe(true);
  const old = (NOW - 11 * DAY) / 1000;
  utimesSync(`${file}.1`, old, old);
  expect(rotateLog(file, limits, NOW).removed).toBe(1);
  expect(existsSync(`${file}.1`)).toBe(false);
});

test('a rotation that died half-way is taken over after a while', () => {
  const file = newLog(line(NOW));
  writeFileSync(`${file}.lock`, '');
  const limits = { maxBytes: 1, keepDays: 0 };
  expect(rotateLog(file, limits, Date.now()).rotated).toBe(false);
  expect(rotateLog(file, limits, Date.now() + 11_000).rotated).toBe(false);
  expect(rotateLog(file, limits, Date.now()).rotated).toBe(true);
});

const program = join(import.meta.dirname, 'write-log.ts');

test('three processes that write at once lose no line and tear none', async () => {
  const file = join(temporaryHome(), 'claw.log');
  const [processes, lines] = [3, 1000];
  // Six files of 100 kB hold all of it, so that nothing is deleted.
  const children = Array.from({ length: processes }, (_, n) =>
    spawn(process.execPath, [program, file, String(n), String(lines), '100000'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  await Promise.all(children.map((child) => once(child, 'exit')));
  const files = readdirSync(dirname(file));
  expect(files).toContain('claw.log.1');
  const written = files.flatMap((name) =>
    readFileSync(join(dirname(file), name), 'utf8')
      .trim()
      .split('\n'),
  );
  const numbers = written.map((text) => (JSON.parse(text) as { n: string }).n);
  expect(new Set(numbers).size).toBe(processes * lines);
  expect(numbers).toHaveLength(processes * lines);
}, 20_000);
