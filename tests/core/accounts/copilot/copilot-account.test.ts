import { expect, it } from 'vitest';
import {
  copilotConnection,
  createCopilotProvider,
  type CopilotSettings,
} from '../../../../src/core/accounts/copilot/copilot-account.ts';
import { createCopilotLogin, websiteOf } from '../../../../src/core/accounts/copilot/copilot-login.ts';
import { accountBench, failureOf } from '../account-kit.ts';

const EXCHANGE = '/copilot_internal/v2/token';
const GITHUB_TOKEN = 'gh-canary-1';
const COPILOT_TOKEN = 'tid=canary;exp=2';

function settingsFor(url: string, more: Partial<CopilotSettings> = {}): CopilotSettings {
  return {
    clientId: 'client-1',
    githubApiRoot: url,
    githubRoot: url,
    apiRoot: undefined,
    apiHosts: ['*.example.com'],
    scope: 'read:user',
    headers: { 'editor-version': 'claw/1' },
    ...more,
  };
}

async function bench(more: Partial<CopilotSettings> = {}, timeoutMs?: number) {
  const parts = await accountBench(timeoutMs);
  const deps = { ...parts, settings: settingsFor(parts.server.url, more) };
  return { ...parts, deps, provider: createCopilotProvider(deps), login: createCopilotLogin(deps) };
}

const DEVICE = {
  device_code: 'device-canary-1',
  user_code: 'ABCD-1234',
  verification_uri: 'https://example.com/login/device',
  expires_in: 900,
  interval: 5,
};

function account(issuedAt = 0) {
  return { accessToken: '', refreshToken: GITHUB_TOKEN, issuedAt, expiresAt: issuedAt };
}

it('shows a code and an address, and asks at the pace that GitHub names until the code was entered', async () => {
  const { server, login, clock, signal } = await bench();
  server.answer('/login/device/code', { body: DEVICE });
  server.answer(
    '/login/oauth/access_token',
    { body: { error: 'authorization_pending' } },
    { body: { error: 'slow_down', interval: 10 } },
    { body: { error: 'authorization_pending' } },
    { status: 503 },
    { body: { access_token: GITHUB_TOKEN, token_type: 'bearer', scope: 'read:user' } },
  );
  const start = await login.start(signal);
  expect(start).toMatchObject({ url: DEVICE.verification_uri, userCode: 'ABCD-1234', pollMs: 5000 });
  expect(start.expiresAt).toBe(clock.now() + 900_000);
  const ends = [];
  for (let at = 0; at < 5; at += 1) ends.push(await login.finish(start.pending, undefined, signal));
  // RFC 8628 3.5: after slow_down every later interval is longer, too.
  expect(ends.slice(0, 4)).toEqual([5000, 10_000, 10_000, 20_000].map((pollMs) => ({ kind: 'waiting', pollMs })));
  expect(ends[4]).toEqual({ kind: 'done', tokens: { ...account(clock.now()), scopes: ['read:user'] } });
  const [first] = server.asked('/login/device/code');
  expect(first).toMatchObject({ method: 'POST', form: { client_id: 'client-1', scope: 'read:user' } });
  expect(server.asked('/login/oauth/access_token')[0]?.form).toEqual({
    client_id: 'client-1',
    device_code: 'device-canary-1',
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  });
});

it('waits 5 s between questions when GitHub names no interval', async () => {
  const { server, login, signal } = await bench();
  const { interval: _, ...rest } = DEVICE;
  server.answer('/login/device/code', { body: rest });
  expect((await login.start(signal)).pollMs).toBe(5000);
});

it.each([
  ['access_denied', 'The log-in was refused in the browser. Nothing has changed.'],
  ['expired_token', 'The code was not entered in time. Nothing has changed.'],
  ['incorrect_device_code', 'GitHub gave an answer without a valid access_token.'],
])('ends at %s', async (error, message) => {
  const { server, login, signal } = await bench();
  server.answer('/login/device/code', { body: DEVICE });
  server.answer('/login/oauth/access_token', { body: { error } });
  const { pending } = await login.start(signal);
  await expect(login.finish(pending, undefined, signal)).rejects.toThrow(message);
});

it('asks no more once the code has run out', async () => {
  const { server, login, clock, signal } = await bench();
  server.answer('/login/device/code', { body: DEVICE });
  server.answer('/login/oauth/access_token', { body: { access_token: GITHUB_TOKEN } });
  const { pending } = await login.start(signal);
  await clock.advance(900_000);
  await expect(login.finish(pending, undefined, signal)).rejects.toThrow('not entered in time');
  expect(server.asked('/login/oauth/access_token')).toEqual([]);
});

it('says how to get a client id, and when GitHub refuses the one there is', async () => {
  const without = await bench({ clientId: undefined });
  await expect(without.login.start(without.signal)).rejects.toMatchObject({
    code: 'config-invalid',
    hint: expect.stringContaining('claw config set COPILOT_CLIENT_ID ID') as unknown,
  });
  const { server, login, signal } = await bench();
  server.answer('/login/device/code', { status: 400, body: { error: 'device_flow_disabled' } });
  await expect(login.start(signal)).rejects.toThrow('no log-in for this client id (HTTP 400, device_flow_disabled)');
});

