/** What becomes of rows that are done with, and of sums that must not change. */
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { newId } from '../../../src/core/kernel/ids.ts';
import { createCostService } from '../../../src/core/spending/cost-service.ts';
import type { CostGroup } from '../../../src/core/store/costs-table.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { addTalk, addUser, clean, countOf, DAY, inDatabase, NOW, openHome } from './retention-kit.ts';

const ago = (days: number): number => NOW - days * DAY;

function addInbound(
  home: string,
  state: string,
  days: number,
  more: { chat?: string; id?: string; turn?: string } = {},
): string {
  const id = more.id ?? newId(NOW);
  const sql =
    "insert into inbound_messages (id, channel, chat_id, external_id, parts, state, turn_id, runner, sent_at, received_at, settled_at) values (?, 'telegram', ?, ?, '[]', ?, ?, '1:1', ?, ?, ?)";
  const at = ago(days);
  inDatabase(home, (database) =>
    database.prepare(sql).run(id, more.chat ?? null, id, state, more.turn ?? null, at, at, at),
  );
  return id;
}

function addOutbox(home: string, state: string, days: number, more: { edits?: string; file?: string } = {}): string {
  const id = newId(NOW);
  const sql =
    "insert into outbox_messages (id, channel, chat_id, kind, part, parts, text, file, edits, state, attempts, is_repeat, next_attempt_at, created_at, settled_at) values (?, 'telegram', 'c', 'answer', 1, 1, 'text', ?, ?, ?, 1, 0, 1, ?, ?)";
  const at = ago(days);
  inDatabase(home, (database) => {
    database.prepare(sql).run(id, more.file ?? null, more.edits ?? null, state, at, state === 'pending' ? null : at);
    database.prepare("insert into delivery_attempts values (?, 1, 'delivered', null, 1, 1)").run(id);
  });
  return id;
}

const idsOf = (home: string, table: string): string[] =>
  inDatabase(home, (database) => database.prepare<[], string>(`select id from ${table}`).pluck().all()).toSorted();

test('what came in goes when it is done with: never what waits, later what failed, and the last of a chat stays', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  const kept = [
    addInbound(home, 'received', 500),
    addInbound(home, 'queued', 500),
    addInbound(home, 'failed', 60),
    addInbound(home, 'context', 60),
    addInbound(home, 'started', 29),
  ];
  for (const state of ['ignored', 'handled', 'started', 'joined', 'dropped'])
    addInbound(home, state, 31, { chat: 'one' });
  addInbound(home, 'failed', 91);
  kept.push(addInbound(home, 'handled', 300, { chat: 'one' }));
  expect(await clean(store, home, { isTrial: true })).toEqual({ inbound_messages: 6 });
  expect(await clean(store, home)).toEqual({ inbound_messages: 6 });
  expect(idsOf(home, 'inbound_messages')).toEqual(kept.toSorted());
  await store.close();
});

test('what went out goes with its tries: never what waits, later what failed, and what an edit still replaces stays', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  const replaced = addOutbox(home, 'delivered', 60);
  const kept = [
    replaced,
    addOutbox(home, 'pending', 500, { edits: replaced }),
    addOutbox(home, 'sending', 500),
    addOutbox(home, 'failed', 60),
    addOutbox(home, 'uncertain', 60),
    addOutbox(home, 'delivered', 29),
  ];
  for (const state of ['delivered', 'cancelled']) addOutbox(home, state, 31);
  for (const state of ['failed', 'uncertain']) addOutbox(home, state, 91);
  expect(await clean(store, home)).toEqual({ outbox_messages: 4 });
  expect(idsOf(home, 'outbox_messages')).toEqual(kept.toSorted());
  expect(countOf(home, 'delivery_attempts')).toBe(kept.length);
  await store.close();
});

