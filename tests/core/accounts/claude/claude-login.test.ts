import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createClaudeLogin } from '../../../../src/core/accounts/claude/claude-login.ts';
import { claudeKit } from './claude-kit.ts';

const { signal } = new AbortController();

async function kit() {
  const parts = await claudeKit();
  const login = createClaudeLogin(parts.deps);
  const begun = await login.start(signal);
  return { ...parts, login, begun, page: parts.server.approve(begun.url) };
}

test('the address asks for a code by PKCE: a verifier of 43 characters, its S256 challenge, a state of its own', async () => {
  const { begun, clock, login } = await kit();
  const url = new URL(begun.url);
  const { verifier = '', state = '' } = begun.pending;
  expect(verifier).toMatch(/^[\w-]{43}$/);
  expect(state).toMatch(/^[\w-]{43}$/);
  expect(`${url.origin}${url.pathname}`).toBe('https://login.example.com/oauth/authorize');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    code: 'true',
    client_id: 'client-1',
    response_type: 'code',
    redirect_uri: 'https://login.example.com/oauth/code/callback',
    scope: 'user:profile user:inference',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state,
  });
  expect(begun.expiresAt).toBe(clock.now() + 600_000);
  expect((await login.start(signal)).pending['verifier']).not.toBe(verifier);
});

test.each([
  ['code#state', (code: string, state: string) => `  ${code}#${state}\n`],
  ['the whole address', (code: string, state: string) => `https://a.example.com/callback?code=${code}&state=${state}`],
  [
    'an address with the state behind #',
    (code: string, state: string) => `https://a.example.com/?code=${code}#${state}`,
  ],
])('%s is exchanged for tokens by a JSON POST', async (_, answer) => {
  const { login, begun, page, server, clock } = await kit();
  const end = await login.finish(begun.pending, answer(page.code, page.state), signal);
  expect(server.requests.map(({ json }) => json)).toEqual([
    {
      grant_type: 'authorization_code',
      code: page.code,
      state: page.state,
      client_id: 'client-1',
      redirect_uri: 'https://login.example.com/oauth/code/callback',
      code_verifier: begun.pending['verifier'],
    },
  ]);
  expect(end).toMatchObject({
    kind: 'done',
    tokens: { refreshToken: server.given[0], accessToken: server.given[1], expiresAt: clock.now() + 8 * 3_600_000 },
  });
});

test('a code with another state is refused and nothing is asked', async () => {
  const { login, begun, page, server } = await kit();
  const answer = `${page.code}#${'x'.repeat(43)}`;
  await expect(login.finish(begun.pending, answer, signal)).rejects.toMatchObject({ code: 'auth-rejected' });
  expect(server.requests).toEqual([]);
});

test.each(['', 'code', '#state', 'code#', 'a b#c', 'https://a.example.com/?state=x', 'code#state#more'])(
  '%j is no answer of a log-in',
  async (answer) => {
    const { login, begun, server } = await kit();
    await expect(login.finish(begun.pending, answer, signal)).rejects.toMatchObject({ code: 'usage-invalid' });
    expect(server.requests).toEqual([]);
  },
);
