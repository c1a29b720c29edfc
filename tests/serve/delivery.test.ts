import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DeliveryError, type OutgoingMessage } from '../../src/core/conversations/channel-messages.ts';
import { quietLog } from '../fakes/quiet-log.ts';
import { openStore, type Store } from '../../src/core/store/store.ts';
import type { Channel } from '../../src/serve/channels/channel.ts';
import { Delivery } from '../../src/serve/delivery.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

interface Kit {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly delivery: Delivery;
  /** Texts that the platform shows, in order. */
  readonly visible: string[];
  readonly tries: OutgoingMessage[];
  queue(id: string, text: string, more?: object): Promise<void>;
  state(id: string): Promise<string>;
}

type Behaviour = (message: OutgoingMessage, visible: string[]) => Promise<{ externalId: string }>;

async function kit(behave: Behaviour, extra: Partial<Channel> = {}, isOff = () => false): Promise<Kit> {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
  const clock = manualClock();
  const visible: string[] = [];
  const tries: OutgoingMessage[] = [];
  const channel = {
    name: 'test',
    send: (message: OutgoingMessage) => {
      tries.push(message);
      return behave(message, visible);
    },
    ...extra,
  } as unknown as Channel;
  const delivery = new Delivery({ store, clock, log: quietLog, channel: () => (isOff() ? undefined : channel) });
  onTestFinished(async () => {
    await delivery.stop(0);
    await store.close();
  });
  const queue: Kit['queue'] = async (id, text, more = {}) => {
    const now = clock.now();
    await store.outbox.insert([
      { id, channel: 'test', chat_id: 'test:1', kind: 'answer', part: 1, parts: 1, text, state: 'pending', attempts: 0, is_repeat: 0, next_attempt_at: now, created_at: now, ...more },
    ]); // oxfmt-ignore
    delivery.wake();
  };
  return {
    store,
    clock,
    delivery,
    visible,
    tries,
    queue,
    state: async (id) => (await store.outbox.byId(id))?.state ?? '',
  };
}

const shows: Behaviour = async (message, visible) => {
  visible.push(message.text);
  return { externalId: `m${visible.length}` };
};

function failing(times: number, kind: 'not-sent' | 'unknown' | 'rejected', retryAfterMs?: number): Behaviour {
  let left = times;
  return async (message, visible) => {
    left -= 1;
    if (left >= 0) throw new DeliveryError(kind, 'it failed', retryAfterMs === undefined ? {} : { retryAfterMs });
    return shows(message, visible);
  };
}

test('messages of a chat go out in the order they were queued and are delivered once', async () => {
  const it = await kit(shows);
  for (const n of [1, 2, 3]) await it.queue(`id${n}`, `text ${n}`);
  it.delivery.start();
  await it.clock.advance(100);
  expect(it.visible).toEqual(['text 1', 'text 2', 'text 3']);
  expect(await it.state('id3')).toBe('delivered');
  expect((await it.store.outbox.byId('id2'))?.external_id).toBe('m2');
});

test('A15: a send that fails three times is delivered once, in order, and every try is written down', async () => {
  const it = await kit(failing(3, 'not-sent'));
  await it.queue('id1', 'first');
  await it.queue('id2', 'second');
  it.delivery.start();
  await it.clock.advance(4_999);
  expect(it.tries).toHaveLength(1);
  await it.clock.advance(1);
  expect(it.tries).toHaveLength(2);
  await it.clock.advance(10_000 + 20_000);
  expect(it.visible).toEqual(['first', 'second']);
  const attempts = await it.store.outbox.attempts(['id1']);
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['not-sent', 'not-sent', 'not-sent', 'delivered']);
});

test('after tries at 5, 10, 20, 40 and 80 seconds a message is a dead letter, and the next ones go out', async () => {
  const it = await kit(failing(6, 'not-sent'));
  await it.queue('id1', 'first');
  await it.queue('id2', 'second');
  it.delivery.start();
  const times: number[] = [];
  const begin = it.clock.now();
  for (let seconds = 0; seconds < 156; seconds += 1) {
    const before = it.tries.length;
    await it.clock.advance(1_000);
    if (it.tries.length > before) times.push(Math.round((it.clock.now() - begin) / 1_000));
  }
  expect(times.slice(0, 6)).toEqual([1, 5, 15, 35, 75, 155]);
  expect(await it.state('id1')).toBe('failed');
  expect(it.visible).toEqual(['second']);
  expect((await it.store.outbox.deadLetters(10)).map(({ id }) => id)).toEqual(['id1']);
  expect(await it.store.outbox.resend('id1', it.clock.now())).toBe(true);
  await it.clock.advance(2_000);
  expect(it.visible).toEqual(['second', 'first']);
});

test('a platform that asks to wait is given the time it asks for', async () => {
  const it = await kit(failing(1, 'not-sent', 33_000));
  await it.queue('id1', 'text');
  it.delivery.start();
  await it.clock.advance(32_900);
  expect(it.tries).toHaveLength(1);
  await it.clock.advance(200);
  expect(it.visible).toEqual(['text']);
});

