import { describe, expect, it } from 'vitest';
import { createMetaProvider, type MetaSettings } from '../../../../src/core/accounts/meta/meta-account.ts';
import { createMetaLogin } from '../../../../src/core/accounts/meta/meta-login.ts';
import { accountBench, failureOf } from '../account-kit.ts';
import { signedIn } from './renewal-kit.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OLD = 'old-token-canary';
const NEW = 'new-token-canary';

const PLATFORMS = [
  ['threads', 'Threads', 'th'],
  ['instagram', 'Instagram', 'ig'],
] as const;

async function bench(platform: MetaSettings['platform'], more: Partial<MetaSettings> = {}, timeoutMs?: number) {
  const parts = await accountBench(timeoutMs);
  const { url } = parts.server;
  const settings: MetaSettings = {
    platform,
    apiRoot: url,
    codeRoot: url,
    authorizeUrl: 'https://example.com/oauth/authorize',
    redirectUrl: 'https://localhost/',
    scopes: ['basic', 'publish'],
    appId: 'app-1',
    appSecret: async () => 'app-secret-canary',
    ...more,
  };
  const deps = { ...parts, settings };
  return { ...parts, provider: createMetaProvider(deps), login: createMetaLogin(deps) };
}

describe.each(PLATFORMS)('%s', (platform, who, prefix) => {
  it.each([
    ['7 days and a minute left', 7 * DAY + 60_000, 30 * DAY, false],
    ['7 days left', 7 * DAY, 30 * DAY, true],
    ['6 days and 23 hours left', 6 * DAY + 23 * HOUR, 30 * DAY, true],
    ['6 days left, issued 3 hours ago', 6 * DAY, 3 * HOUR, false],
    ['6 days left, issued 24 hours ago', 6 * DAY, DAY, true],
    ['6 days left, issued a minute less than 24 hours ago', 6 * DAY, DAY - 60_000, false],
  ])('with %s', async (_, leftMs, ageMs, isDue) => {
    const { provider, clock } = await bench(platform);
    const now = clock.now();
    const at = provider.refreshAt({ accessToken: OLD, issuedAt: now - ageMs, expiresAt: now + leftMs });
    expect(at !== undefined && at <= now).toBe(isDue);
  });

  it('renews a token whose end nobody knows once it is a day old', async () => {
    const { provider } = await bench(platform);
    expect(provider.refreshAt({ accessToken: OLD, issuedAt: 5000 })).toBe(5000 + DAY);
  });

  it('takes the expiry from the answer', async () => {
    const { server, provider, clock, signal } = await bench(platform);
    server.answer('/refresh_access_token', {
      body: { access_token: NEW, token_type: 'bearer', expires_in: 5_184_000 },
    });
    const before = { accessToken: OLD, issuedAt: 1, expiresAt: 2, extra: { user_id: '17' } };
    expect(await provider.refresh(before, signal)).toEqual({
      accessToken: NEW,
      issuedAt: clock.now(),
      expiresAt: clock.now() + 60 * DAY,
      extra: { user_id: '17' },
    });
    expect(server.questions).toMatchObject([
      { method: 'GET', query: { grant_type: `${prefix}_refresh_token`, access_token: OLD } },
    ]);
  });

  it.each([
    ['400 with code 190', { status: 400, body: graph(190) }, /^rejected: .*code 190.*ended or was withdrawn/],
    ['400 with code 4', { status: 400, body: graph(4) }, /^retry: /],
    ['400 with another code', { status: 400, body: graph(100) }, /^broken: .*HTTP 400 \(code 100\)\.$/],
    ['400', { status: 400, body: { error: `about ${OLD}` } }, /^broken: /],
    ['401', { status: 401, body: {} }, /^rejected: /],
    ['403 with a page', { status: 403, body: `<html>${OLD}</html>` }, /^blocked: .*a page for people/],
    ['429', { status: 429, body: {} }, /^retry: /],
    ['503', { status: 503, body: {} }, /^retry: /],
    ['a redirect to another server', { status: 302, headers: { location: 'https://example.com/' } }, /^blocked: /],
    ['a cut answer', { body: { access_token: NEW, expires_in: 5 }, cutAfter: 30 }, /^retry: /],
    ['no JSON', { body: `{"access_token": "${NEW}` }, /^broken: .*no valid JSON\.$/],
    ['no token', { body: { expires_in: 5 } }, /^broken: .*valid access_token\.$/],
    ['no expiry', { body: { access_token: NEW } }, /^broken: .*valid expires_in\.$/],
    ['a slow answer', { body: { access_token: NEW, expires_in: 5 }, delayMs: 400 }, /^retry: /],
  ])('says what %s means and names no token', async (_, answer, expected) => {
    const { server, provider, signal } = await bench(platform, {}, 200);
    server.answer('/refresh_access_token', answer);
    const failure = await failureOf(provider.refresh({ accessToken: OLD, issuedAt: 0 }, signal));
    expect(failure).toMatch(expected);
    expect(failure).not.toContain('canary');
  });

  it('names no token when nobody listens', async () => {
    const { server, provider, signal } = await bench(platform);
    await server.close();
    const failure = await failureOf(provider.refresh({ accessToken: OLD, issuedAt: 0 }, signal));
    expect(failure).toMatch(/^retry: 127\.0\.0\.1/);
    expect(failure).not.toContain('canary');
  });

  it('leads to the page of the app, and exchanges the code twice for a token of 60 days', async () => {
    const { server, login, clock, signal } = await bench(platform);
    const start = await login.start(signal);
    const { searchParams } = new URL(start.url);
    const state = start.pending['state'] ?? '';
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'app-1',
      redirect_uri: 'https://localhost/',
      scope: 'basic,publish',
      response_type: 'code',
      state,
    });
    expect(state).toHaveLength(43);
    server.answer('/oauth/access_token', { body: { access_token: 'short-canary', user_id: 17_841 } });
    server.answer('/access_token', { body: { access_token: NEW, expires_in: 5_184_000 } });
    const answer = `https://localhost/?code=CODE-1&state=${state}#_`;
    expect(await login.finish(start.pending, answer, signal)).toEqual({
      kind: 'done',
      tokens: {
        accessToken: NEW,
        issuedAt: clock.now(),
        expiresAt: clock.now() + 60 * DAY,
        scopes: ['basic', 'publish'],
        extra: { user_id: '17841' },
      },
    });
    const [code, exchange] = server.questions;
    expect(code).toMatchObject({
      method: 'POST',
      form: {
        client_id: 'app-1',
        client_secret: 'app-secret-canary',
        grant_type: 'authorization_code',
        redirect_uri: 'https://localhost/',
        code: 'CODE-1',
      },
    });
    expect(exchange?.query).toEqual({
      grant_type: `${prefix}_exchange_token`,
      client_secret: 'app-secret-canary',
      access_token: 'short-canary',
    });
  });

  it('reads an answer that is wrapped in data', async () => {
    const { server, login, signal } = await bench(platform);
    server.answer('/oauth/access_token', { body: { data: [{ access_token: 'short-canary', user_id: '9' }] } });
    server.answer('/access_token', { body: { access_token: NEW, expires_in: 5 } });
    const { pending } = await login.start(signal);
    expect(await login.finish(pending, 'CODE-1#_', signal)).toMatchObject({ tokens: { extra: { user_id: '9' } } });
    expect(server.asked('/access_token')[0]?.query['access_token']).toBe('short-canary');
  });

  it.each(['CODE-1#wrong', 'https://localhost/?code=CODE-1&state=wrong', 'https://localhost/?code=CODE-1'])(
    'refuses %s, of another log-in',
    async (answer) => {
      const { server, login, signal } = await bench(platform);
      const { pending } = await login.start(signal);
      await expect(login.finish(pending, answer, signal)).rejects.toThrow('its state does not match');
      expect(server.questions).toEqual([]);
    },
  );

  it.each(['', '   ', 'https://localhost/?error=access_denied', 'two words'])(
    'takes %j for no code',
    async (answer) => {
      const { login, signal } = await bench(platform);
      const { pending } = await login.start(signal);
      await expect(login.finish(pending, answer, signal)).rejects.toMatchObject({ code: 'usage-invalid' });
    },
  );

  it('says which setting or secret of the app is missing', async () => {
    const { login, signal } = await bench(platform, { appId: undefined });
    await expect(login.start(signal)).rejects.toThrow(`${who} needs ${platform.toUpperCase()}_APP_ID`);
    const secretless = await bench(platform, { appSecret: async () => undefined });
    await expect(secretless.login.start(signal)).rejects.toMatchObject({
      code: 'auth-missing',
      hint: `claw secret set ${platform.toUpperCase()}_APP_SECRET`,
    });
  });

  it('names neither code nor secret when the exchange fails', async () => {
    const { server, login, signal } = await bench(platform);
    server.answer('/oauth/access_token', { status: 400, body: graph(100) });
    const { pending } = await login.start(signal);
    const failure = await failureOf(login.finish(pending, 'code-canary', signal));
    expect(failure).toMatch(/^broken: /);
    expect(failure).not.toContain('canary');
  });
});

