import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

async function openWithOwner(): Promise<Store> {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  await store.users.insertIfAbsent({ id: 'u1', username: 'owner', role: 'admin', state: 'active', created_at: 0 });
  const row = { id: 'c1', owner_id: 'u1', title: 't', origin: 'test', parent_id: null, parent_seq: null };
  await store.conversations.insert({ ...row, created_at: 0, updated_at: 0 });
  await store.rooms.insertFolderIfAbsent({ folder: 'family', conversation_id: null, owner_id: 'u1', created_at: 0 });
  return store;
}

const room = (jid: string, change: Record<string, unknown> = {}) => ({
  jid,
  channel: 'discord',
  name: 'Family',
  folder: 'family',
  trigger_pattern: null,
  requires_trigger: 1,
  is_main: 0,
  created_at: 0,
  updated_at: 0,
  ...change,
});

test('the store itself refuses a second main room', async () => {
  const store = await openWithOwner();
  await store.rooms.insert(room('dc:1', { is_main: 1 }));
  await expect(store.rooms.insert(room('dc:2', { is_main: 1 }))).rejects.toThrow(/UNIQUE/);
  await store.rooms.insert(room('dc:3'));
  expect((await store.rooms.main())?.jid).toBe('dc:1');
  expect((await store.rooms.inFolder('family')).map(({ jid }) => jid)).toEqual(['dc:1', 'dc:3']);
});

test('a room of no folder is refused', async () => {
  const store = await openWithOwner();
  await expect(store.rooms.insert(room('dc:1', { folder: 'nowhere' }))).rejects.toThrow(/FOREIGN KEY/);
});

test('a folder and a direct chat outlive their conversation', async () => {
  const store = await openWithOwner();
  await store.rooms.setFolderConversation('family', 'c1');
  await store.rooms.putDirectChat({
    jid: 'tg:5',
    channel: 'telegram',
    user_id: 'u1',
    conversation_id: 'c1',
    created_at: 0,
  });
  await store.conversations.remove('c1', 'u1');
  expect((await store.rooms.folder('family'))?.conversation_id).toBeNull();
  expect(await store.rooms.directChat('tg:5')).toMatchObject({ user_id: 'u1', conversation_id: null });
});

test('a person who is seen again keeps the first instant and takes the new name', async () => {
  const store = await openWithOwner();
  await store.people.see({ channel: 'slack', personId: 'U1', name: 'Ann' }, 10);
  const again = await store.people.see({ channel: 'slack', personId: 'U1', name: 'Anna' }, 20);
  expect(again).toMatchObject({ name: 'Anna', state: 'unknown', first_seen_at: 10, last_seen_at: 20 });
});