test('what a platform will never take is given up at once, with its reason', async () => {
  const it = await kit(failing(1, 'rejected'));
  await it.queue('id1', 'text');
  it.delivery.start();
  await it.clock.advance(200_000);
  expect(it.tries).toHaveLength(1);
  expect(await it.store.outbox.byId('id1')).toMatchObject({ state: 'failed', reason: 'it failed' });
});

test('A14: without a nonce a second copy is marked for the reader and flagged in the row', async () => {
  const it = await kit(failing(1, 'unknown'));
  await it.queue('id1', 'text');
  it.delivery.start();
  await it.clock.advance(6_000);
  expect(it.visible).toEqual(['text\n\n_(possibly sent twice)_']);
  expect(await it.state('id1')).toBe('uncertain');
});

test('A14: with a nonce the same message is sent again unmarked under the same id', async () => {
  const it = await kit(failing(1, 'unknown'), { takesNonce: true });
  await it.queue('id1', 'text');
  it.delivery.start();
  await it.clock.advance(6_000);
  expect(it.tries.map(({ id }) => id)).toEqual(['id1', 'id1']);
  expect(it.visible).toEqual(['text']);
  expect(await it.state('id1')).toBe('delivered');
});

test('A14: where the platform can tell that it arrived, it is not sent again', async () => {
  const it = await kit(failing(1, 'unknown'), { findSent: async () => 'm77' });
  await it.queue('id1', 'text');
  it.delivery.start();
  await it.clock.advance(6_000);
  expect(it.tries).toHaveLength(1);
  expect(await it.store.outbox.byId('id1')).toMatchObject({ state: 'delivered', external_id: 'm77' });
});

test('A14: a message whose process died while it was sent is looked for before it is sent again', async () => {
  const asked: string[] = [];
  const it = await kit(shows, {
    findSent: async ({ id }) => {
      asked.push(id);
      return undefined;
    },
  });
  await it.queue('id1', 'text', { state: 'sending', attempts: 1, runner: '1:0' });
  await it.store.outbox.openAttempt({ outbox_id: 'id1', attempt: 1, outcome: 'sending', started_at: 0 });
  it.delivery.start();
  await it.clock.advance(100);
  expect(asked).toEqual(['id1']);
  expect(it.visible).toEqual(['text']);
  expect((await it.store.outbox.attempts(['id1'])).map(({ outcome }) => outcome)).toEqual(['unknown', 'delivered']);
});

test('a chat that fails does not hold up another', async () => {
  const it = await kit(async (message, visible) => {
    if (message.chat === 'test:1') throw new DeliveryError('not-sent', 'down');
    return shows(message, visible);
  });
  await it.queue('id1', 'stuck');
  await it.queue('id2', 'free', { chat_id: 'test:2' });
  it.delivery.start();
  await it.clock.advance(100);
  expect(it.visible).toEqual(['free']);
});

test('rows that another process adds go out within a second', async () => {
  const it = await kit(shows);
  it.delivery.start();
  await it.clock.advance(100);
  const now = it.clock.now();
  await it.store.outbox.insert([
    { id: 'x', channel: 'test', chat_id: 'test:1', kind: 'sent', part: 1, parts: 1, text: 'late', state: 'pending', attempts: 0, is_repeat: 0, next_attempt_at: now, created_at: now },
  ]); // oxfmt-ignore
  await it.clock.advance(1_000);
  expect(it.visible).toEqual(['late']);
});

test('what waited for a platform that was off goes out as soon as it is back, and nothing else early', async () => {
  let off = true;
  const { store, clock, delivery, visible, queue } = await kit(shows, {}, () => off);
  await queue('a', 'first');
  await queue('b', 'later', { chat_id: 'test:2', next_attempt_at: clock.now() + 60_000 });
  delivery.start();
  await clock.advance(100);
  expect([visible, (await store.outbox.byId('a'))?.reason]).toEqual([[], 'test is off']);
  off = false;
  await clock.advance(100);
  expect(visible).toEqual([]);
  await store.outbox.platformIsBack('other', clock.now());
  delivery.wake();
  await clock.advance(0);
  expect(visible).toEqual([]);
  await store.outbox.platformIsBack('test', clock.now());
  delivery.wake();
  await clock.advance(0);
  expect(visible).toEqual(['first']);
});

test('the whole answer takes the place of its draft by an edit, and a repeated edit does no harm', async () => {
  const edits: string[] = [];
  const it = await kit(shows, {
    edit: async (_chat, externalId, text) => {
      edits.push(`${externalId} ${text}`);
      if (edits.length === 1) throw new DeliveryError('unknown', 'no answer');
    },
  });
  await it.queue('id1', 'begin …', { kind: 'draft' });
  await it.queue('id2', 'begin and end', { edits: 'id1' });
  it.delivery.start();
  await it.clock.advance(6_000);
  expect(it.visible).toEqual(['begin …']);
  expect(edits).toEqual(['m1 begin and end', 'm1 begin and end']);
  expect(await it.state('id2')).toBe('delivered');
});
