import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../../src/core/kernel/log.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const options = (level: 'trace' | 'warn' | 'silent', format: 'text' | 'json') => ({
  file: join(temporaryHome(), 'logs', 'claw.log'),
  level: () => level,
  format: () => format,
  limits: () => ({ maxBytes: 0, keepDays: 0 }),
  mask: (text: string) => text.replaceAll('hunter2', '[masked]'),
});

test('lines of the level and above are in the file, masked, for the owner only', async () => {
  const given = options('warn', 'json');
  const log = createLog(given);
  log.info({}, 'not this');
  log.warn({ turn: 't1', note: 'hunter2' }, 'this');
  await log.close();
  const lines = readFileSync(given.file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toMatchObject([{ level: 'warn', turn: 't1', note: '[masked]', msg: 'this' }]);
  expect(statSync(given.file).mode & 0o777).toBe(0o600);
});

test('text lines read as time, level, message and fields', async () => {
  const given = options('trace', 'text');
  const log = createLog(given);
  log.debug({ turn: 't1', ms: 3 }, 'tool call ended');
  await log.close();
  expect(readFileSync(given.file, 'utf8')).toMatch(/^\d{4}-\S+Z DEBUG tool call ended turn="t1" ms=3\n$/);
});

test('a silent log creates nothing', async () => {
  const given = options('silent', 'json');
  const log = createLog(given);
  log.error({}, 'nobody hears');
  await log.close();
  expect(existsSync(given.file)).toBe(false);
});

test('lines of a part of the log carry the ids it was given', async () => {
  const given = options('trace', 'json');
  const log = createLog(given).with({ message: 'm1' }).with({ turn: 't1' });
  log.info({ outbox: 'o1' }, 'sent');
  await log.close();
  expect(JSON.parse(readFileSync(given.file, 'utf8'))).toMatchObject({ message: 'm1', turn: 't1', outbox: 'o1' });
});

test('a level that changes counts from the next line on', async () => {
  let level: 'error' | 'info' = 'error';
  const given = { ...options('trace', 'text'), level: () => level };
  const log = createLog(given);
  log.info({}, 'first');
  level = 'info';
  log.info({}, 'second');
  await log.close();
  expect(readFileSync(given.file, 'utf8')).toMatch(/^\S+ INFO second\n$/);
});