test('each task keeps its newest runs and all younger ones; what runs stays', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  inDatabase(home, (database) => {
    database.exec(
      "insert into tasks (id, owner_id, prompt, schedule_type, schedule_value, zone, anchor_at, misfire, context, state, failures, created_at, updated_at, name) values ('t', 'u1', 'p', 'once', 'x', 'UTC', 1, 'skip', 'group', 'active', 0, 1, 1, 'n')",
    );
    const add = database.prepare(
      'insert into task_runs (id, task_id, due_at, is_manual, instants, last_due_at, state, is_tool_begun, claimed_at, ended_at) values (?, ?, ?, ?, 1, ?, ?, 0, ?, ?)',
    );
    for (let days = 1; days <= 60; days += 1)
      add.run(`d${days}`, 't', ago(days), 0, ago(days), 'ran', ago(days), ago(days));
    add.run('open', 't', ago(99), 0, ago(99), 'running', ago(99), null);
  });
  expect(await clean(store, home, { settings: { taskRuns: 50 } })).toEqual({ task_runs: 10 });
  expect(await clean(store, home, { settings: { taskRuns: 10 } })).toEqual({ task_runs: 20 });
  expect(countOf(home, "task_runs where state = 'running'")).toBe(1);
  expect(countOf(home, 'task_runs')).toBe(31);
  await store.close();
});

test('finished approvals, pairings, sessions and strangers go after their time; what counts still stays', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  inDatabase(home, (database) => {
    const approval = database.prepare(
      "insert into approvals (id, kind, act, act_hash, pattern, reason, detail, state, user_id, created_at, expires_at) values (?, 'exec', 'ls', 'h', 'p', 'r', 'd', ?, 'u1', ?, ?)",
    );
    approval.run('old', 'used', ago(100), ago(99));
    approval.run('granted', 'used', ago(100), ago(99));
    approval.run('open', 'pending', ago(100), NOW + 1);
    const grant = database.prepare(
      "insert into approval_grants (id, approval_id, kind, act, scope, user_id, created_by, created_at, expires_at) values (?, ?, 'exec', 'ls', 'always', 'u1', 'u1', 1, ?)",
    );
    grant.run('stands', 'granted', null);
    grant.run('over', 'old', ago(91));
    database.exec(`
      insert into pairings values ('p1', 'telegram', '7', 'Ann', 'tg:7', 'h1', 'denied', ${ago(99)}, ${ago(98)}, null, null);
      insert into pairings values ('p2', 'telegram', '8', 'Ben', 'tg:8', 'h2', 'pending', ${ago(1)}, ${NOW}, null, null);
      insert into pairing_attempts values ('x1', 'u1', ${ago(91)}), ('x2', 'u1', ${ago(1)});
      insert into channel_people values ('telegram', '7', 'Ann', null, 'unknown', 1, ${ago(91)});
      insert into channel_people values ('telegram', '8', 'Ben', null, 'blocked', 1, ${ago(91)});
      insert into sessions values ('s1', 'u1', null, 'a', '127.0.0.1', 'x', 1, 1, ${ago(91)}, null);
      insert into sessions values ('s2', 'u1', null, 'b', '127.0.0.1', 'x', 1, 1, ${NOW + 1}, null);`);
  });
  expect(await clean(store, home)).toEqual({
    approval_grants: 1,
    approvals: 1,
    pairings: 1,
    pairing_attempts: 1,
    strangers: 1,
    sessions: 1,
  });
  expect(idsOf(home, 'approvals')).toEqual(['granted', 'open']);
  expect(await clean(store, home)).toEqual({});
  await store.close();
});

async function costs(store: Store, by: CostGroup) {
  const service = createCostService({
    store,
    clock: { ...systemClock, now: () => NOW },
    zone: 'Asia/Kathmandu',
    requirePermission: () => {},
  });
  return service.report(
    { user: { id: 'u1', username: 'name-u1' } },
    {
      by,
      days: 1000,
    },
  );
}

