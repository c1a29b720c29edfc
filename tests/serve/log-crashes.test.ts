import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../fakes/temporary-home.ts';

const program = join(import.meta.dirname, 'crash-while-logging.ts');

test.each([
  ['throw', 'uncaughtException'],
  ['reject', 'unhandledRejection'],
])('what ends the server by a bug (%s) is the last line of its log, masked, and it ends', (how, origin) => {
  const file = join(temporaryHome(), 'claw.log');
  const { status, stderr } = spawnSync(process.execPath, [program, file, how], { encoding: 'utf8', timeout: 10_000 });
  expect([status, stderr]).toEqual([1, expect.stringContaining('a bug with')]);
  const last = JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '') as unknown;
  expect(last).toMatchObject({ level: 'error', origin, error: expect.stringContaining('a bug with [masked]') });
});