function graph(code: number) {
  return { error: { message: `about ${OLD}`, type: 'OAuthException', code, fbtrace_id: 'A' } };
}

const renewed = { body: { access_token: 'new-canary', token_type: 'bearer', expires_in: 5_184_000 } };

it.each([
  ['7 days and a minute left', 7 * DAY + 60_000, 30 * DAY, 0],
  ['6 days and 23 hours left', 6 * DAY + 23 * HOUR, 30 * DAY, 1],
  ['6 days left, issued 3 hours ago', 6 * DAY, 3 * HOUR, 0],
])('48: with %s', async (_, leftMs, ageMs, calls) => {
  const { server, refresher, row, clock } = await signedIn(leftMs, ageMs);
  server.answer('/refresh_access_token', renewed);
  const uses = await Promise.all(Array.from({ length: 20 }, () => refresher.use('threads')));
  await refresher.refreshDue();
  expect(server.asked('/refresh_access_token')).toHaveLength(calls);
  expect(new Set(uses.map(({ accessToken }) => accessToken))).toEqual(
    new Set([calls === 1 ? 'new-canary' : 'old-canary']),
  );
  if (calls === 1) expect((await row())?.expires_at).toBe(clock.now() + 60 * DAY);
});

it('48: keeps the old token after an error, tries again with growing pauses, and warns', async () => {
  const { server, refresher, row, token, told, clock } = await signedIn(6 * DAY, 30 * DAY);
  server.answer('/refresh_access_token', { status: 403, body: '<html>old-canary</html>' });
  const pauses: number[] = [];
  for (let failures = 1; failures <= 6; failures += 1) {
    await refresher.refreshDue();
    const { refresh_at = 0, error } = (await row()) ?? {};
    expect(error).not.toContain('canary');
    pauses.push((refresh_at ?? 0) - clock.now());
    expect((await refresher.use('threads')).accessToken).toBe('old-canary');
    await clock.advance(pauses.at(-1) ?? 0);
  }
  expect(server.asked('/refresh_access_token')).toHaveLength(6);
  expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 960_000]);
  expect(told).toEqual([expect.stringContaining('could not be renewed 5 times in a row')]);
  expect(await token()).toBe('old-canary');
  server.answer('/refresh_access_token', renewed);
  await refresher.refreshDue();
  expect(await token()).toBe('new-canary');
  expect(await row()).toMatchObject({ failures: 0, error: null, state: 'signed-in' });
});

it('tells once that a log-in is needed when Threads has withdrawn the token, and keeps it', async () => {
  const { server, refresher, row, token, told } = await signedIn(6 * DAY, 30 * DAY);
  server.answer('/refresh_access_token', { status: 400, body: { error: { message: 'old-canary', code: 190 } } });
  await refresher.refreshDue();
  await refresher.refreshDue();
  await expect(refresher.use('threads')).rejects.toMatchObject({
    code: 'auth-rejected',
    hint: 'claw auth login threads',
  });
  expect(server.asked('/refresh_access_token')).toHaveLength(1);
  expect(await row()).toMatchObject({ state: 'needs-login', refresh_at: null });
  expect(told).toEqual([expect.stringContaining('claw auth login threads')]);
  expect(told.join()).not.toContain('canary');
  expect(await token()).toBe('old-canary');
});
