import { expect, test } from 'vitest';
import { AccountFailure } from '../../../../src/core/accounts/account-failure.ts';
import type { AccountTokens } from '../../../../src/core/accounts/account-provider.ts';
import { createClaudeProvider } from '../../../../src/core/accounts/claude/claude-account.ts';
import type { TokenReply } from '../../../fakes/oauth/token-server.ts';
import { claudeKit } from './claude-kit.ts';

const MINUTE = 60_000;

async function kit(timeoutMs?: number) {
  const parts = await claudeKit(timeoutMs);
  const provider = createClaudeProvider(parts.deps);
  const now = parts.clock.now();
  const tokens: AccountTokens = {
    accessToken: 'access-old',
    refreshToken: parts.server.issue(),
    expiresAt: now + 4 * MINUTE,
    issuedAt: now - 60 * MINUTE,
    scopes: ['user:inference'],
    extra: { plan: 'max' },
  };
  const refresh = (): Promise<AccountTokens> => provider.refresh(tokens, new AbortController().signal);
  const failure = async (): Promise<AccountFailure> => {
    const error: unknown = await refresh().catch((thrown: unknown) => thrown);
    if (!(error instanceof AccountFailure)) throw error;
    for (const secret of [tokens.accessToken, tokens.refreshToken ?? '', ...parts.server.given])
      expect(error.message).not.toContain(secret);
    return error;
  };
  return { ...parts, provider, tokens, refresh, failure, now };
}

test('a token is due 5 minutes before its end, and never without a refresh token or an end', async () => {
  const { provider, tokens, now } = await kit();
  expect(provider.refreshAt({ ...tokens, expiresAt: now + 5 * MINUTE + 1000 })).toBe(now + 1000);
  expect(provider.refreshAt({ ...tokens, expiresAt: now + 5 * MINUTE })).toBe(now);
  const { refreshToken, ...withoutRefresh } = tokens;
  expect(refreshToken).toBeDefined();
  expect(provider.refreshAt(withoutRefresh)).toBeUndefined();
  const { expiresAt, ...endless } = tokens;
  expect(expiresAt).toBeDefined();
  expect(provider.refreshAt(endless)).toBeUndefined();
});

test('after the clock was set back a token is due at once', async () => {
  const { provider, tokens, now } = await kit();
  const later = now + 60 * MINUTE;
  expect(provider.refreshAt({ ...tokens, issuedAt: later, expiresAt: later + 60 * MINUTE })).toBe(0);
});

test('a refresh is a JSON POST with grant, token, client and scope; its end counts from when the answer came', async () => {
  const { server, tokens, refresh, now } = await kit();
  server.answer.headers = { date: new Date(now - 3 * 3_600_000).toUTCString() };
  const fresh = await refresh();
  expect(server.requests.map(({ json }) => json)).toEqual([
    {
      grant_type: 'refresh_token',
      refresh_token: tokens.refreshToken,
      client_id: 'client-1',
      scope: 'user:inference',
    },
  ]);
  expect(server.requests[0]?.headers['content-type']).toBe('application/json');
  expect(fresh).toEqual({
    accessToken: server.given[2],
    refreshToken: server.given[1],
    expiresAt: now + 8 * 3_600_000,
    issuedAt: now,
    scopes: ['user:inference', 'user:profile'],
    extra: { plan: 'max' },
  });
});

test('an answer without a refresh token keeps the old one', async () => {
  const { server, tokens, refresh } = await kit();
  server.answer.rotates = false;
  expect((await refresh()).refreshToken).toBe(tokens.refreshToken);
});

const PAGE = '<!doctype html><html><body>Just a moment…</body></html>';
const REFUSALS: readonly (readonly [
  name: string,
  reply: TokenReply,
  kind: AccountFailure['kind'],
  words: RegExp,
  waitMs?: number,
])[] = [
  [
    '400 invalid_grant',
    { status: 400, body: '{"error":"invalid_grant"}' },
    'rejected',
    /invalid_grant.*no longer valid/,
  ],
  ['401', { status: 401, body: '{"type":"error","error":{"type":"authentication_error"}}' }, 'rejected', /HTTP 401/],
  ['401 of a wrong client', { status: 401, body: '{"error":"invalid_client"}' }, 'broken', /client id/],
  ['400 without a code', { status: 400, body: 'nope' }, 'broken', /HTTP 400/],
  ['a 403 page', { status: 403, headers: { 'content-type': 'text/html' }, body: PAGE }, 'blocked', /page for people/],
  ['429', { status: 429, headers: { 'retry-after': '7' }, body: '{}' }, 'retry', /HTTP 429/, 7000],
  ['503', { status: 503, body: 'over capacity' }, 'retry', /HTTP 503/],
  ['a 200 page', { headers: { 'content-type': 'text/html' }, body: PAGE }, 'broken', /no valid JSON/],
  ['a truncated answer', { body: '{"access_token":"acc' }, 'broken', /no valid JSON/],
  ['an answer without a token', { body: '{"expires_in":3600}' }, 'broken', /valid access_token/],
  ['text that holds 429', { status: 400, body: '{"error":"error 429 rate"}' }, 'broken', /HTTP 400/],
];

for (const [name, reply, kind, words, waitMs] of REFUSALS) {
  test(`${name} is ${kind}`, async () => {
    const { server, failure } = await kit();
    server.replies.push(reply);
    const error = await failure();
    expect(error).toMatchObject({ kind, retryAfterMs: waitMs });
    expect(error.message).toMatch(words);
  });
}

test('an answer that does not come in time is tried again later', async () => {
  const { server, failure } = await kit(80);
  const never = Promise.withResolvers<void>();
  server.replies.push({ body: '{}', after: never.promise });
  expect(await failure()).toMatchObject({ kind: 'retry' });
});

test('a server that is not there is tried again later', async () => {
  const { server, failure } = await kit();
  await server.close();
  expect(await failure()).toMatchObject({ kind: 'retry' });
});

test('a redirect to another server gets no token', async () => {
  const { server, failure } = await kit();
  const other = await claudeKit();
  server.replies.push({ status: 307, headers: { location: other.server.url }, body: '' });
  expect(await failure()).toMatchObject({ kind: 'blocked' });
  expect(other.server.requests).toEqual([]);
});

test('a refusal says by how much the clock of this machine is off', async () => {
  const { server, failure, now } = await kit();
  const date = new Date(now + 3 * 3_600_000).toUTCString();
  server.replies.push({ status: 400, headers: { date }, body: '{"error":"invalid_grant"}' });
  expect((await failure()).message).toMatch(/about 180 minutes behind/);
});
