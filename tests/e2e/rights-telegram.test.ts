import { expect, onTestFinished, test } from 'vitest';
import { TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';
import { runClawJson } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

test('a readonly person on a platform is told that they may not talk', async () => {
  const server = await new TelegramServer().listen();
  onTestFinished(() => server.close());
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_ALLOWED_USERS: '42',
    TELEGRAM_API_ROOT: server.url,
    LLM_MODEL: 'offline',
  };
  const serve = await startServe({ env });
  const run = (...args: string[]) => runClawJson(args, { home: serve.home, env });
  const say = (words: string): void => {
    server.say(words, { chat: { id: 42, type: 'private' }, from: { id: 42, is_bot: false, first_name: 'Ann' } });
  };
  const answered = (count: number) => server.until(() => server.textsIn(42).length === count);
  say('3*11');
  await answered(1);
  const users = (await run('user', 'list')).json as { username: string; role: string }[];
  const name = users.find(({ role }) => role !== 'admin')?.username ?? '';
  expect((await run('user', 'update', name, '--role', 'readonly')).code).toBe(0);
  say('3*12');
  await answered(2);
  expect(server.textsIn(42)[1]).toContain('not talk to the assistant');
  expect(server.textsIn(42).join()).not.toContain('36');
  await serve.stop();
}, 30_000);