test('what models cost is told the same before and after, by whatever it is asked, and stays told after a user went', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  await addUser(store, 'u2');
  const room = addTalk(home, { daysAgo: 100, turns: 3 });
  for (const daysAgo of [95, 130, 130, 200, 20])
    addTalk(home, { daysAgo, turns: 4, owner: daysAgo === 130 ? 'u2' : 'u1' });
  inDatabase(home, (database) => {
    database.exec("insert into room_folders values ('kitchen', null, 'u1', 1)");
    database.exec("insert into rooms values ('tg:1', 'telegram', 'Kitchen', 'kitchen', null, 0, 0, 1, 1)");
    const turns = database.prepare<[string], string>('select id from turns where conversation_id = ?').pluck();
    for (const turn of turns.all(room)) addInbound(home, 'started', 100, { chat: 'tg:1', turn });
    // The last message of a chat stays; its text is of a later turn.
    addInbound(home, 'handled', 1, { chat: 'tg:1' });
    database.exec("update model_calls set tools = 'web notes', task_id = 'gone-task' where rowid % 3 = 0");
    database.exec('update model_calls set cost_micro_usd = null where rowid % 5 = 0');
  });
  const groups = ['day', 'user', 'model', 'tool', 'room', 'task'] as const;
  const before = await Promise.all(groups.map((by) => costs(store, by)));
  expect(before[4]?.lines.map(({ key }) => key)).toContain('kitchen');
  // What came in goes first: the room is known all the same.
  await clean(store, home, { settings: { conversationDays: 0 } });
  const gone = await clean(store, home);
  expect(gone).toMatchObject({ conversations: 5, model_calls: 19, route_decisions: 19 });
  expect(countOf(home, 'model_calls')).toBe(4);
  expect(await Promise.all(groups.map((by) => costs(store, by)))).toEqual(before);
  await store.transaction(({ former }) => former.erase('u2', { heirId: 'u1', now: NOW }));
  expect((await costs(store, 'user')).total).toEqual(before[1]?.total);
  await store.close();
});

test('calls that a budget of this month may count are never added up, however short things are kept', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  await addUser(store);
  addTalk(home, { daysAgo: 40 });
  await clean(store, home, { settings: { conversationDays: 1 } });
  expect([countOf(home, 'conversations'), countOf(home, 'model_calls')]).toEqual([0, 1]);
  await store.close();
});

test('files of the spool, snapshots and what was typed go by their age; what is still to be sent, folders and links stay', async () => {
  const home = temporaryHome();
  const store = openHome(home);
  for (const folder of ['spool', 'backups', 'run']) mkdirSync(join(home, folder), { recursive: true });
  const put = (path: string, days: number): void => {
    writeFileSync(join(home, path), 'x'.repeat(10));
    utimesSync(join(home, path), ago(days) / 1000, ago(days) / 1000);
  };
  put('spool/outbox-a', 31);
  put('spool/outbox-b', 31);
  put('spool/new.txt', 29);
  put('victim', 400);
  symlinkSync(join(home, 'victim'), join(home, 'spool', 'link'));
  mkdirSync(join(home, 'spool', 'folder'));
  addOutbox(home, 'pending', 31, { file: JSON.stringify({ path: join(home, 'spool', 'outbox-b') }) });
  put('backups/before-migration-1-to-2-5-6.db', 300);
  put('backups/before-migration-2-to-3-5-6.db', 200);
  put('backups/claw-20200101T000000Z.tar.zst', 300);
  put('run/chat-history', 91);
  expect(await clean(store, home)).toEqual({ spool_files: 1, input_history: 1, snapshots: 1 });
  expect(readdirSync(join(home, 'spool')).toSorted()).toEqual(['folder', 'link', 'new.txt', 'outbox-b']);
  expect(readdirSync(home)).toContain('victim');
  expect(readdirSync(join(home, 'backups')).toSorted()).toEqual([
    'before-migration-2-to-3-5-6.db',
    'claw-20200101T000000Z.tar.zst',
  ]);
  await store.close();
});
