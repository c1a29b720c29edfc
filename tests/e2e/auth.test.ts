/** `claw auth` through the binary, against a stand-in of the token endpoint. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { authKit, MINUTE } from './auth-kit.ts';

const SLOW = { timeout: 120_000 };

test(
  'A47: a log-in begins in one process and ends in another; a wrong state is refused, a code is good once',
  SLOW,
  async () => {
    const kit = await authKit();
    const { url, expires_at } = (await kit.json(['auth', 'pkce', '--print-url'])) as {
      url: string;
      expires_at: string;
    };
    const query = new URL(url).searchParams;
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(9 * MINUTE);
    expect(url).toMatch(/^https:\/\/claude\.ai\/oauth\/authorize\?code=true&/);
    expect(query.get('scope')).toBe(
      'org:create_api_key user:profile user:inference user:sessions:claude_code user:mcp_servers',
    );
    expect(query.get('redirect_uri')).toBe('https://platform.claude.com/oauth/code/callback');
    expect(query.get('client_id')).toBe('9d1c250a-e61b-44d9-88ed-5944d1962f5e');
    const { code, state } = kit.server.approve(url);
    const wrong = await kit.run(['auth', 'pkce', '--code', `${code}#${'x'.repeat(43)}`, '--accept-risk']);
    expect(wrong).toMatchObject({ code: 4, stdout: '' });
    expect(wrong.stderr).toMatch(/state does not match/);
    expect(kit.server.requests).toEqual([]);
    expect(await kit.json(['auth', 'status'])).toEqual([]);

    const answer = `https://platform.claude.com/oauth/code/callback?code=${code}&state=${state}`;
    const done = await kit.json(['auth', 'pkce', '--code', answer, '--accept-risk', '--write-claude-file']);
    expect(done).toMatchObject({ account: 'claude', state: 'fresh', consent: 'given', calls_with: 'account:claude' });
    const json = kit.server.requests[0]?.json ?? {};
    expect(json['code_verifier']).toMatch(/^[\w-]{43}$/);
    expect(query.get('code_challenge')).toBe(
      createHash('sha256')
        .update(json['code_verifier'] ?? '')
        .digest('base64url'),
    );
    const file = join(kit.home, '.claude', '.credentials.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      claudeAiOauth: { refreshToken: kit.server.given[0], accessToken: kit.server.given[1] },
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const again = await kit.run(['auth', 'pkce', '--code', `${code}#${state}`]);
    expect(again).toMatchObject({ code: 6 });
    expect(kit.server.requests).toHaveLength(1);
    const acts = (await kit.json(['audit', 'list'])) as { action: string; outcome: string }[];
    expect(acts.map(({ action }) => action)).toContain('account.login');
  },
);

test('without consent a log-in is kept and not used; consent can follow', SLOW, async () => {
  const kit = await authKit();
  const { url } = (await kit.json(['auth', 'pkce', '--print-url'])) as { url: string };
  const { code, state } = kit.server.approve(url);
  const done = await kit.run(['auth', 'pkce', '--code', `${code}#${state}`, '--json']);
  expect(done.code).toBe(0);
  expect(done.stderr).toMatch(/terms of Claude subscriptions[\s\S]*--accept-risk/);
  expect(JSON.parse(done.stdout)).toMatchObject({ consent: 'missing', calls_with: null, next_refresh_at: null });
  expect(existsSync(join(kit.home, '.claude'))).toBe(false);
  const denied = await kit.run(['auth', 'refresh', 'claude']);
  expect(denied).toMatchObject({ code: 5 });
  await kit.run(['chat', '-p', 'hello', '--model', 'anthropic/claude-sonnet-5']);
  expect(kit.proofs()).toEqual([]);
  expect(await kit.json(['auth', 'login', 'claude', '--accept-risk'])).toMatchObject({ consent: 'given' });
  await kit.run(['chat', '-p', 'hello']);
  expect(kit.proofs()).toEqual([`bearer ${kit.server.given[1]}`]);
});

test('an empty answer at the question changes nothing', SLOW, async () => {
  const kit = await authKit();
  const cancelled = await kit.run(['auth', 'login', 'claude', '--accept-risk']);
  expect(cancelled).toMatchObject({ code: 130 });
  expect(cancelled.stderr).toMatch(/claude\.ai\/oauth\/authorize/);
  expect(await kit.json(['auth', 'status'])).toEqual([]);
  expect(await kit.json(['secret', 'list'])).toEqual([]);
});

test(
  'an imported log-in is renewed in its file; what else stands there is kept; logging out says what remains',
  SLOW,
  async () => {
    const kit = await authKit();
    const { path } = await kit.importLogin(2 * MINUTE);
    expect(await kit.json(['auth', 'refresh'])).toMatchObject([{ account: 'claude', state: 'fresh', error: null }]);
    const file = JSON.parse(readFileSync(path, 'utf8')) as { claudeAiOauth: Record<string, unknown> };
    expect(file).toMatchObject({ mcpOAuth: { kept: true }, claudeAiOauth: { subscriptionType: 'max' } });
    expect(file.claudeAiOauth).toMatchObject({ refreshToken: kit.server.given[1], accessToken: kit.server.given[2] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const out = (await kit.json(['auth', 'logout', 'claude'])) as { remains: string[] };
    expect(out.remains).toEqual([expect.stringContaining(path), expect.stringMatching(/not told/)]);
    expect(await kit.json(['secret', 'list'])).toEqual([]);
    expect((await kit.run(['auth', 'logout', 'claude'])).code).toBe(6);
  },
);

test.each([
  [
    '400 invalid_grant',
    { status: 400, body: '{"error":"invalid_grant"}' },
    4,
    'needs-login',
    /new log-in.*invalid_grant/,
  ],
  [
    'a 403 page',
    { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>' },
    8,
    'expiring',
    /page for people/,
  ],
  ['429', { status: 429, headers: { 'retry-after': '60' }, body: '{}' }, 8, 'expiring', /HTTP 429/],
  ['a truncated answer', { body: '{"access_token":"acc' }, 8, 'expiring', /no valid JSON/],
] as const)('%s leaves the token untouched and says so', SLOW, async (_, reply, exit, state, words) => {
  const kit = await authKit();
  const { path } = await kit.importLogin(2 * MINUTE);
  const before = readFileSync(path, 'utf8');
  kit.server.replies.push(reply);
  const run = await kit.run(['auth', 'refresh', 'claude']);
  expect(run.code).toBe(exit);
  expect(run.stderr).toMatch(words);
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(await kit.json(['auth', 'status'])).toMatchObject([{ state, failed_refreshes: 1 }]);
});
