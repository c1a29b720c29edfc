import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openConfig } from '../../../src/core/config/open-config.ts';
import {
  type ButtonPress,
  type ChannelInbox,
  DeliveryError,
  type IncomingMessage,
  type OutgoingMessage,
} from '../../../src/core/conversations/channel-messages.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import type { Channel } from '../../../src/serve/channels/channel.ts';
import { createTelegramChannel } from '../../../src/serve/channels/telegram.ts';
import { quietLog } from '../../fakes/quiet-log.ts';
import { TelegramServer, TOKEN } from '../../fakes/telegram/telegram-server.ts';

interface Kit {
  readonly server: TelegramServer;
  readonly channel: Channel;
  readonly got: IncomingMessage[];
  readonly edits: { chat: string; externalId: string; text: string }[];
  readonly presses: ButtonPress[];
  /** Makes storing fail this many times. */
  failStoring(times: number): void;
  start(): Promise<void>;
  send(more?: Partial<OutgoingMessage>): Promise<{ externalId: string }>;
}

async function kit(token = TOKEN): Promise<Kit> {
  const server = await new TelegramServer().listen();
  const home = mkdtempSync(join(tmpdir(), 'claw-telegram-'));
  writeFileSync(join(home, '.env'), `TELEGRAM_API_ROOT=${server.url}/\nASSISTANT_NAME=J\n`);
  const settings = openConfig({ home, overrides: {}, environment: {}, cwd: home }).valid();
  const context = { settings, secret: async () => token, clock: systemClock, log: quietLog };
  const timings = { deadlineMs: 300, pollMs: 1000, firstPauseMs: 10, mostPauseMs: 20, refusedPauseMs: 10_000 };
  const channel = await createTelegramChannel(context, timings);
  onTestFinished(async () => {
    await channel.close();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });
  const got: Kit['got'] = [];
  const edits: Kit['edits'] = [];
  const presses: ButtonPress[] = [];
  let failures = 0;
  const inbox: ChannelInbox = {
    message: async (message) => {
      failures -= 1;
      if (failures >= 0) throw new Error('the disk is full');
      got.push(message);
    },
    edited: async ({ chat, externalId, text }) => void edits.push({ chat, externalId, text }),
    deleted: async () => {},
    moved: async () => {},
    pressed: async (press) => {
      presses.push(press);
      return 'Allowed once.';
    },
  };
  return {
    server,
    channel,
    got,
    edits,
    presses,
    failStoring: (times) => void (failures = times),
    start: () => channel.start(inbox),
    send: (more = {}) =>
      channel.send({ id: 'id', chat: 'tg:42', text: 'hello', attempt: 1, ...more }, AbortSignal.timeout(5000)),
  };
}

test('a message comes in with who, where and when, and is confirmed after it is stored', async () => {
  const it = await kit();
  await it.start();
  it.server.say('hello');
  await it.server.until(() => it.got.length === 1 && it.server.unconfirmed === 0);
  expect(it.got[0]).toMatchObject({
    channel: 'telegram', chat: 'tg:42', isDirect: true, text: 'hello', isMention: false, sentAt: 1_800_000_000_000,
    sender: { id: '42', name: 'Ann', isBot: false, isSelf: false },
  }); // oxfmt-ignore
  expect(it.channel.status()).toMatchObject({ state: 'connected', account: '@claw_test_bot' });
});

test('an update that could not be stored is not confirmed, and is fetched again', async () => {
  const it = await kit();
  it.failStoring(2);
  await it.start();
  it.server.say('one');
  it.server.say('two');
  await it.server.until(() => it.got.length === 2 && it.server.unconfirmed === 0);
  expect(it.got.map(({ text }) => text)).toEqual(['one', 'two']);
  const offsets = it.server.calls.filter(({ method }) => method === 'getUpdates').map(({ body }) => body['offset']);
  expect(offsets.slice(0, 3)).toEqual([0, 0, 0]);
});