it.each([
  ['https://api.github.com', 'https://github.com'],
  ['https://git.example.com/api/v3', 'https://git.example.com'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
])('finds the website of the API at %s', (api, website) => {
  expect(websiteOf(api)).toBe(website);
});

it('exchanges the token of GitHub, and renews when GitHub says', async () => {
  const { server, provider, clock, signal } = await bench();
  const expires_at = clock.now() / 1000 + 1800;
  const date = new Date(clock.now()).toUTCString();
  const endpoints = { api: 'https://api.example.com' };
  server.answer(EXCHANGE, {
    headers: { date },
    body: { token: COPILOT_TOKEN, expires_at, refresh_in: 1500, endpoints },
  });
  const tokens = await provider.refresh(account(), signal);
  expect(tokens).toMatchObject({ accessToken: COPILOT_TOKEN, refreshToken: GITHUB_TOKEN, issuedAt: clock.now() });
  expect(tokens.expiresAt).toBe(clock.now() + 1_800_000);
  expect(provider.refreshAt(tokens)).toBe(clock.now() + 1_500_000);
  expect(server.asked(EXCHANGE)[0]?.headers).toMatchObject({
    authorization: `token ${GITHUB_TOKEN}`,
    'editor-version': 'claw/1',
  });
});

it('is due at once after the log-in, and never without the token of GitHub', async () => {
  const { provider, clock } = await bench();
  expect(provider.refreshAt(account(clock.now())) ?? Infinity).toBeLessThanOrEqual(clock.now());
  expect(provider.refreshAt({ accessToken: COPILOT_TOKEN, issuedAt: 0 })).toBeUndefined();
});

it.each([-86_400_000, 86_400_000])('goes by the life of a token while the clock is %i ms off', async (offMs) => {
  const { server, provider, clock, signal } = await bench();
  const theirs = clock.now() + offMs;
  const headers = { date: new Date(theirs).toUTCString() };
  server.answer(EXCHANGE, { headers, body: { token: COPILOT_TOKEN, expires_at: theirs / 1000 + 1800 } });
  const tokens = await provider.refresh(account(), signal);
  expect(tokens.expiresAt).toBe(clock.now() + 1_800_000);
  expect(provider.refreshAt(tokens)).toBe(clock.now() + 1_500_000);
});

it.each([
  ['401', { status: 401, body: { message: 'Bad credentials' } }, /^rejected: GitHub answered HTTP 401/],
  ['403', { status: 403, body: { message: 'no' } }, /^blocked: .*no Copilot/],
  ['403 with a page', { status: 403, body: '<html>blocked</html>' }, /^blocked: .*a page for people/],
  ['404', { status: 404, body: { message: 'Not Found' } }, /^blocked: .*COPILOT_CLIENT_ID/],
  ['400', { status: 400, body: {} }, /^broken: /],
  ['429', { status: 429, headers: { 'retry-after': '7' } }, /^retry: /],
  ['503', { status: 503, body: 'down' }, /^retry: /],
  ['a cut answer', { body: { token: COPILOT_TOKEN, expires_at: 1 }, cutAfter: 20 }, /^retry: /],
  ['no JSON', { body: '{"token": "tid=can' }, /^broken: GitHub gave an answer that is no valid JSON\.$/],
  ['no expiry', { body: { token: COPILOT_TOKEN } }, /^broken: GitHub gave an answer without a valid expires_at\.$/],
  ['a slow answer', { body: { token: COPILOT_TOKEN, expires_at: 1 }, delayMs: 400 }, /^retry: /],
])('says what %s means and names no token', async (_, answer, expected) => {
  const { server, provider, signal } = await bench({}, 200);
  server.answer(EXCHANGE, answer);
  const failure = await failureOf(provider.refresh(account(), signal));
  expect(failure).toMatch(expected);
  expect(failure).not.toContain('canary');
});

it.each([
  ['https://api.example.com', undefined],
  ['https://API.EXAMPLE.COM/v1', undefined],
  ['http://api.example.com', 'is not encrypted'],
  ['https://example.com', 'is not in COPILOT_API_HOSTS'],
  ['https://api.example.com.attacker.test', 'is not in COPILOT_API_HOSTS'],
  ['https://attacker.test/?api.example.com', 'is not in COPILOT_API_HOSTS'],
  ['https://notexample.com', 'is not in COPILOT_API_HOSTS'],
  ['https://api.example.com@attacker.test', 'is not in COPILOT_API_HOSTS'],
  ['https://name:word@api.example.com', 'carries a name'],
  ['http://127.0.0.1:4000', 'is not in COPILOT_API_HOSTS'],
])('judges %s as the address of the Copilot API', async (api, refusal) => {
  const { server, provider, deps, clock, signal } = await bench();
  server.answer(EXCHANGE, { body: { token: COPILOT_TOKEN, expires_at: clock.now() / 1000 + 60, endpoints: { api } } });
  const work = provider.refresh(account(), signal);
  if (refusal === undefined) expect(copilotConnection(await work, deps.settings).baseUrl).toBe(api);
  else expect(await failureOf(work)).toContain(refusal);
});

it('uses an address of this machine when it is listed, the one that was set before any, and else the public one', () => {
  const named = { ...account(), extra: { api: 'http://127.0.0.1:4000' } };
  const listed = settingsFor('http://unused', { apiHosts: ['127.0.0.1'] });
  expect(copilotConnection(named, listed).baseUrl).toBe('http://127.0.0.1:4000');
  const own = settingsFor('http://unused', { apiRoot: 'http://127.0.0.1:5000' });
  expect(copilotConnection(named, own).baseUrl).toBe('http://127.0.0.1:5000');
  expect(copilotConnection(account(), settingsFor('http://unused')).baseUrl).toBe('https://api.githubcopilot.com');
});
