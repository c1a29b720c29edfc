import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { OutgoingMessage } from '../../../src/core/conversations/channel-messages.ts';
import { newId } from '../../../src/core/kernel/ids.ts';
import { connectedDiscord, discordBench } from '../../fakes/discord/discord-bench.ts';
import { BOT, ROOM } from '../../fakes/discord/discord-world.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const POST = /^POST \/channels\/\w+\/messages$/;
const signal = new AbortController().signal;

function message(more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { id: newId(), chat: `dc:${ROOM}`, text: 'hello', attempt: 1, ...more };
}

test('A10: a message pings nobody, whatever it says', async () => {
  const { standIn, channel } = await connectedDiscord();
  const { externalId } = await channel.send(message({ text: '@everyone <@101> <@&800>', replyTo: '42' }), signal);
  expect(standIn.world.visible).toMatchObject([{ id: externalId, channel: ROOM, content: '@everyone <@101> <@&800>' }]);
  expect(standIn.world.visible[0]?.body).toMatchObject({
    allowed_mentions: { parse: [], replied_user: false },
    message_reference: { message_id: '42', fail_if_not_exists: false },
    enforce_nonce: true,
  });
});

test('A14: sent again after the answer was lost, one message is visible and its id comes back', async () => {
  const { standIn, channel } = await connectedDiscord();
  standIn.fail(POST, { kind: 'accept-then-reset' });
  const row = message();
  await expect(channel.send(row, signal)).rejects.toMatchObject({ kind: 'unknown' });
  const { externalId } = await channel.send({ ...row, attempt: 2 }, signal);
  expect(standIn.world.visible.map(({ id }) => id)).toEqual([externalId]);
  expect(standIn.world.visible[0]?.nonce).toHaveLength(25);
});

test('an answer to a message is found in the history even when its nonce is forgotten', async () => {
  const { standIn, channel } = await connectedDiscord();
  standIn.world.nonceMs = 0;
  standIn.fail(POST, { kind: 'accept-then-reset' });
  const row = message({ replyTo: '42' });
  await expect(channel.send(row, signal)).rejects.toMatchObject({ kind: 'unknown' });
  expect(await channel.findSent?.(row, signal)).toBe(standIn.world.visible[0]?.id);
});

test('what was never sent is not found, and other messages of the same words are not taken for it', async () => {
  const { channel } = await connectedDiscord();
  await channel.send(message(), signal);
  await channel.send(message({ replyTo: '41' }), signal);
  expect(await channel.findSent?.(message(), signal)).toBeUndefined();
  expect(await channel.findSent?.(message({ replyTo: '42' }), signal)).toBeUndefined();
});

