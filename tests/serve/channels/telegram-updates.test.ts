import { expect, test } from 'vitest';
import { telegramBench } from '../../fakes/telegram/telegram-bench.ts';

test('what people did is no message; a sticker and a place are words', async () => {
  const it = await telegramBench();
  await it.channel.start(it.inbox);
  const group = { chat: { id: -5, type: 'supergroup', title: 'Family' }, text: undefined };
  it.server.say('', { ...group, new_chat_members: [{ id: 7, is_bot: false, first_name: 'Bo' }] });
  it.server.say('', { ...group, pinned_message: { message_id: 1, date: 0, chat: { id: -5 } } });
  it.server.say('', { ...group, sticker: { file_id: 's', emoji: '👍' } });
  it.server.say('', { ...group, location: { latitude: 37.5, longitude: 127 } });
  await it.server.until(() => it.server.unconfirmed === 0);
  expect(it.inbox.messages.map(({ text }) => text)).toEqual(['👍', '(location: 37.5, 127)']);
});

test('an update that nobody can read does not hold up those after it', async () => {
  const it = await telegramBench();
  await it.channel.start(it.inbox);
  it.server.update({ message: { message_id: 1 } });
  it.server.say('after it');
  await it.server.until(() => it.server.unconfirmed === 0);
  expect(it.inbox.messages.map(({ text }) => text)).toEqual(['after it']);
});

test('it says that it is connected again at once, not when the long poll ends', async () => {
  const it = await telegramBench();
  it.server.fail('getUpdates', { kind: 'status', status: 500 });
  await it.channel.start(it.inbox);
  const polls = () => it.server.calls.filter(({ method }) => method === 'getUpdates').length;
  await it.server.until(() => polls() >= 3, 3000);
  expect(it.channel.status()).toMatchObject({ state: 'connected' });
  expect(it.channel.status().detail).toBeUndefined();
});

test('the menu holds every command that everybody may use', async () => {
  const it = await telegramBench();
  await it.channel.start(it.inbox);
  const menu = it.server.calls.find(({ method }) => method === 'setMyCommands')?.body['commands'];
  const names = (menu as { command: string }[]).map(({ command }) => command);
  expect(names).toEqual(['start', 'help', 'reset', 'usage', 'stop']);
});
