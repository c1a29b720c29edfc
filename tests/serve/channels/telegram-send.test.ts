import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { telegramBench } from '../../fakes/telegram/telegram-bench.ts';

test('A15: a page of a proxy with 502 or 429 says that nothing was sent', async () => {
  const it = await telegramBench();
  it.server.fail('sendMessage', { kind: 'page', status: 502 }, { kind: 'page', status: 429, retryAfter: 3 });
  expect(await it.failure()).toMatchObject({ kind: 'not-sent', message: expect.stringContaining('502') });
  expect(await it.failure()).toMatchObject({ kind: 'not-sent', retryAfterMs: 3000 });
});

test('an answer that begins and never ends is given up at the deadline', async () => {
  const it = await telegramBench();
  it.server.fail('sendMessage', { kind: 'stall' });
  expect(await it.failure()).toMatchObject({ kind: 'unknown', message: 'Telegram: timeout' });
});

test('a file goes out with its name and bytes; one that is gone is surely not sent', async () => {
  const it = await telegramBench();
  const path = join(it.home, 'report.txt');
  writeFileSync(path, 'forty-two 사십이');
  const file = { name: 'report.txt', mediaType: 'text/plain', path };
  await it.send({ text: 'see **this**', file });
  const document = it.server.calls.find(({ method }) => method === 'sendDocument');
  expect(JSON.stringify(document?.raw)).toMatch(/filename=.*report\.txt.*forty-two 사십이/);
  expect(it.server.textsIn(42)).toEqual(['see this']);
  expect(await it.failure({ file: { ...file, path: join(it.home, 'gone') } })).toMatchObject({ kind: 'rejected' });
  expect(it.server.shown).toHaveLength(1);
});
