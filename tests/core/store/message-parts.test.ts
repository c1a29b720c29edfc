import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readMessage } from '../../../src/core/agent/assemble-request.ts';
import type { Part } from '../../../src/core/kernel/messages.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const PICTURE = 'A'.repeat(100_000);
const SAID: Part = { type: 'text', text: 'look \u0000 "here" \u{1f4f7}', provenance: 'user' };
const SHOWN: Part = { type: 'image', mediaType: 'image/png', data: PICTURE, name: 'a.png', provenance: 'file' };

/** A conversation of four messages with a picture each. */
async function withPictures(): Promise<Store> {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  await store.users.insertIfAbsent({ id: 'u1', username: 'owner', role: 'admin', state: 'active', created_at: 0 });
  const row = { id: 'c1', owner_id: 'u1', title: 't', origin: 'test', parent_id: null, parent_seq: null };
  await store.conversations.insert({ ...row, created_at: 0, updated_at: 0 });
  for (const turn of ['t1', 't2', 't3', 't4']) {
    const parts = JSON.stringify([SAID, SHOWN]);
    const message = { conversation_id: 'c1', turn_id: turn, role: 'user', parts, state: 'complete' } as const;
    await store.conversations.append({ ...message, created_at: 0 });
  }
  return store;
}

const whole = (rows: readonly { readonly seq: number; readonly parts: string }[]): number[] =>
  rows.filter(({ parts }) => parts.includes(PICTURE)).map(({ seq }) => seq);

test('of a conversation full of pictures only those of the last messages are read', async () => {
  const { conversations } = await withPictures();
  const rows = await conversations.messages('c1', 1, undefined, 250_000);
  expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(whole(rows)).toEqual([3, 4]);
  expect(JSON.parse(rows[0]?.parts ?? '')).toEqual([SAID, { ...SHOWN, data: '' }]);
  expect(whole(await conversations.messages('c1', 1, 2, 100_500))).toEqual([2]);
});

test('the last message is always whole, and none is when no bytes are wanted', async () => {
  const { conversations } = await withPictures();
  expect(whole(await conversations.messages('c1', 1, undefined, 10))).toEqual([4]);
  expect(whole(await conversations.messages('c1', 1, undefined, 0))).toEqual([]);
  expect(whole(await conversations.messagesOfTurns('c1', ['t1', 't4']))).toEqual([]);
  expect(whole(await conversations.messagesWith('c1', 'look', 1))).toEqual([]);
  expect(whole(await conversations.messages('c1'))).toEqual([1, 2, 3, 4]);
});

test('what came in is told without its pictures', async () => {
  const { inbound } = await withPictures();
  const parts = JSON.stringify([SAID, SHOWN]);
  const from = { conversation_id: 'c1', user_id: 'u1', channel: 'terminal', chat_id: null, external_id: null };
  const open = { sender_id: null, payload: null, state: 'queued', reason: null, turn_id: null } as const;
  const times = { sent_at: 0, received_at: 0, settled_at: null };
  await inbound.insert({ ...from, ...open, ...times, id: 'i1', parts, runner: '1:1' });
  const [row] = await inbound.ofConversation('c1');
  expect(row).toEqual({ ...(await inbound.byId('i1')), parts: JSON.stringify([SAID, { ...SHOWN, data: '' }]) });
});

test('what was said with pictures is found without reading them', async () => {
  const { search } = await withPictures();
  const waiting = await search.unindexed(10);
  expect(waiting.map(({ parts }) => parts.length < 1000)).toEqual([true, true, true, true]);
  for (const row of waiting) await search.index(row, 'look');
  const found = await search.messages('u1', { query: 'look', mode: 'all' }, { limit: 10 });
  expect(found.map(({ parts }) => parts.length < 1000)).toEqual([true, true, true, true]);
});

test('the model is told in words of a picture that is not read any more', async () => {
  const { conversations } = await withPictures();
  const [first] = await conversations.messages('c1', 1, undefined, 10);
  if (first === undefined) throw new Error('there is no message');
  const { parts } = readMessage(first);
  expect(parts.map(({ type }) => type)).toEqual(['text', 'text']);
  expect(parts[1]).toMatchObject({ provenance: 'claw' });
});
