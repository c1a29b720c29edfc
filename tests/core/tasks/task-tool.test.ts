import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { localOwner } from '../../../src/core/access/local-user.ts';
import { newConversation } from '../../../src/core/conversations/open-conversation.ts';
import type { JsonObject } from '../../../src/core/kernel/messages.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { createTaskService } from '../../../src/core/tasks/task-service.ts';
import { createTaskTool } from '../../../src/core/tasks/task-tool.ts';
import type { Service } from '../../../src/core/tools/call-tool.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');

/** A home with two rooms and the main one, and somebody who is no admin in none of them. */
async function world() {
  const folder = await mkdtemp(join(tmpdir(), 'claw-task-tool-'));
  const store = openStore({ file: join(folder, 'claw.db'), snapshotFolder: folder, now: NOW });
  onTestFinished(() => store.close());
  const clock = { now: () => NOW, elapsed: () => NOW, sleep: async () => {} };
  const owner = await localOwner(store, clock);
  const mia = { ...owner, id: 'mia', username: 'mia', role: 'user' as const };
  await store.users.insertIfAbsent(mia);
  const room = async (name: string, isMain: number): Promise<string> => {
    const conversation = newConversation({ ownerId: owner.id, title: name, origin: 'telegram' }, NOW);
    await store.conversations.insert(conversation);
    const row = { folder: name, owner_id: owner.id, conversation_id: null, created_at: NOW };
    await store.rooms.insertFolderIfAbsent(row);
    await store.rooms.setFolderConversation(name, conversation.id);
    await store.rooms.insert({ ...ROOM, jid: `tg:-10${name.length}`, folder: name, name, is_main: isMain });
    return conversation.id;
  };
  const rooms = { a: await room('a', 0), b: await room('bb', 0), main: await room('ccc', 1) };
  const service = createTaskService({ store, clock, maxPerUser: 50, maxPromptChars: 10_000 });
  const tool = createTaskTool({ store, clock, service, zone: 'Asia/Seoul' });
  const as = (userId: string, conversationId: string | null) => (method: string, args: JsonObject) =>
    tool(method, args, { call: { userId, conversationId }, tool: { name: 'any' } } as Parameters<Service>[2]);
  return { owner, rooms, service, as };
}

const ROOM = { channel: 'telegram', trigger_pattern: null, requires_trigger: 1, created_at: NOW, updated_at: NOW };
const DAILY = { prompt: 'x', schedule_type: 'cron', schedule_value: '0 9 * * *' };

it('the assistant of a room acts on the tasks of that room only; in the main room on all', async () => {
  const { owner, rooms, as } = await world();
  const [a, b, main] = [as(owner.id, rooms.a), as(owner.id, rooms.b), as(owner.id, rooms.main)];
  expect(await b('schedule', { ...DAILY, id: 'of-b' })).toMatchObject({ state: 'active', next: '2026-03-03 09:00' });
  expect(await a('list', {})).toMatchObject({ found: 0 });
  for (const method of ['pause', 'resume', 'cancel', 'update']) {
    await expect(a(method, { id: 'of-b', ...(method === 'update' && { prompt: 'y' }) })).rejects.toThrow('no task');
  }
  expect(await main('list', {})).toMatchObject({ found: 1 });
  expect(await main('pause', { id: 'of-b' })).toMatchObject({ state: 'paused' });
  expect(await b('resume', { id: 'of-b' })).toMatchObject({ state: 'active' });
});

it('what the payload says about who it is is refused', async () => {
  const { owner, rooms, as } = await world();
  const a = as(owner.id, rooms.a);
  await as(owner.id, rooms.b)('schedule', { ...DAILY, id: 'of-b' });
  for (const forged of [{ isAdmin: true }, { room: 'tg:-102' }, { chatId: 'tg:-102' }, { userId: owner.id }]) {
    await expect(a('cancel', { id: 'of-b', ...forged })).rejects.toThrow('Unrecognized');
    await expect(a('list', forged)).rejects.toThrow('Unrecognized');
    await expect(a('schedule', { ...DAILY, ...forged })).rejects.toThrow('Unrecognized');
  }
  await expect(a('delete-all', {})).rejects.toThrow('cannot');
});

it("another user's tasks are as ones that do not exist", async () => {
  const { owner, as } = await world();
  await as(owner.id, null)('schedule', { ...DAILY, id: 'mine' });
  const mia = as('mia', null);
  expect(await mia('list', {})).toMatchObject({ found: 0 });
  await expect(mia('cancel', { id: 'mine' })).rejects.toThrow('no task');
});

it('takes lengths of time from now, and changes a task', async () => {
  const { owner, as } = await world();
  const say = as(owner.id, null);
  const soon = { prompt: 'x', schedule_type: 'in', schedule_value: '10m', id: 't' };
  expect(await say('schedule', soon)).toMatchObject({ next_at: '2026-03-02T10:10:00.000Z', next: '2026-03-02 19:10' });
  const later = { id: 't', schedule_type: 'in', schedule_value: '1h' };
  expect(await say('update', later)).toMatchObject({ next_at: '2026-03-02T11:00:00.000Z' });
});
