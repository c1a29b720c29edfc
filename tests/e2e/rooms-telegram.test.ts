/** The rules of rooms and people through the real adapter, against a stand-in of the Bot API. */
import { expect, onTestFinished, test } from 'vitest';
import { TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';
import { runClawJson } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

const person = (id: number, first_name: string, more = {}) => ({ from: { id, is_bot: false, first_name, ...more } });
const direct = (id: number) => ({ chat: { id, type: 'private' } });
const ROOM = { chat: { id: -100, type: 'supergroup', title: 'Family' } };
const ANN = person(42, 'Ann');

const command = (words: string) => ({
  entities: [{ type: 'bot_command', offset: 0, length: words.split(' ')[0]?.length ?? 0 }],
});

async function start() {
  const server = await new TelegramServer().listen();
  onTestFinished(() => server.close());
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_ALLOWED_USERS: '42,43',
    TELEGRAM_API_ROOT: server.url,
    LLM_MODEL: 'offline',
    ASSISTANT_NAME: 'J',
  };
  const serve = await startServe({ env });
  const run = (...args: string[]) => runClawJson(args, { home: serve.home, env });
  /** Says `words` in a direct chat and waits for the next thing shown there. */
  const ask = async (words: string, id = 42): Promise<string> => {
    const before = server.textsIn(id).length;
    server.say(words, { ...direct(id), ...person(id, 'Ann'), ...(words.startsWith('/') ? command(words) : {}) });
    await server.until(() => server.textsIn(id).length > before);
    return server.textsIn(id).at(-1) ?? '';
  };
  return { server, serve, run, ask };
}

test('a group that becomes a supergroup keeps its room, its conversation and what is still to be sent', async () => {
  const { server, serve, run } = await start();
  const before = { chat: { id: -7, type: 'group', title: 'Club' } };
  const after = { chat: { id: -1007, type: 'supergroup', title: 'Club' } };
  await run('group', 'register', '--jid', 'tg:-7', '--name', 'Club', '--folder', 'club');
  server.say('@J 3*11', { ...before, ...ANN });
  await server.until(() => server.textsIn(-7).length === 1);
  server.say('', { ...before, ...ANN, text: undefined, migrate_to_chat_id: -1007 });
  server.say('', { ...after, ...ANN, text: undefined, migrate_from_chat_id: -7 });
  server.say('@J 3*12', { ...after, ...ANN });
  await server.until(() => server.textsIn(-1007).length === 1);
  expect((await run('group', 'list')).json).toMatchObject([{ jid: 'tg:-1007', folder: 'club' }]);
  expect((await run('conversation', 'list')).json).toHaveLength(1);
  await serve.stop();
});

test('A1, A2, A6, A9, A41: in a room only a call by somebody known is answered', async () => {
  const { server, serve, run } = await start();
  await run('group', 'register', '--jid', 'tg:-100', '--name', 'Family', '--folder', 'family');
  const silent = [
    ['@James 1*11', ANN],
    ['1*12 @J', ANN],
    ['@J_x 1*13', ANN],
    ['@J 1*14', person(99, 'Stranger')],
    ['@J 1*15', { from: { id: 98, is_bot: true, first_name: 'Other' } }],
  ] as const;
  for (const [words, from] of silent) server.say(words, { ...ROOM, ...from });
  const calls = ['@J 2*11', '  @j, 2*12', '@claw_test_bot 2*13'];
  for (const words of calls) {
    const entities = words.startsWith('@claw') ? [{ type: 'mention', offset: 0, length: 14 }] : [];
    const before = server.textsIn(-100).length;
    server.say(words, { ...ROOM, ...ANN, entities });
    await server.until(() => server.textsIn(-100).length > before);
  }
  const answers = server.textsIn(-100).join('\n');
  expect(server.textsIn(-100)).toHaveLength(3);
  for (const product of ['22', '24', '26']) expect(answers).toContain(product);
  expect(server.textsIn(99)).toEqual([]);
  const [room] = (await run('group', 'list')).json as { folder: string }[];
  expect(room?.folder).toBe('family');
  expect(await serve.stop()).toBe(0);
}, 60_000);

test('commands in a direct chat: help, usage, reset', async () => {
  const { ask, run } = await start();
  expect(await ask('/help')).toContain('/reset');
  await ask('2*21');
  expect(await ask('/usage')).toContain('Today');
  expect(await ask('/reset')).toContain('new conversation');
  await ask('2*22');
  const all = (await run('conversation', 'list', '--user', 'telegram-42')).json;
  expect(all).toHaveLength(2);
}, 60_000);

test('A41, A42: a stranger gets a code, a member may not approve it, the owner may in chat, and the stranger is told', async () => {
  const { server, ask, run } = await start();
  const own = /approve (\S{9}) --user/.exec(await ask('/pair'))?.[1] ?? '';
  expect((await run('user', 'pair', 'approve', own, '--user', 'owner')).json).toMatchObject({ user: 'owner' });
  await server.until(() => server.textsIn(42).some((text) => text.includes('let in')));

  const greeting = await ask('hello', 77);
  const code = /: ([A-Z0-9]{4}-[A-Z0-9]{4})$/m.exec(greeting)?.[1] ?? '';
  expect(await ask(`/pair ${code}`, 43)).toMatch(/^Permission denied/);
  expect(await ask('/pair 2222-2222', 42)).toMatch(/No such pairing code/);
  server.say(`/pair ${code}`, { ...direct(42), ...ANN, ...command('/pair') });
  await server.until(() => server.textsIn(77).some((text) => text.includes('let in')));
  expect(await ask('2*33', 77)).toContain('66');
}, 60_000);
