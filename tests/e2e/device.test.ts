/** Browsers that are let in by a code. */
import { expect, test } from 'vitest';
import { ask } from './http-kit.ts';
import { runClaw, runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe(() => ({ env: { AUTH_ENABLED: 'true', LOGIN_RATE_LIMIT: '1000' } }));
const run = (...args: string[]) => runClawJson(args, { home: shared().home });

interface Offer {
  readonly id: string;
  readonly secret: string;
  readonly code: string;
}

async function request(name: string): Promise<Offer> {
  const { status, json } = await ask(shared(), '/api/v1/auth/devices', { body: { name } });
  expect(status).toBe(201);
  return json as Offer;
}
const fetchSession = (secret: string) => ask(shared(), '/api/v1/auth/devices/session', { body: { secret } });
const whoAmI = (cookie: string) => ask(shared(), '/api/v1/auth/me', { headers: { cookie } });

test('a browser that an admin lets in gets its session once, and loses it when it is revoked', async () => {
  await run('user', 'create', 'alice');
  const offer = await request("Alice's phone\u202e");
  expect((await fetchSession(offer.secret)).json).toEqual({ state: 'pending' });
  expect((await run('device', 'list')).json).toMatchObject([{ name: "Alice's phone", state: 'pending', user: null }]);
  await run('device', 'approve', offer.code.toLowerCase(), '--user', 'alice');
  const got = await fetchSession(offer.secret);
  expect(got.json).toMatchObject({ state: 'approved', user: { username: 'alice' } });
  const cookie = String(got.headers.get('set-cookie'));
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
  const value = cookie.split(';')[0] ?? '';
  expect((await whoAmI(value)).json).toMatchObject({ username: 'alice' });
  expect((await fetchSession(offer.secret)).status).toBe(401);
  await run('device', 'revoke', offer.id);
  expect((await whoAmI(value)).status).toBe(401);
  const acts = (await run('audit', 'list')).json as { action: string; target: string }[];
  const ofDevice = acts.filter(({ target }) => target === offer.id).map(({ action }) => action);
  expect(ofDevice.toSorted()).toEqual(['device.approve', 'device.revoke']);
});

test('a browser that was turned away, an unknown secret and a used code get nothing', async () => {
  const offer = await request('stranger');
  await run('device', 'approve', offer.code, '--deny');
  expect((await fetchSession(offer.secret)).status).toBe(401);
  expect((await fetchSession('0'.repeat(64))).status).toBe(401);
  const again = await runClaw(['device', 'approve', offer.code], { home: shared().home });
  expect([again.code, again.stderr]).toEqual([6, expect.stringContaining('No browser waits')]);
});

test('who is no admin lets nobody in', async () => {
  const { json } = await run('user', 'create', 'bob');
  const headers = { authorization: `Bearer ${(json as { api_key: string }).api_key}` };
  const offer = await request('mine');
  expect((await ask(shared(), '/api/v1/devices', { headers })).status).toBe(403);
  expect((await ask(shared(), `/api/v1/devices/${offer.code}/approve`, { headers, body: {} })).status).toBe(403);
  const denied = await runClaw(['device', 'approve', offer.code, '--by', 'bob'], { home: shared().home });
  expect(denied.code).toBe(5);
  expect((await fetchSession(offer.secret)).json).toEqual({ state: 'pending' });
});

test('only so many may wait at once', async () => {
  const answers: number[] = [];
  for (let count = 0; count < 25; count += 1) {
    answers.push((await ask(shared(), '/api/v1/auth/devices', { body: {} })).status);
  }
  expect(answers.at(-1)).toBe(429);
});
