import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

/** What the server asks for at each message, each answer and each look. */
const QUESTIONS: readonly (readonly [name: string, ask: (store: Store) => Promise<unknown>])[] = [
  ['messages that wait', (store) => store.inbound.waiting('c', ['queued', 'context'])],
  ['conversations with waiting messages', (store) => store.inbound.waitingConversations()],
  ['messages nobody looked at', (store) => store.inbound.received()],
  ['messages of a turn', (store) => store.inbound.ofTurn('t')],
  ['a message by its platform', (store) => store.inbound.byExternal({ channel: 'x', chatId: 'c', externalId: 'e' })],
  ['first open messages', (store) => store.outbox.heads()],
  ['first open message of a chat', (store) => store.outbox.head('c')],
  ['the draft of a turn', (store) => store.outbox.draftOf('t')],
  ['how many are under way', (store) => store.outbox.depths()],
  ['the turn that runs', (store) => store.journal.runningTurn('c')],
  ['turns to try again', (store) => store.journal.turnsToRetry()],
];

test.each(QUESTIONS)('%s are found by an index, however many rows there are', async (_, ask) => {
  const home = temporaryHome();
  const file = join(home, 'claw.db');
  const asked: string[] = [];
  const prepare = Sqlite.prototype.prepare;
  Sqlite.prototype.prepare = function watched(this: Sqlite.Database, sql: string) {
    asked.push(sql);
    return prepare.call(this, sql);
  } as typeof prepare;
  try {
    const store = openStore({ file, snapshotFolder: join(home, 'backups'), now: 0 });
    asked.length = 0;
    await ask(store);
    await store.close();
  } finally {
    Sqlite.prototype.prepare = prepare;
  }
  const database = new Sqlite(file);
  for (const sql of asked) {
    const parameters = Array.from({ length: sql.split('?').length - 1 }, () => 'x');
    const plan = database.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
    expect(plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN'))).toEqual([]);
  }
  database.close();
  expect(asked).toHaveLength(1);
});
