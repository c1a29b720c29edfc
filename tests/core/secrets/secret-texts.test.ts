import { expect, test } from 'vitest';
import { secretTexts } from '../../../src/core/secrets/secret-texts.ts';

test('a plain secret is hidden whole, and so is what only looks like JSON', () => {
  expect(secretTexts('made-up-key')).toEqual(['made-up-key']);
  expect(secretTexts('{not json')).toEqual(['{not json']);
});

test('of a secret of several the members are hidden that are named for what they are', () => {
  const account = {
    accessToken: 'made-up-access',
    refreshToken: 'made-up-renewal',
    expiresAt: 1,
    scopes: ['user:inference'],
    extra: { githubToken: 'made-up-github', api: 'https://api.example.com' },
  };
  expect(secretTexts(JSON.stringify(account))).toEqual(['made-up-access', 'made-up-renewal', 'made-up-github']);
  expect(secretTexts(JSON.stringify({ pending: { verifier: 'made-up-proof', state: 'shown' } }))).toEqual([
    'made-up-proof',
  ]);
});
