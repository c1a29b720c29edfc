import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Actor } from '../../../src/core/access/actor.ts';
import { createGuardedFetch } from '../../../src/core/net/guarded-fetch.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { createWebhookService } from '../../../src/core/webhooks/webhook-service.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver on loopback that answers what it is told to. */
async function receiver() {
  const received: Received[] = [];
  const state = { status: 200, body: 'ok', headers: {} as Record<string, string> };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(state.status, state.headers).end(state.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { received, state, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function kit() {
  const home = temporaryHome();
  const clock = manualClock();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  const actorOf = async (username: string, role: 'user' | 'readonly' = 'user'): Promise<Actor> => {
    const user = { id: `id-${username}`, username, role, state: 'active' as const, created_at: 0 };
    await store.users.insertIfAbsent(user);
    const stored = await store.users.byName(username);
    if (stored === undefined) throw new Error('not stored');
    return { user: stored, via: 'api-key', credentialId: null, scopes: null, from: '127.0.0.1' };
  };
  const target = await receiver();
  const kept = new Map<string, string>();
  const resolve = async () => ['127.0.0.1'];
  const service = createWebhookService({
    store,
    clock,
    fetch: createGuardedFetch({ resolve, trustedOrigins: [target.origin] }),
    trusted: [target.origin],
    secrets: {
      set: async (name, { value }) => {
        kept.set(name, value);
        return 'sealed-file';
      },
      remove: async (name) => void kept.delete(name),
      resolve: async (name) => {
        const value = kept.get(name);
        return value === undefined ? undefined : { value, hosts: [], source: 'sealed-file' };
      },
    },
  });
  const alice = await actorOf('alice');
  const { signal } = new AbortController();
  return {
    clock,
    store,
    service,
    target,
    kept,
    alice,
    actorOf,
    hook: (path = '/hook') => service.create(alice, { url: `${target.origin}${path}`, events: ['turn.completed'] }),
    event: (text = 'x', owner = 'id-alice') => store.webhooks.queue(owner, 'turn.completed', { text }, clock.now()),
    due: () => service.deliverDue(signal),
    /** One delivery with all its attempts. */
    async whole() {
      await service.deliverDue(signal);
      await clock.advance(1000);
      await service.deliverDue(signal);
      await clock.advance(2000);
      await service.deliverDue(signal);
    },
  };
}

test('B60: the signature is HMAC-SHA256 of the exact body, and that of Standard Webhooks is right too', async () => {
  const it = await kit();
  const { secret } = await it.hook();
  await it.event('한국어 "quoted" \n');
  expect(await it.due()).toBe(1);
  const [got] = it.target.received;
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text);
  expect(got?.headers['x-claw-signature']).toBe(hmac(secret, got?.body ?? '').digest('hex'));
  const signed = `${String(got?.headers['webhook-id'])}.${String(got?.headers['webhook-timestamp'])}.${got?.body ?? ''}`;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  expect(key).toHaveLength(32);
  expect(got?.headers['webhook-signature']).toBe(`v1,${hmac(key, signed).digest('base64')}`);
  expect(JSON.parse(got?.body ?? '')).toMatchObject({ type: 'turn.completed', data: { text: '한국어 "quoted" \n' } });
  expect(await it.due()).toBe(0);
});

test('B60: three attempts, after 1 s and 2 s more; then it has failed', async () => {
  const it = await kit();
  const { row } = await it.hook();
  it.target.state.status = 500;
  await it.event();
  await it.due();
  await it.clock.advance(999);
  expect(await it.due()).toBe(0);
  await it.clock.advance(1);
  expect(await it.due()).toBe(1);
  await it.clock.advance(1999);
  expect(await it.due()).toBe(0);
  await it.clock.advance(1);
  expect(await it.due()).toBe(1);
  await it.clock.advance(60_000);
  expect(await it.due()).toBe(0);
  expect(it.target.received).toHaveLength(3);
  expect(new Set(it.target.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const [delivery] = await it.service.deliveries(it.alice, row.id, 5);
  expect(delivery).toMatchObject({ state: 'failed', attempts: 3, status: 500, error: 'it answered 500' });
});

test('B60: active after the 3rd failed delivery in a row, switched off after the 4th, and on again by hand', async () => {
  const it = await kit();
  const { row } = await it.hook();
  it.target.state.status = 503;
  const state = async () => (await it.service.find(it.alice, row.id)).state;
  for (let delivery = 1; delivery <= 3; delivery += 1) {
    await it.event();
    await it.whole();
    expect(await state()).toBe('active');
  }
  it.target.state.status = 204;
  await it.event();
  await it.whole();
  it.target.state.status = 503;
  for (let delivery = 1; delivery <= 4; delivery += 1) {
    expect(await state(), 'a good delivery begins the count anew').toBe('active');
    await it.event();
    await it.whole();
  }
  expect(await it.service.find(it.alice, row.id)).toMatchObject({ state: 'disabled', failures: 4 });
  expect((await it.store.audit.list({ action: 'webhook.disable' }, 5)).map(({ target }) => target)).toEqual([row.id]);
  await it.event();
  expect(await it.due()).toBe(0);
  await it.service.enable(it.alice, row.id);
  it.target.state.status = 200;
  await it.event();
  expect(await it.due()).toBe(1);
});

test('B60: another user sees nothing of it and deletes nothing', async () => {
  const it = await kit();
  const { row } = await it.hook();
  const bob = await it.actorOf('bob');
  for (const act of ['remove', 'enable', 'test', 'find'] as const) {
    await expect(it.service[act](bob, row.id)).rejects.toMatchObject({ code: 'not-found', httpStatus: 404 });
  }
  expect(await it.service.list(bob)).toEqual([]);
  await it.event('x', 'id-bob');
  expect(await it.due()).toBe(0);
  await expect(
    it.service.create(await it.actorOf('rita', 'readonly'), { url: it.target.origin, events: ['turn.failed'] }),
  ).rejects.toMatchObject({ code: 'permission-denied' });
  await it.service.remove(it.alice, row.id.slice(0, 13));
  expect(it.kept.size).toBe(0);
});

test('B60: at most 4096 bytes of the answer are stored, whole characters only', async () => {
  const it = await kit();
  const { row } = await it.hook();
  it.target.state.body = '한'.repeat(10_000);
  await it.event();
  await it.due();
  const [delivery] = await it.service.deliveries(it.alice, row.id, 1);
  expect(Buffer.byteLength(delivery?.response ?? '')).toBeLessThanOrEqual(4096);
  expect(delivery?.response).toMatch(/^한+.?$/);
});

test('a redirect is not followed, and what is no public address is not called', async () => {
  const it = await kit();
  const { row } = await it.hook();
  Object.assign(it.target.state, { status: 302, headers: { location: `${it.target.origin}/other` } });
  expect(await it.service.test(it.alice, row.id)).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/redirect/),
  });
  expect(it.target.received).toHaveLength(1);
  const refused = [
    'http://example.com/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/',
    'ftp://a.b/',
    'https://u:p@example.com/',
    'nonsense',
    'https://localhost/',
  ];
  for (const url of refused) {
    const made = it.service.create(it.alice, { url, events: ['turn.failed'] });
    await expect(made, url).rejects.toMatchObject({ code: expect.stringMatching(/usage-invalid|sandbox-refused/) });
  }
  await expect(it.service.create(it.alice, { url: it.target.origin, events: ['no.event'] })).rejects.toThrow(
    /no event/,
  );
  // A name may lead anywhere: it is the address of the call that counts.
  const { row: named } = await it.service.create(it.alice, {
    url: 'https://hook.example.com/',
    events: ['turn.failed'],
  });
  expect(await it.service.test(it.alice, named.id)).toMatchObject({ state: 'failed', status: null });
  expect(it.target.received).toHaveLength(1);
});
