import { expect, onTestFinished, test, vi } from 'vitest';
import { openApp } from '../../../src/core/create-app.ts';
import { linkRoutes } from '../../../src/serve/http/link-routes.ts';
import { Answer, type RouteDeps } from '../../../src/serve/http/route.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

async function linkKit() {
  vi.stubEnv('CLAW_SECRET_STORE', 'file');
  onTestFinished(() => void vi.unstubAllEnvs());
  const app = await openApp({ home: temporaryHome(), overrides: { AUTH_ENABLED: 'true', LOGIN_RATE_LIMIT: '3' } });
  onTestFinished(() => app.close());
  const routes = linkRoutes({ app } as RouteDeps);
  const ask = async (path: string, body: object, address = '127.0.0.1'): Promise<unknown> => {
    const found = routes.find((route) => route.path === path);
    if (found === undefined) throw new Error(`no route ${path}`);
    const asked = { params: undefined, query: undefined, body, headers: { 'user-agent': 'a browser' }, address };
    return found.handle({ ...asked, signal: new AbortController().signal } as unknown as Parameters<
      typeof found.handle
    >[0]);
  };
  return { app, ask };
}

const WRONG = '0'.repeat(64);
const OWNER = { username: 'rosa', password: 'made up for this test' };

test('all three ways in by a link count as tries to sign in, of one address', async () => {
  const { ask } = await linkKit();
  expect(await ask('/auth/set-up/state', { secret: WRONG })).toEqual({ state: 'unknown', username: null });
  await expect(ask('/auth/set-up', { secret: WRONG, ...OWNER })).rejects.toMatchObject({ code: 'auth-rejected' });
  await expect(ask('/auth/link', { secret: WRONG })).rejects.toMatchObject({ code: 'auth-rejected' });
  for (const path of ['/auth/set-up/state', '/auth/set-up', '/auth/link']) {
    const again = ask(path, { secret: WRONG, ...OWNER });
    await expect(again).rejects.toMatchObject({ code: 'limit-reached', waitSeconds: expect.any(Number) as number });
  }
  expect(await ask('/auth/set-up/state', { secret: WRONG }, '192.0.2.1')).toMatchObject({ state: 'unknown' });
});

test('a set-up answers with cookies that no script reads, and with neither the secret nor the password', async () => {
  const { app, ask } = await linkKit();
  const offer = await (await (await app.access()).links()).offerSetUp({ via: 'server', from: 'server' });
  const answer = await ask('/auth/set-up', { secret: offer?.secret, ...OWNER });
  if (!(answer instanceof Answer) || typeof answer.body !== 'string') throw new Error('no answer');
  const cookies = answer.headers['set-cookie'] ?? [];
  expect(cookies).toHaveLength(2);
  for (const cookie of cookies) expect(cookie).toMatch(/; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(JSON.parse(answer.body)).toMatchObject({ username: 'rosa', role: 'admin' });
  for (const word of [offer?.secret ?? '', OWNER.password]) {
    expect(JSON.stringify([answer.body, answer.headers])).not.toContain(word);
  }
});
