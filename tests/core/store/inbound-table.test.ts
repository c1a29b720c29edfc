import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

test('the last message of each chat of a platform is known by the id it has there', async () => {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  expect(await store.inbound.lastOfChats('discord')).toEqual([]);
  const rows = [
    ['discord', 'dc:1', '10'],
    ['discord', 'dc:2', '11'],
    ['slack', 'slack:1', '12'],
    ['discord', 'dc:1', '13'],
  ] as const;
  for (const [index, [channel, chatId, externalId]] of rows.entries()) {
    const row = {
      id: `i${index}`,
      channel,
      chat_id: chatId,
      external_id: externalId,
      parts: '[]',
      state: 'ignored',
    } as const;
    expect(await store.inbound.insertOnce({ ...row, runner: 'r', sent_at: index, received_at: index })).toBe(true);
  }
  expect(await store.inbound.lastOfChats('discord')).toEqual([
    { chatId: 'dc:1', externalId: '13' },
    { chatId: 'dc:2', externalId: '11' },
  ]);
});