test.each([
  ['500', { kind: 'status', status: 500 }, { kind: 'not-sent' }],
  ['503', { kind: 'status', status: 503, body: 'no json' }, { kind: 'not-sent' }],
  ['400', { kind: 'status', status: 400, body: { code: 50_035, message: 'Invalid Form Body' } }, { kind: 'rejected' }],
  [
    '403',
    { kind: 'status', status: 403, body: { code: 50_013, message: 'Missing Permissions' } },
    { kind: 'rejected' },
  ],
  ['401', { kind: 'status', status: 401 }, { kind: 'not-sent' }],
  ['302', { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' } }, { kind: 'not-sent' }],
  ['a reset after it was accepted', { kind: 'accept-then-reset' }, { kind: 'unknown' }],
  ['an answer without an id', { kind: 'status', status: 200, body: {} }, { kind: 'unknown' }],
] as const)('%s is typed', async (_, fault, expected) => {
  const { standIn, channel } = await connectedDiscord();
  standIn.fail(POST, fault);
  await expect(channel.send(message(), signal)).rejects.toMatchObject({ name: 'DeliveryError', ...expected });
  expect(standIn.callsTo(POST)).toHaveLength(1);
});

test('an answer that never comes is unknown when the caller gives up', async () => {
  const { standIn, channel } = await connectedDiscord();
  standIn.fail(POST, { kind: 'accept-then-silence' });
  await expect(channel.send(message(), AbortSignal.timeout(200))).rejects.toMatchObject({ kind: 'unknown' });
  await expect(channel.send(message(), AbortSignal.abort())).rejects.toMatchObject({ kind: 'not-sent' });
  expect(standIn.world.visible).toHaveLength(1);
});

test('nobody at the address is not-sent; a chat that is gone or none is rejected', async () => {
  const { standIn, channel } = await discordBench();
  await expect(channel.send(message({ chat: 'dc:404' }), signal)).rejects.toMatchObject({ kind: 'rejected' });
  await expect(channel.send(message({ chat: 'tg:1' }), signal)).rejects.toMatchObject({ kind: 'rejected' });
  await expect(channel.send(message({ chat: 'dc:../x' }), signal)).rejects.toMatchObject({ kind: 'rejected' });
  await standIn.close();
  await expect(channel.send(message(), signal)).rejects.toMatchObject({ kind: 'not-sent' });
});

test('a limit is told with its wait, and until it is over nothing more is sent into the channel', async () => {
  const { standIn, channel } = await connectedDiscord();
  standIn.fail(POST, { kind: 'status', status: 429, body: { message: 'limited', retry_after: 0.3, global: false } });
  await expect(channel.send(message(), signal)).rejects.toMatchObject({ kind: 'not-sent', retryAfterMs: 300 });
  const again = await channel.send(message(), signal).catch((error: unknown) => error);
  expect(again).toMatchObject({ kind: 'not-sent', retryAfterMs: expect.any(Number) });
  expect(standIn.callsTo(POST)).toHaveLength(1);
  await channel.send(message({ chat: 'dc:601' }), signal);
  await new Promise((resolve) => setTimeout(resolve, 320));
  await channel.send(message(), signal);
  expect(standIn.world.visible).toHaveLength(2);
});

test('a global limit holds every channel', async () => {
  const { standIn, channel } = await connectedDiscord();
  const headers = { 'x-ratelimit-global': 'true', 'retry-after': '1' };
  standIn.fail(POST, { kind: 'status', status: 429, body: { retry_after: 0.5, global: true }, headers });
  await expect(channel.send(message(), signal)).rejects.toMatchObject({ retryAfterMs: 500 });
  await expect(channel.send(message({ chat: 'dc:601' }), signal)).rejects.toMatchObject({ kind: 'not-sent' });
  expect(standIn.callsTo(POST)).toHaveLength(1);
});

test('buttons go as rows of five and a file as a part of the message', async () => {
  const { standIn, channel } = await connectedDiscord();
  const buttons = Array.from({ length: 6 }, (_, n) => ({ label: `B${n}`, value: `v:${n}` }));
  const path = join(temporaryHome(), 'a.txt');
  writeFileSync(path, 'content');
  await channel.send(message({ text: '', file: { name: 'a.txt', mediaType: 'text/plain', path }, buttons }), signal);
  const [shown] = standIn.world.visible;
  expect(shown?.files).toEqual([{ name: 'a.txt', type: 'text/plain', bytes: 7 }]);
  expect(shown?.body).toMatchObject({
    components: [
      { type: 1, components: { length: 5, 0: { type: 2, label: 'B0', custom_id: 'v:0' } } },
      { type: 1, components: { length: 1 } },
    ],
  });
  const missing = message({ file: { name: 'b', mediaType: 'text/plain', path: `${path}.gone` } });
  await expect(channel.send(missing, signal)).rejects.toMatchObject({ kind: 'rejected' });
});

test('a message of ours is edited, pinging nobody, and typing is shown', async () => {
  const { standIn, channel } = await connectedDiscord();
  const { externalId } = await channel.send(message(), signal);
  await channel.edit?.(`dc:${ROOM}`, externalId, 'longer', signal);
  await channel.edit?.(`dc:${ROOM}`, externalId, 'longer', signal);
  expect(standIn.world.visible).toMatchObject([{ content: 'longer' }]);
  expect(standIn.callsTo(/^PATCH/)[0]?.body).toMatchObject({ allowed_mentions: { parse: [] } });
  await expect(channel.edit?.(`dc:${ROOM}`, '1', 'x', signal)).rejects.toMatchObject({ kind: 'rejected' });
  await channel.typing?.(`dc:${ROOM}`, undefined);
  expect(standIn.callsTo(/typing$/)).toHaveLength(1);
  standIn.fail(/typing$/, { kind: 'status', status: 500 });
  await channel.typing?.(`dc:${ROOM}`, undefined);
});

test('the echo of our own message is marked as ours', async () => {
  const { channel, inbox } = await connectedDiscord();
  await channel.send(message(), signal);
  await expect.poll(() => inbox.messages.map(({ sender }) => [sender.id, sender.isSelf])).toEqual([[BOT.id, true]]);
});