test('A5, A6: a mention of the bot is told, and its name stands where it stood', async () => {
  const it = await kit();
  await it.start();
  const group = { chat: { id: -5, type: 'supergroup', title: 'Family' } };
  it.server.say('🙂 please @Claw_Test_Bot help', { ...group, entities: [{ type: 'mention', offset: 10, length: 14 }] });
  it.server.say('@someone_else help', { ...group, entities: [{ type: 'mention', offset: 0, length: 13 }] });
  await it.server.until(() => it.got.length === 2);
  expect(it.got[0]).toMatchObject({
    chat: 'tg:-5',
    chatTitle: 'Family',
    isDirect: false,
    isMention: true,
    text: '🙂 please @J help',
  });
  expect(it.got[1]).toMatchObject({ isMention: false, text: '@someone_else help' });
});

test('a reply names its author and whether the assistant wrote it', async () => {
  const it = await kit();
  await it.start();
  const original = {
    message_id: 7,
    date: 1,
    chat: { id: 42, type: 'private' },
    from: { id: 999, is_bot: true, first_name: 'Claw' },
    text: 'before',
  };
  it.server.say('and now', { reply_to_message: original });
  it.server.say('topic', {
    message_thread_id: 7,
    is_topic_message: true,
    reply_to_message: { ...original, forum_topic_created: { name: 'x' } },
  });
  await it.server.until(() => it.got.length === 2);
  expect(it.got[0]?.replyTo).toEqual({ externalId: '7', author: 'J', text: 'before', isOwn: true });
  expect(it.got[1]?.replyTo).toBeUndefined();
  expect(it.got[1]?.thread).toBe('7');
});

test('commands, edits, presses and files come in as what they are', async () => {
  const it = await kit();
  await it.start();
  const command = [{ type: 'bot_command', offset: 0, length: 19 }];
  it.server.say('/help@claw_test_bot me', { entities: command });
  it.server.say('/help@another_bot_x me', { entities: command });
  it.server.update({ edited_message: { message_id: 5, date: 1, chat: { id: 42, type: 'private' }, text: 'better' } });
  it.server.update({
    callback_query: { id: 'q1', from: { id: 42, is_bot: false, first_name: 'Ann' }, data: 'approve:1', message: { message_id: 8, date: 1, chat: { id: 42, type: 'private' } } },
  }); // oxfmt-ignore
  it.server.addFile('f1', Buffer.from('notes'));
  it.server.say('', {
    text: undefined,
    caption: 'see',
    document: { file_id: 'f1', file_name: 'a.txt', mime_type: 'text/plain', file_size: 5 },
  });
  await it.server.until(() => it.got.length === 3 && it.server.unconfirmed === 0);
  expect(it.got.map(({ command: found }) => found)).toEqual([{ name: 'help', text: 'me' }, undefined, undefined]);
  expect(it.edits).toEqual([{ chat: 'tg:42', externalId: '5', text: 'better' }]);
  expect(it.presses[0]).toMatchObject({ chat: 'tg:42', value: 'approve:1', sender: { id: '42' } });
  expect(it.server.calls.find(({ method }) => method === 'answerCallbackQuery')?.body).toMatchObject({
    text: 'Allowed once.',
  });
  const [file] = it.got[2]?.attachments ?? [];
  expect(file).toMatchObject({ name: 'a.txt', mediaType: 'text/plain', size: 5 });
  if (file === undefined) throw new Error('no file');
  const signal = AbortSignal.timeout(5000);
  expect(Buffer.from(await it.channel.fetchAttachment(file, 100, signal)).toString()).toBe('notes');
  await expect(it.channel.fetchAttachment(file, 3, signal)).rejects.toMatchObject({ code: 'limit-reached' });
});

test('it polls on through 500, cut connections, nonsense and a conflict, and waits as long as it is told', async () => {
  const it = await kit();
  await it.start();
  it.server.fail(
    'getUpdates',
    { kind: 'status', status: 500 },
    { kind: 'drop' },
    { kind: 'garbage' },
    { kind: 'status', status: 409, description: 'Conflict' },
    { kind: 'status', status: 429, retryAfter: 0 },
  );
  it.server.say('after all');
  await it.server.until(() => it.got.length >= 1);
  expect(it.got[0]?.text).toBe('after all');
});

