/** What becomes of conversations: which go, which stay, and what nobody finds any more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createConversationSearch } from '../../../src/core/conversations/conversation-search.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { toError } from '../../../src/core/kernel/errors.ts';
import { newId } from '../../../src/core/kernel/ids.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { addTalk, addUser, clean, cleanReport, countOf, DAY, inDatabase, NOW, openHome } from './retention-kit.ts';

const idsIn = (home: string): string[] =>
  inDatabase(home, (database) =>
    database.prepare<[], string>('select id from conversations order by id').pluck().all(),
  );

test('B58: conversations that nobody used for 90 days go with all of theirs, recent ones stay as they are', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  const old = addTalk(home, { daysAgo: 91, turns: 3 });
  const recent = addTalk(home, { daysAgo: 89, turns: 2 });
  await store.search.addTag(old, 'holiday', 1);
  expect(await clean(store, home, { isTrial: true })).toEqual({ conversations: 1, messages: 6 });
  expect(idsIn(home)).toEqual([old, recent].toSorted());
  expect(await clean(store, home)).toEqual({
    conversations: 1,
    messages: 6,
    turns: 3,
    model_calls: 3,
    route_decisions: 3,
  });
  expect(idsIn(home)).toEqual([recent]);
  expect([countOf(home, 'messages'), countOf(home, 'turns'), countOf(home, 'tool_calls')]).toEqual([4, 2, 2]);
  expect(countOf(home, 'conversation_tags')).toBe(0);
  expect(await clean(store, home)).toEqual({});
  await store.close();
});

test('0 days keep everything, and so does a tag', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  const kept = addTalk(home, { daysAgo: 4000 });
  await store.search.addTag(kept, 'keep', 1);
  const other = addTalk(home, { daysAgo: 4000 });
  const settings = { conversationDays: 0, deliveryDays: 0, recordDays: 0, auditDays: 0 };
  expect(await clean(store, home, { settings })).toEqual({});
  await clean(store, home);
  expect(idsIn(home)).toEqual([kept]);
  expect(idsIn(home)).not.toContain(other);
  await store.close();
});

test('B58: of more conversations than a user keeps the last used stay; those tagged keep and those of clients are not counted with them', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  await addUser(store, 'u2');
  const [one, two, three] = [1, 2, 3].map((daysAgo) => addTalk(home, { daysAgo }));
  const tagged = addTalk(home, { daysAgo: 50 });
  await store.search.addTag(tagged, 'keep', 1);
  const others = addTalk(home, { daysAgo: 60, owner: 'u2' });
  const requests = [5, 6, 7].map((daysAgo) => addTalk(home, { daysAgo, origin: 'openai' }));
  await clean(store, home, { settings: { conversationCount: 2 } });
  expect(idsIn(home)).toEqual([one, two, tagged, others, requests[0], requests[1]].map(String).toSorted());
  expect(idsIn(home)).not.toContain(three);
  await store.close();
});

test('what came from elsewhere with its old dates is as old as its time here', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  const moved = addTalk(home, { daysAgo: 500, id: newId(NOW - 5 * DAY) });
  expect(await clean(store, home)).toEqual({});
  expect(await clean(store, home, { now: NOW + 90 * DAY })).toMatchObject({ conversations: 1 });
  expect(idsIn(home)).not.toContain(moved);
  await store.close();
});

test.each([
  ['a turn that is tried again', "update turns set state = 'failed', retry_at = 1 where conversation_id = ?"],
  ['a turn that was cut off', "update turns set state = 'running' where conversation_id = ?"],
  [
    'a message that waits for a turn',
    "insert into inbound_messages (id, conversation_id, channel, parts, state, runner, sent_at, received_at) values ('i', ?, 'terminal', '[]', 'queued', '1:1', 1, 1)",
  ],
  [
    'a message that waits to go out',
    "insert into outbox_messages (id, conversation_id, channel, chat_id, kind, part, parts, text, state, attempts, is_repeat, next_attempt_at, created_at) values ('o', ?, 'telegram', 'c', 'answer', 1, 1, 't', 'pending', 0, 0, 1, 1)",
  ],
  [
    'an approval that waits',
    `insert into approvals (id, conversation_id, kind, act, act_hash, pattern, reason, detail, state, user_id, created_at, expires_at) values ('a', ?, 'exec', 'ls', 'h', 'p', 'r', 'd', 'pending', 'u1', 1, ${NOW + 1})`,
  ],
  [
    'a room that goes on in it',
    "insert into room_folders (folder, conversation_id, owner_id, created_at) values ('f', ?, 'u1', 1)",
  ],
  [
    'a direct chat that goes on in it',
    "insert into direct_chats (jid, conversation_id, channel, user_id, created_at) values ('tg:1', ?, 'telegram', 'u1', 1)",
  ],
  [
    'a task that goes on in it',
    "insert into tasks (id, conversation_id, owner_id, prompt, schedule_type, schedule_value, zone, anchor_at, misfire, context, state, failures, created_at, updated_at, name) values ('t', ?, 'u1', 'p', 'once', 'x', 'UTC', 1, 'skip', 'group', 'active', 0, 1, 1, 'n')",
  ],
  [
    'what is learned from it',
    "insert into learning_passes (id, conversation_id, user_id, from_seq, up_to_seq, state, learned, attempts, created_at) values ('l', ?, 'u1', 1, 2, 'learned', 0, 1, 1)",
  ],
])('an old conversation stays for %s', async (_, sql) => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  const id = addTalk(home, { daysAgo: 400 });
  inDatabase(home, (database) => database.prepare(sql).run(id));
  await clean(store, home);
  expect(idsIn(home)).toEqual([id]);
  expect(countOf(home, 'messages')).toBe(2);
  await store.close();
});

test('a conversation that never ends loses the turns of before, and keeps its last one, its numbers and its branches', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  const room = addTalk(home, { daysAgo: 200, turns: 150 });
  addTalk(home, { daysAgo: 10, turns: 2, id: room });
  inDatabase(home, (database) => {
    database.prepare("insert into room_folders values ('f', ?, 'u1', 1)").run(room);
    database.prepare("insert into compactions values ('k', ?, 200, 'what was said', 'automatic', 1, null)").run(room);
  });
  const branch = addTalk(home, { daysAgo: 2, turns: 0 });
  await store.conversations.copyMessages(room, branch, 20);
  expect(await clean(store, home, { isTrial: true })).toEqual({ messages: 300 });
  expect(await clean(store, home)).toMatchObject({ messages: 300, turns: 150 });
  const left = await store.conversations.messages(room);
  expect(left.map(({ seq, role }) => `${seq} ${role}`)).toEqual([
    '301 user',
    '302 assistant',
    '303 user',
    '304 assistant',
  ]);
  expect(countOf(home, 'turns')).toBe(2);
  expect(await store.compactions.current(room)).toMatchObject({ up_to_seq: 200 });
  expect(await store.conversations.messages(branch)).toHaveLength(20);
  // Nothing was said since: the last turn stays, however old.
  await clean(store, home, { now: NOW + 500 * DAY });
  expect((await store.conversations.messages(room)).map(({ seq }) => seq)).toEqual([303, 304]);
  await store.close();
});

test('nothing of a deleted text is found by a search, or stands in the database or its log', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  for (let index = 0; index < 40; index += 1)
    addTalk(home, { daysAgo: 100, text: `xylophone${index} in the secret garden` });
  addTalk(home, { daysAgo: 1, text: 'marimba in the open garden' });
  const search = createConversationSearch({ store, clock: systemClock });
  const found = async (word: string): Promise<number> => (await search.search('u1', word, { limit: 50 })).length;
  expect([await found('xylophone7'), await found('marimba')]).toEqual([2, 2]);
  await store.checkpoint(1);
  expect(readFileSync(join(home, 'claw.db'), 'latin1')).toContain('xylophone');
  await clean(store, home);
  expect([await found('xylophone7'), await found('marimba')]).toEqual([0, 2]);
  await store.checkpoint(1);
  for (const name of ['claw.db', 'claw.db-wal']) {
    expect(readFileSync(join(home, name), 'latin1'), name).not.toMatch(/xylophon|secret garden/);
  }
  expect(await store.search.checkIndex(10, () => '')).toMatchObject({ ok: true });
  await store.close();
});

test('a round that is cut off anywhere is finished by the next one', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  for (let index = 0; index < 30; index += 1) addTalk(home, { daysAgo: 100, turns: 10 });
  let rests = 0;
  let cuts = 0;
  for (let stopAt = 1; ; stopAt += 1) {
    const stop = new AbortController();
    rests = 0;
    const rest = async (): Promise<void> => {
      rests += 1;
      if (rests === stopAt) stop.abort(new Error('cut off'));
    };
    const ended = await cleanReport(store, home, { signal: stop.signal, rest }).catch(
      (error: unknown) => toError(error).message,
    );
    // What was begun is out of reach at once.
    expect(await store.conversations.list('u1', { limit: 100, offset: 0 })).toSatisfy(
      (rows: unknown[]) => rows.length === 0 || rows.length === 30,
    );
    if (ended !== 'cut off') break;
    cuts += 1;
  }
  expect(cuts).toBeGreaterThan(5);
  for (const table of ['conversations', 'messages', 'turns', 'tool_calls', 'model_calls'])
    expect(countOf(home, table)).toBe(0);
  expect(await store.integrity()).toBe('ok');
  await store.close();
});
