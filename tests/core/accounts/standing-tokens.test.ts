import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../../src/core/create-app.ts';
import { type EndpointServer, startEndpoints } from '../../fakes/oauth/endpoint-server.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const REFRESH = '/refresh_access_token';
const DAY = 24 * 3_600_000;

async function bench(env: string | undefined): Promise<{ app: App; server: EndpointServer; path: string }> {
  const home = temporaryHome();
  const path = join(home, '.env');
  if (env !== undefined) writeFileSync(path, env);
  const server = await startEndpoints();
  onTestFinished(() => server.close());
  return { app: await open(home, server), server, path };
}

async function open(home: string, { url }: EndpointServer): Promise<App> {
  const overrides = { SECRET_STORE: 'file', THREADS_API_ROOT: url, INSTAGRAM_API_ROOT: url };
  const app = await openApp({ home, overrides });
  onTestFinished(() => app.close());
  return app;
}

const BY = { id: 'owner-1' };

it('renews a token of the .env where it stands, and takes it for the one of the account from then on', async () => {
  const before = 'A=1\r\n  export THREADS_ACCESS_TOKEN = "old$&canary" # mine\r\nB=$&\r\n';
  const { app, server, path } = await bench(before);
  chmodSync(path, 0o640);
  server.answer(REFRESH, { body: { access_token: "new$&$1$'canary", expires_in: 60 * 86_400 } });
  const { service, toolSecret } = await app.accounts();
  expect(await service.list()).toMatchObject([{ row: { name: 'threads', state: 'signed-in' } }]);
  expect(server.questions).toEqual([]);
  await service.refresh('threads', BY);
  expect(server.asked(REFRESH)).toMatchObject([{ query: { access_token: 'old$&canary' } }]);
  expect(readFileSync(path, 'utf8')).toBe(before.replace('old$&canary', () => "new$&$1$'canary"));
  expect(statSync(path).mode & 0o777).toBe(0o640);
  const [view] = await service.list();
  const leftMs = (view?.row.expires_at ?? 0) - Date.now();
  expect(Math.abs(leftMs - 60 * DAY)).toBeLessThan(60_000);
  expect(await toolSecret('THREADS_ACCESS_TOKEN')).toEqual({
    value: "new$&$1$'canary",
    hosts: [new URL(server.url).host],
  });
});

it('does not renew a token whose age it knows to be less than 24 hours, whoever asks', async () => {
  const { app, server } = await bench('THREADS_ACCESS_TOKEN=old-canary\n');
  server.answer(REFRESH, { body: { access_token: 'new-canary', expires_in: 6 * 86_400 } });
  const { service, refresher } = await app.accounts();
  await service.refresh('threads', BY);
  await service.refresh('threads', BY);
  await refresher.use('threads');
  expect(server.asked(REFRESH)).toHaveLength(1);
});

it('takes the token of the .env after somebody changed it by hand', async () => {
  const { app, server, path } = await bench('THREADS_ACCESS_TOKEN=old-canary\n');
  server.answer(REFRESH, { body: { access_token: 'new-canary', expires_in: 6 * 86_400 } });
  const { service, toolSecret } = await app.accounts();
  await service.refresh('threads', BY);
  writeFileSync(path, 'THREADS_ACCESS_TOKEN=by-hand-canary\n');
  expect((await toolSecret('THREADS_ACCESS_TOKEN'))?.value).toBe('by-hand-canary');
  await service.refresh('threads', BY);
  expect(server.asked(REFRESH)[1]?.query['access_token']).toBe('by-hand-canary');
});

it('takes another token of the .env after the service has refused the first, and asks for none meanwhile', async () => {
  const { app, server, path } = await bench('THREADS_ACCESS_TOKEN=old-canary\n');
  server.answer(REFRESH, { status: 400, body: { error: { code: 190 } } });
  const { service, toolSecret } = await app.accounts();
  await expect(service.refresh('threads', BY)).rejects.toMatchObject({ code: 'auth-rejected' });
  await expect(toolSecret('THREADS_ACCESS_TOKEN')).rejects.toMatchObject({ code: 'auth-rejected' });
  writeFileSync(path, 'THREADS_ACCESS_TOKEN=by-hand-canary\n');
  expect(await service.list()).toMatchObject([{ row: { state: 'signed-in', error: null } }]);
  expect((await toolSecret('THREADS_ACCESS_TOKEN'))?.value).toBe('by-hand-canary');
  expect(server.asked(REFRESH)).toHaveLength(1);
});

it('goes on with the renewed token when the .env cannot be written', async () => {
  const { app, server, path } = await bench("OPEN='never closed\nTHREADS_ACCESS_TOKEN=old-canary\n");
  server.answer(REFRESH, { body: { access_token: "'#new-canary", expires_in: 60 * 86_400 } });
  const { service, toolSecret } = await app.accounts();
  await service.refresh('threads', BY);
  expect((await service.list())[0]?.row.error).toContain("in claw's own store only");
  expect(readFileSync(path, 'utf8')).toContain('THREADS_ACCESS_TOKEN=old-canary');
  expect((await toolSecret('THREADS_ACCESS_TOKEN'))?.value).toBe("'#new-canary");
});

it('moves a token out of the secret store into the account, and again when another is set', async () => {
  const { app, server } = await bench(undefined);
  server.answer(REFRESH, (question) => ({
    body: { access_token: `${question.query['access_token']}-renewed`, expires_in: 60 * 86_400 },
  }));
  const secrets = await app.secrets();
  const { service, toolSecret } = await app.accounts();
  for (const value of ['first-canary', 'second-canary']) {
    await secrets.set('INSTAGRAM_ACCESS_TOKEN', { value, hosts: [] });
    await service.refresh('instagram', BY);
    expect([...(await secrets.storedNames())]).toEqual(['ACCOUNT_INSTAGRAM']);
    expect((await toolSecret('INSTAGRAM_ACCESS_TOKEN'))?.value).toBe(`${value}-renewed`);
  }
});

it('gives tools no secret that claw keeps for itself', async () => {
  const { app } = await bench('THREADS_ACCESS_TOKEN=old-canary\n');
  const { service, toolSecret } = await app.accounts();
  await service.list();
  expect([...(await (await app.secrets()).storedNames())]).toContain('ACCOUNT_THREADS');
  expect(await toolSecret('ACCOUNT_THREADS')).toBeUndefined();
  expect(await toolSecret('ACCOUNT_THREADS_LOGIN')).toBeUndefined();
  expect(await toolSecret('INSTAGRAM_ACCESS_TOKEN')).toBeUndefined();
});

it('renews once when two processes want it at the same time', async () => {
  const { app, server, path } = await bench('THREADS_ACCESS_TOKEN=old-canary\n');
  server.answer(REFRESH, { delayMs: 300, body: { access_token: 'new-canary', expires_in: 60 * 86_400 } });
  const other = await open(join(path, '..'), server);
  const [first, second] = [await app.accounts(), await other.accounts()];
  await first.service.list();
  await Promise.all([first, second].map(({ service }) => service.refresh('threads', BY)));
  expect(server.asked(REFRESH)).toHaveLength(1);
});
