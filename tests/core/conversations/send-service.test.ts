import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homePaths } from '../../../src/core/kernel/paths.ts';
import { createAttachFile } from '../../../src/core/wiring/attach-file.ts';
import { createSendService } from '../../../src/core/conversations/send-service.ts';
import type { ServiceScope } from '../../../src/core/tools/call-tool.ts';
import { type PlatformKit, platformKit, registerRoom } from './platform-kit.ts';

async function rooms() {
  const it = await platformKit([{ text: 'a' }, { text: 'b' }]);
  await registerRoom(it, 'tg:-1', 'room-a');
  await registerRoom(it, 'tg:-2', 'room-b');
  await registerRoom(it, 'tg:-9', 'main');
  await it.store.rooms.update('tg:-9', { is_main: 1 });
  for (const chat of ['tg:-1', 'tg:-9']) await it.say('@J hi', { channel: 'telegram', chat, isDirect: false });
  await it.outbox();
  return it;
}

async function send(it: PlatformKit, from: string, args: { text?: string; chat?: string; file?: string }) {
  const { store, clock } = it;
  const room = await store.rooms.find(from);
  const conversationId = (await store.rooms.folder(room?.folder ?? ''))?.conversation_id ?? null;
  const scope = { call: { conversationId, userId: it.userId, turnId: 't1' }, tool: { name: 'send_message' } };
  const attach = createAttachFile(homePaths(it.home), join(it.home, 'work'));
  await createSendService({ store, clock, attach })('message', args, scope as unknown as ServiceScope);
  return (await it.outbox()).map(({ chat, kind, text }) => [chat, kind, text]);
}

test('A38: a room sends to its own chat, and neither to another room nor to one that nobody knows', async () => {
  const it = await rooms();
  expect(await send(it, 'tg:-1', { text: 'news' })).toEqual([['tg:-1', 'sent', 'news']]);
  expect(await send(it, 'tg:-1', { text: 'news', chat: 'tg:-1' })).toEqual([['tg:-1', 'sent', 'news']]);
  await expect(send(it, 'tg:-1', { text: 'x', chat: 'tg:-2' })).rejects.toMatchObject({ code: 'permission-denied' });
  await expect(send(it, 'tg:-1', { text: 'x', chat: 'tg:-77' })).rejects.toMatchObject({ code: 'permission-denied' });
  expect(await it.outbox()).toEqual([]);
});

test('A38: the main room sends to every room, and nothing to one that nobody knows', async () => {
  const it = await rooms();
  expect(await send(it, 'tg:-9', { text: 'hi', chat: 'tg:-2' })).toEqual([['tg:-2', 'sent', 'hi']]);
  await expect(send(it, 'tg:-9', { text: 'x', chat: 'tg:-77' })).rejects.toMatchObject({ code: 'permission-denied' });
  expect(await it.outbox()).toEqual([]);
});

test('A12: internal text does not leave by this way either', async () => {
  const it = await rooms();
  expect(await send(it, 'tg:-1', { text: 'a<internal>b</internal>c' })).toEqual([['tg:-1', 'sent', 'ac']]);
  expect(await send(it, 'tg:-1', { text: '<internal>b</internal>' })).toEqual([]);
});

test('a file of the workspace goes out as it was when it was sent; one outside is refused', async () => {
  const it = await rooms();
  mkdirSync(join(it.home, 'work'));
  writeFileSync(join(it.home, 'work', 'plan.txt'), 'the plan');
  await send(it, 'tg:-1', { file: 'plan.txt' });
  writeFileSync(join(it.home, 'work', 'plan.txt'), 'another plan');
  const [row] = await it.store.outbox.ofConversation((await it.store.rooms.folder('room-a'))?.conversation_id ?? '');
  const rows = await it.store.outbox.ofConversation(row?.conversation_id ?? '');
  const file = JSON.parse(rows.find((one) => one.file !== null)?.file ?? '{}') as Record<string, string>;
  expect(file).toMatchObject({ name: 'plan.txt', mediaType: 'text/plain' });
  expect(readFileSync(file['path'] ?? '', 'utf8')).toBe('the plan');
  await expect(send(it, 'tg:-1', { file: '../claw.db' })).rejects.toMatchObject({ code: 'sandbox-refused' });
});
