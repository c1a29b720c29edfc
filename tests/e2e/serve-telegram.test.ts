import { expect, onTestFinished, test } from 'vitest';
import { PAUSE, startModelServer } from '../fakes/llm/model-server.ts';
import { TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';
import { runClaw } from './run-claw.ts';
import { type RunningServe, startServe } from './serve-kit.ts';

const STRANGER = { chat: { id: 77, type: 'private' }, from: { id: 77, is_bot: false, first_name: 'Sam' } };

async function start(): Promise<{ server: TelegramServer; serve: RunningServe; env: Record<string, string> }> {
  const server = await new TelegramServer().listen();
  onTestFinished(() => server.close());
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_ALLOWED_USERS: '42',
    TELEGRAM_API_ROOT: server.url,
    LLM_MODEL: 'offline',
  };
  return { server, serve: await startServe({ env }), env };
}

test('an allowed person is answered, with the sign of writing before; the whole story is kept', async () => {
  const { server, serve } = await start();
  server.say('what is 12*12?');
  await server.until(() => server.textsIn(42).some((text) => text.includes('144')));
  expect(server.calls.some(({ method }) => method === 'sendChatAction')).toBe(true);
  const { stdout } = await runClaw(['conversation', 'list', '--user', 'telegram-42', '--json'], { home: serve.home });
  const [conversation] = JSON.parse(stdout) as { id: string }[];
  const args = ['conversation', 'show', conversation?.id ?? '', '--user', 'telegram-42', '--json'];
  const story = JSON.parse((await runClaw(args, { home: serve.home })).stdout) as {
    inbound: { state: string; external_id: string }[];
    outbox: { state: string; tries: { outcome: string }[] }[];
  };
  expect(story.inbound).toMatchObject([{ state: 'started' }]);
  expect(story.outbox).toMatchObject([{ state: 'delivered', tries: [{ outcome: 'delivered' }] }]);
  expect(await serve.stop()).toBe(0);
});

test('A41: a stranger gets a code and nothing else, an admin lets them in, and they are answered', async () => {
  const { server, serve } = await start();
  server.say('2*3', STRANGER);
  await server.until(() => server.textsIn(77).length === 1);
  const code = /[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(server.textsIn(77)[0] ?? '')?.[0] ?? '';
  const approved = await runClaw(['user', 'pair', 'approve', code, '--json'], { home: serve.home });
  expect(approved.code).toBe(0);
  server.say('2*3', STRANGER);
  await server.until(() => server.textsIn(77).some((text) => text.includes('6')));
});

test('a 429 is waited out, and the answer is there once', async () => {
  const { server } = await start();
  server.fail('sendMessage', { kind: 'status', status: 429, retryAfter: 1 });
  const before = Date.now();
  server.say('7*7');
  await server.until(() => server.textsIn(42).length > 0);
  expect(Date.now() - before).toBeGreaterThan(900);
  expect(server.textsIn(42)).toHaveLength(1);
});

test('a room is registered while the server runs, and its people are answered when they call', async () => {
  const { server, serve } = await start();
  const room = { chat: { id: -100, type: 'supergroup', title: 'Family' } };
  const register = ['group', 'register', '--jid', 'tg:-100', '--name', 'Family', '--folder', 'family', '--json'];
  expect((await runClaw(register, { home: serve.home })).code).toBe(0);
  server.say('nobody asked you', room);
  server.say('@Claw 3*5', room);
  await server.until(() => server.textsIn(-100).length > 0);
  expect(server.shown.at(-1)).toMatchObject({ chat: -100, replyTo: expect.any(Number) as number });
  expect(server.textsIn(-100).join()).toContain('15');
});

test('what comes while the server is down is answered once when it is back, after kill -9 too', async () => {
  const { server, serve, env } = await start();
  await serve.stop('SIGKILL');
  server.say('9*9');
  const again = await startServe({ home: serve.home, env });
  await server.until(() => server.textsIn(42).some((text) => text.includes('81')));
  expect(await again.stop()).toBe(0);
  await startServe({ home: serve.home, env });
  server.say('8*8');
  await server.until(() => server.textsIn(42).some((text) => text.includes('64')));
  expect(server.textsIn(42)).toHaveLength(2);
});

test('with STREAM_EDITS the answer grows in one message and ends whole', async () => {
  const words = ['This is how it begins, ', 'this is how it goes on, ', 'and this is how it ends.'];
  const events = [
    { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', model: 'x', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...words.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ]; // oxfmt-ignore
  const pieces = events.flatMap((event) => [
    `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    // 22 short pauses: longer than drafts stand still.
    ...(event.type === 'content_block_delta' ? Array.from({ length: 22 }, () => PAUSE) : []),
  ]);
  const model = await startModelServer([{ headers: { 'content-type': 'text/event-stream' }, pieces }]);
  onTestFinished(() => model.close());
  const server = await new TelegramServer().listen();
  onTestFinished(() => server.close());
  await startServe({
    env: {
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_ALLOWED_USERS: '42',
      TELEGRAM_API_ROOT: server.url,
      LLM_PROVIDER: 'anthropic',
      ANTHROPIC_API_KEY: 'not-a-key',
      ANTHROPIC_BASE_URL: model.url,
      STREAM_EDITS: 'true',
    },
  });
  server.say('tell me');
  await server.until(() => server.textsIn(42).includes(words.join('')), 15_000);
  expect(server.textsIn(42)).toHaveLength(1);
  expect(server.calls.filter(({ method }) => method === 'editMessageText').length).toBeGreaterThanOrEqual(1);
});
