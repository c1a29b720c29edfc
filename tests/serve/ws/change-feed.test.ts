import { expect, onTestFinished, test } from 'vitest';
import type { Actor } from '../../../src/core/access/actor.ts';
import { type Topic, TOPICS } from '../../../src/core/kernel/topics.ts';
import { ChangeFeed } from '../../../src/serve/ws/change-feed.ts';
import type { Connection } from '../../../src/serve/ws/connection.ts';
import type { ServerFrame } from '../../../src/serve/ws/protocol.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const LOOK_MS = 1000;
const ADMIN_TOPICS = ['users', 'groups', 'audit', 'backups', 'settings', 'accounts', 'logs'];

function feedKit() {
  const clock = manualClock();
  let mark = 1;
  let marks = 0;
  let state = {};
  const store = {
    changeMark: () => {
      marks += 1;
      return mark;
    },
    watchWrites: async () => {},
  };
  const feed = new ChangeFeed({
    clock,
    store: async () => store,
    logStamp: () => '',
    serverState: () => state,
    onTrouble: (error) => {
      throw error;
    },
  });
  const join = async (id: string, role: Actor['user']['role'], topics?: readonly Topic[]) => {
    const user = { id, username: id, role, state: 'active', created_at: 0 } as const;
    const closed = new AbortController();
    const told: string[][] = [];
    const connection = {
      actor: { user, via: 'api-key', credentialId: 'k', scopes: null, from: '127.0.0.1' },
      closed,
      send: (frame: ServerFrame) => void (frame.type === 'changed' && told.push(frame.topics.toSorted())),
    } as unknown as Connection;
    onTestFinished(() => closed.abort());
    return { told, closed, connection, may: await feed.watch(connection, topics) };
  };
  return {
    clock,
    feed,
    join,
    elsewhere: () => (mark += 1),
    become: () => (state = {}),
    looks: () => marks,
  };
}

test('a write of another process is told once, within about a second', async () => {
  const { clock, join, elsewhere } = feedKit();
  const admin = await join('a', 'admin');
  await clock.advance(3 * LOOK_MS);
  expect(admin.told).toEqual([]);
  elsewhere();
  await clock.advance(LOOK_MS + 100);
  expect(admin.told).toEqual([TOPICS.toSorted()]);
  await clock.advance(5 * LOOK_MS);
  expect(admin.told).toHaveLength(1);
});

test('who is no admin hears nothing of what admins alone may read, however it is asked for', async () => {
  const { clock, feed, join, elsewhere } = feedKit();
  for (const role of ['user', 'readonly'] as const) {
    const person = await join(role, role, TOPICS);
    elsewhere();
    await clock.advance(LOOK_MS + 600);
    for (const topic of TOPICS) feed.note(topic, null);
    await clock.advance(600);
    const heard = new Set(person.told.flat());
    expect(ADMIN_TOPICS.filter((topic) => heard.has(topic))).toEqual([]);
    expect(heard.size).toBe(TOPICS.length - ADMIN_TOPICS.length);
    expect(person.may.toSorted()).toEqual([...heard].toSorted());
  }
});

test('what somebody has for their own wakes nobody else; an admin hears of what admins see to', async () => {
  const { clock, feed, join } = feedKit();
  const [owner, other, admin] = [await join('u1', 'user'), await join('u2', 'user'), await join('a', 'admin')];
  for (const topic of ['conversations', 'tasks', 'knowledge', 'approvals'] as const) feed.note(topic, 'u1');
  await clock.advance(100);
  expect(owner.told).toEqual([['approvals', 'conversations', 'knowledge', 'tasks']]);
  expect(other.told).toEqual([]);
  expect(admin.told).toEqual([['approvals', 'tasks']]);
});

test('many writes are told at most twice a second, and the last of them too', async () => {
  const { clock, feed, join } = feedKit();
  const admin = await join('a', 'admin', ['tools']);
  for (let write = 0; write < 100; write += 1) {
    feed.note('tools', null);
    feed.note('audit', null);
    await clock.advance(20);
  }
  expect(admin.told.length).toBeLessThanOrEqual(4);
  const before = admin.told.length;
  await clock.advance(600);
  expect(admin.told.length).toBe(before + 1);
  expect(new Set(admin.told.flat())).toEqual(new Set(['tools']));
});

test('the state of the server is a change of its own', async () => {
  const { clock, join, become } = feedKit();
  const person = await join('u1', 'readonly');
  become();
  await clock.advance(LOOK_MS + 100);
  expect(person.told).toEqual([['status']]);
});

test('rights are those of the moment, and nobody looks while nobody watches', async () => {
  const { clock, feed, join, looks } = feedKit();
  const admin = await join('a', 'admin');
  const { actor } = admin.connection;
  admin.connection.actor = { ...actor, user: { ...actor?.user, role: 'user' } } as Actor;
  feed.note('users', null);
  await clock.advance(600);
  expect(admin.told).toEqual([]);
  admin.closed.abort();
  const before = looks();
  await clock.advance(10 * LOOK_MS);
  expect(looks()).toBe(before);
  expect(clock.sleeping()).toEqual([]);
});
