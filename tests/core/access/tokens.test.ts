import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptSigningKey } from '../../../src/core/access/signing-key.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { accessKit, HOME_ADDRESS, refused } from './access-kit.ts';

test('tokens sign their user in until they expire', async () => {
  const { tokens, byMember, signIn, pass } = await accessKit();
  const { accessToken, expiresIn } = await tokens.issue(byMember);
  expect(expiresIn).toBe(900);
  expect(await signIn(accessToken)).toMatchObject({ user: { username: 'mia' }, via: 'access-token' });
  pass(900_000);
  await expect(signIn(accessToken)).rejects.toThrow(refused('auth-rejected'));
});

test('B14: refresh tokens are 64 hexadecimal digits, differ over 50 issues, and are stored as hashes', async () => {
  const { tokens, byMember, store } = await accessKit();
  const seen = new Set<string>();
  for (let count = 0; count < 50; count += 1) {
    const { refreshToken } = await tokens.issue(byMember);
    expect(refreshToken).toMatch(/^[0-9a-f]{64}$/);
    expect(await store.signIn.refreshToken(refreshToken)).toBeUndefined();
    seen.add(refreshToken);
  }
  expect(seen.size).toBe(50);
});

test('B15: a refresh token that came back ends the whole sign-in, and the trail tells', async () => {
  const { tokens, byMember, signIn, authenticator, store } = await accessKit();
  const first = await tokens.issue(byMember);
  const second = await tokens.refresh(first.refreshToken, HOME_ADDRESS);
  const actor = await signIn(second.accessToken);
  await expect(tokens.refresh(first.refreshToken, HOME_ADDRESS)).rejects.toThrow(refused('auth-rejected'));
  await expect(tokens.refresh(second.refreshToken, HOME_ADDRESS)).rejects.toThrow(refused('auth-rejected'));
  await expect(signIn(second.accessToken)).rejects.toThrow(refused('auth-rejected'));
  await expect(authenticator.renew(actor)).rejects.toThrow(refused('auth-rejected'));
  const [row] = await store.audit.list({ action: 'token.reuse' }, 5);
  expect(row).toMatchObject({ username: 'mia', outcome: 'denied' });
});

test('of two at once with one refresh token, one wins and the sign-in ends', async () => {
  const { tokens, byMember } = await accessKit();
  const { refreshToken } = await tokens.issue(byMember);
  const both = await Promise.allSettled([
    tokens.refresh(refreshToken, HOME_ADDRESS),
    tokens.refresh(refreshToken, HOME_ADDRESS),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('B15: after signing out nothing of that sign-in is good; another goes on', async () => {
  const { tokens, byMember, signIn } = await accessKit();
  const one = await tokens.issue(byMember);
  const other = await tokens.issue(byMember);
  await tokens.logOut(one.refreshToken);
  await tokens.logOut('no such token');
  await expect(tokens.refresh(one.refreshToken, HOME_ADDRESS)).rejects.toThrow(refused('auth-rejected'));
  await expect(signIn(one.accessToken)).rejects.toThrow(refused('auth-rejected'));
  await signIn(other.accessToken);
});

test('a disabled user is out at once, and back when they are enabled', async () => {
  const { tokens, byMember, byAdmin, users, signIn } = await accessKit();
  const { accessToken, refreshToken } = await tokens.issue(byMember);
  await users.disable(byAdmin, 'mia');
  await expect(signIn(accessToken)).rejects.toThrow(refused('auth-rejected'));
  await expect(tokens.refresh(refreshToken, HOME_ADDRESS)).rejects.toThrow(refused('auth-rejected'));
  await users.enable(byAdmin, 'mia');
  await signIn(accessToken);
});

test('a refresh token ends with its time, and a key for narrow use gets none', async () => {
  const { tokens, byMember, ttl, pass } = await accessKit();
  const { refreshToken } = await tokens.issue(byMember);
  pass(ttl.refresh * 1000);
  await expect(tokens.refresh(refreshToken, HOME_ADDRESS)).rejects.toThrow(refused('auth-rejected'));
  await expect(tokens.issue({ ...byMember, scopes: ['chat.*'] })).rejects.toThrow(refused('permission-denied'));
});

test('the key of a home is made once, by whoever comes first, and nobody else may read it', async () => {
  const home = temporaryHome();
  const file = join(home, 'signing.key');
  const keys = await Promise.all([1, 2, 3].map(() => keptSigningKey(file, join(home, 'run', 'signing.lock'))));
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
