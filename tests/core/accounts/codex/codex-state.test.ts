import { expect, it } from 'vitest';
import { readCodexState } from '../../../../src/core/accounts/codex/codex-state.ts';

const NOW = 1_800_000_000_000;

/** The file as version 0.169.0 of the CLI writes it. */
function file(more: Record<string, unknown> = {}, tokens: Record<string, unknown> = {}): string {
  return JSON.stringify({
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: jwt({ exp: 5 }),
      access_token: jwt({ exp: NOW / 1000 + 3600 }),
      refresh_token: 'renewer-canary',
      account_id: 'account-canary',
      ...tokens,
    },
    last_refresh: '2027-01-10T08:00:00.123456789Z',
    ...more,
  });
}

function jwt(payload: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(payload)}.${part('signature-canary')}`;
}

it('tells the state, the end and the last renewal of the sign-in, and no token', () => {
  const state = readCodexState(file(), NOW);
  expect(state).toEqual({
    state: 'signed-in',
    hasRefreshToken: true,
    expiresAt: NOW + 3_600_000,
    refreshedAt: Date.parse('2027-01-10T08:00:00.123Z'),
  });
});

it('calls an ended token signed in as long as the CLI can renew it', () => {
  const ended = { access_token: jwt({ exp: NOW / 1000 - 1 }) };
  expect(readCodexState(file({}, ended), NOW).state).toBe('signed-in');
  expect(readCodexState(file({}, { ...ended, refresh_token: null }), NOW).state).toBe('expired');
});

it.each([
  ['no file', undefined, 'signed-out'],
  ['an empty object', '{}', 'signed-out'],
  ['an API key', JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: 'key-canary' }), 'api-key'],
  ['half a file', file().slice(0, 40), 'unreadable'],
  ['a list', '[]', 'unreadable'],
])('reads %s', (_, content, state) => {
  expect(readCodexState(content, NOW)).toEqual({ state, hasRefreshToken: false });
});

it.each([['no JWT'], [jwt({ exp: 'soon' })], [jwt({})], ['a.b.c'], ['']])('takes no expiry from %j', (access_token) => {
  expect(readCodexState(file({}, { access_token }), NOW).expiresAt).toBeUndefined();
});

it('leaves out a last renewal that is no date', () => {
  expect(readCodexState(file({ last_refresh: 'yesterday' }), NOW)).not.toHaveProperty('refreshedAt');
  expect(readCodexState(file({ last_refresh: 17 }), NOW).state).toBe('signed-in');
});