test('a wrong token is said plainly, and the token is in no text', async () => {
  const it = await kit('1:wrong');
  await expect(it.start()).rejects.toMatchObject({ code: 'auth-rejected' });
  expect(JSON.stringify(it.channel.status())).not.toContain('wrong');
  expect(it.channel.status().state).toBe('failed');
  await expect(it.channel.test(AbortSignal.timeout(1000))).rejects.toMatchObject({ code: 'auth-rejected' });
});

test('a message is shown with style, what it answers, its topic and its buttons', async () => {
  const it = await kit();
  const buttons = [{ label: 'Allow once', value: 'approve:1' }];
  const sent = await it.send({
    text: '**bold** & <b> `x<y` [a](https://example.com)',
    replyTo: '7',
    thread: '3',
    buttons,
  });
  expect(it.server.shown).toMatchObject([
    { chat: 42, text: 'bold & <b> x<y a', replyTo: 7, thread: 3, buttons: [{ callback_data: 'approve:1' }] },
  ]);
  expect(sent.externalId).toBe(String(it.server.shown[0]?.id));
  expect(it.server.calls[0]?.body['text']).toBe(
    '<b>bold</b> &amp; &lt;b&gt; <code>x&lt;y</code> <a href="https://example.com">a</a>',
  );
});

test('A10: nobody is pinged by @everyone', async () => {
  const it = await kit();
  await it.send({ text: 'hi @everyone and @here' });
  expect(it.server.shown[0]?.text).not.toMatch(/@everyone|@here/);
});

test('text that Telegram cannot read with its style goes without', async () => {
  const it = await kit();
  it.server.fail('sendMessage', { kind: 'status', status: 400, description: "Bad Request: can't parse entities" });
  await it.send({ text: '**bold**' });
  expect(it.server.textsIn(42)).toEqual(['**bold**']);
});

test('what is known after a failed try: limited, failed, refused, cut off, never answered, not there', async () => {
  const it = await kit();
  const kindOf = async (): Promise<unknown> => {
    try {
      return await it.send();
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      return [error.kind, error.retryAfterMs, error.message.includes(TOKEN)];
    }
  };
  it.server.fail('sendMessage', { kind: 'status', status: 429, retryAfter: 7 });
  expect(await kindOf()).toEqual(['not-sent', 7000, false]);
  it.server.fail('sendMessage', { kind: 'status', status: 502 });
  expect(await kindOf()).toEqual(['not-sent', undefined, false]);
  it.server.fail('sendMessage', { kind: 'status', status: 403, description: 'Forbidden: bot was blocked by the user' });
  expect(await kindOf()).toEqual(['rejected', undefined, false]);
  expect(it.server.shown).toHaveLength(0);
  it.server.fail('sendMessage', { kind: 'reset' });
  expect(await kindOf()).toEqual(['unknown', undefined, false]);
  it.server.fail('sendMessage', { kind: 'swallow' });
  expect(await kindOf()).toEqual(['unknown', undefined, false]);
  expect(it.server.shown).toHaveLength(2);
  await it.server.close();
  expect(await kindOf()).toEqual(['not-sent', undefined, false]);
});

test('an edit replaces a text, and one that changes nothing is well', async () => {
  const it = await kit();
  const { externalId } = await it.send();
  const signal = AbortSignal.timeout(5000);
  await it.channel.edit?.('tg:42', externalId, 'better', signal);
  await it.channel.edit?.('tg:42', externalId, 'better', signal);
  expect(it.server.textsIn(42)).toEqual(['better']);
});

test('after the intake has stopped nothing comes in, and sending still works', async () => {
  const it = await kit();
  await it.start();
  await it.channel.stopIntake();
  it.server.say('too late');
  await it.send();
  expect(it.got).toEqual([]);
  expect(it.server.textsIn(42)).toEqual(['hello']);
  expect(it.server.unconfirmed).toBe(1);
});
