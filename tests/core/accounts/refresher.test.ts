import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountState } from '../../../src/core/accounts/account-state.ts';
import { accountsKit, BY, MINUTE } from './accounts-kit.ts';

const SECOND = 1000;
const HTML = { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>no</html>' };
const GONE = { status: 400, body: '{"error":"invalid_grant"}' };

test.each([
  ['5 min and 1 s', 5 * MINUTE + SECOND, 0],
  ['5 min', 5 * MINUTE, 1],
  ['nothing', -MINUTE, 1],
])('a token with %s left is used after %s refreshes', async (_, leftMs, calls) => {
  const kit = await accountsKit();
  const old = await kit.signIn(leftMs);
  const used = await kit.refresher.use('claude');
  expect(kit.server.requests).toHaveLength(calls);
  expect(used.accessToken === old.accessToken).toBe(calls === 0);
  expect(await kit.kept()).toMatchObject({ accessToken: used.accessToken });
});

test('twenty uses at once make one refresh, and all get the new token', async () => {
  const kit = await accountsKit();
  await kit.signIn(MINUTE);
  const used = await Promise.all(Array.from({ length: 20 }, () => kit.refresher.use('claude')));
  expect(kit.server.requests).toHaveLength(1);
  expect(new Set(used.map(({ accessToken }) => accessToken)).size).toBe(1);
  expect(used[0]?.accessToken).toBe(kit.server.given.at(-1));
  expect(kit.outcomes).toEqual(['ok']);
});

test('two processes at once make one refresh', async () => {
  const kit = await accountsKit();
  await kit.signIn(MINUTE);
  const other = kit.process();
  const [a, b] = await Promise.all([kit.refresher.use('claude'), other.refresher.use('claude')]);
  expect(kit.server.requests).toHaveLength(1);
  expect(a.accessToken).toBe(b.accessToken);
});

test('tokens are stored before anybody gets them, and hidden', async () => {
  const kit = await accountsKit();
  await kit.signIn(MINUTE);
  const used = await kit.refresher.use('claude');
  expect(await kit.kept()).toEqual(used);
  expect([...kit.hidden]).toEqual(expect.arrayContaining([used.accessToken, used.refreshToken]));
  expect(await kit.row()).toMatchObject({
    state: 'signed-in',
    failures: 0,
    expires_at: kit.clock.now() + 8 * 60 * MINUTE,
  });
  expect(JSON.stringify(await kit.row())).not.toContain(used.accessToken);
  expect(await kit.acts()).toEqual(['account.login ok', 'account.refresh ok']);
});

test('a store that cannot be written gives the new token to nobody', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(MINUTE);
  const set = kit.secretStore.set;
  kit.secretStore.set = () => Promise.reject(new Error('disk full'));
  await expect(kit.refresher.use('claude')).rejects.toThrow('disk full');
  kit.secretStore.set = set;
  expect((await kit.kept()).accessToken).toBe(old.accessToken);
});

test('a rotated refresh token is kept, an absent one leaves the old', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(MINUTE);
  await kit.refresher.use('claude');
  const rotated = await kit.kept();
  expect(rotated.refreshToken).not.toBe(old.refreshToken);
  kit.server.answer.rotates = false;
  await kit.refresher.refresh('claude', { force: true });
  expect(await kit.kept()).toMatchObject({ refreshToken: rotated.refreshToken });
  expect((await kit.kept()).accessToken).not.toBe(rotated.accessToken);
});

test('invalid_grant needs a new log-in: told once, in the trail, never asked again, token untouched', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(MINUTE);
  kit.server.replies.push(GONE);
  await expect(kit.refresher.use('claude')).rejects.toMatchObject({
    code: 'auth-rejected',
    hint: 'claw auth login claude',
  });
  await expect(kit.refresher.use('claude')).rejects.toMatchObject({ code: 'auth-rejected' });
  await kit.refresher.refreshDue();
  expect(kit.server.requests).toHaveLength(1);
  expect(await kit.kept()).toEqual(old);
  expect(accountState(await kit.row(), kit.clock.now())).toBe('needs-login');
  expect(kit.told).toEqual([expect.stringMatching(/new log-in.*claw auth login claude/)]);
  expect(await kit.acts()).toEqual(['account.login ok', 'account.needs-login failed']);
});

test('503 is tried again at once, and then works', async () => {
  const kit = await accountsKit();
  await kit.signIn(-MINUTE);
  kit.server.replies.push({ status: 503, body: '' });
  const using = kit.refresher.use('claude');
  await expect.poll(() => kit.clock.sleeping()).toEqual([1000]);
  await kit.clock.advance(1000);
  expect((await using).accessToken).toBe(kit.server.given.at(-1));
  expect(kit.server.requests).toHaveLength(2);
  expect(kit.told).toEqual([]);
});

test('a page with 403 leaves a token in use that has not ended, and is tried again later', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(2 * MINUTE);
  kit.server.replies.push(HTML);
  expect((await kit.refresher.use('claude')).accessToken).toBe(old.accessToken);
  expect((await kit.refresher.use('claude')).accessToken).toBe(old.accessToken);
  expect(kit.server.requests).toHaveLength(1);
  expect(await kit.row()).toMatchObject({ state: 'signed-in', failures: 1, refresh_at: kit.clock.now() + 30 * SECOND });
  expect((await kit.row()).error).toMatch(/page for people/);
  expect(accountState(await kit.row(), kit.clock.now())).toBe('expiring');
  await kit.clock.advance(30 * SECOND);
  expect((await kit.refresher.use('claude')).accessToken).not.toBe(old.accessToken);
  expect(await kit.row()).toMatchObject({ failures: 0, error: null });
});

test('a token that has ended is not used while its renewal is away: the reason is told and nobody hammers', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(-MINUTE);
  kit.server.replies.push(HTML);
  for (let turn = 0; turn < 3; turn += 1)
    await expect(kit.refresher.use('claude')).rejects.toMatchObject({ code: 'upstream-failed' });
  expect(kit.server.requests).toHaveLength(1);
  expect(await kit.kept()).toEqual(old);
});

test('Retry-After is waited for, between failures twice as long each time up to an hour, and the owner is told once', async () => {
  const kit = await accountsKit();
  await kit.signIn(MINUTE);
  const now = kit.clock.now();
  kit.server.replies.push({ status: 429, headers: { 'retry-after': '900' }, body: '{}' });
  await kit.refresher.refreshDue();
  expect((await kit.row()).refresh_at).toBe(now + 900 * SECOND);
  const waits: number[] = [];
  for (let failure = 0; failure < 8; failure += 1) {
    kit.server.replies.push(HTML);
    await kit.clock.advance(((await kit.row()).refresh_at ?? 0) - kit.clock.now());
    await kit.refresher.refreshDue();
    waits.push(((await kit.row()).refresh_at ?? 0) - kit.clock.now());
  }
  expect(waits.map((wait) => wait / SECOND)).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600]);
  expect(kit.told).toHaveLength(1);
  expect(await kit.acts()).toEqual(['account.login ok', 'account.refresh failed']);
});

test('a refused token is renewed once although it has not ended, and by one of those who saw it refused', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(60 * MINUTE);
  const other = kit.process();
  const wish = { refused: old.accessToken };
  await Promise.all([kit.refresher.refresh('claude', wish), other.refresher.refresh('claude', wish)]);
  expect(kit.server.requests).toHaveLength(1);
});

test('an account whose token is refused and not renewed is revoked', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(60 * MINUTE);
  kit.server.replies.push(GONE);
  await expect(kit.refresher.refresh('claude', { refused: old.accessToken })).rejects.toMatchObject({
    kind: 'rejected',
  });
  expect((await kit.row()).state).toBe('revoked');
});

test('a token that is refused right after it was given is not asked for again', async () => {
  const kit = await accountsKit();
  await kit.signIn(MINUTE);
  const { accessToken } = await kit.refresher.use('claude');
  await expect(kit.refresher.refresh('claude', { refused: accessToken })).rejects.toMatchObject({ kind: 'rejected' });
  expect(kit.server.requests).toHaveLength(1);
});

test('an answer that was lost leaves an honest state: the old token is tried, and a new log-in asked for', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(MINUTE);
  // The service rotated, and the process died before it could store.
  await kit.deps.adapters('claude').then(({ provider }) => provider.refresh(old, new AbortController().signal));
  const next = kit.process();
  await expect(next.refresher.use('claude')).rejects.toMatchObject({ code: 'auth-rejected' });
  expect(kit.server.requests.map(({ json }) => json['refresh_token'])).toEqual([old.refreshToken, old.refreshToken]);
  expect(await kit.row()).toMatchObject({ state: 'needs-login' });
});

test('tokens that were stored by a process that died before its row are taken as they are', async () => {
  const kit = await accountsKit();
  const old = await kit.signIn(MINUTE);
  const fresh = { ...old, accessToken: 'access-of-the-dead', expiresAt: kit.clock.now() + 60 * MINUTE };
  await kit.deps.vault.write('claude', fresh, undefined);
  expect((await kit.refresher.use('claude')).accessToken).toBe('access-of-the-dead');
  await kit.refresher.refreshDue();
  expect(kit.server.requests).toEqual([]);
  expect(await kit.row()).toMatchObject({ expires_at: fresh.expiresAt, refresh_at: fresh.expiresAt - 5 * MINUTE });
});

test('the next instant to look at is that of the token that is due first', async () => {
  const kit = await accountsKit();
  expect(await kit.refresher.refreshDue()).toBeUndefined();
  await kit.signIn(60 * MINUTE);
  expect(await kit.refresher.refreshDue()).toBe(kit.clock.now() + 55 * MINUTE);
  expect(kit.server.requests).toEqual([]);
});

test('nothing is renewed before somebody has agreed to the risk', async () => {
  const kit = await accountsKit();
  const { url } = await kit.service.startLogin('claude');
  const { code, state } = kit.server.approve(url);
  kit.server.answer.expiresIn = 60;
  await kit.service.endLogin('claude', `${code}#${state}`, { by: BY, isAgreed: false });
  expect(await kit.refresher.refreshDue()).toBeUndefined();
  await expect(kit.service.refresh('claude', BY)).rejects.toMatchObject({ code: 'permission-denied' });
  await kit.service.agree('claude', BY);
  expect(await kit.row()).toMatchObject({ consent_at: kit.clock.now() });
  await kit.refresher.refreshDue();
  expect(kit.server.requests).toHaveLength(2);
});

test('the file of the Claude CLI is renewed in place, and what the CLI renewed itself is used', async () => {
  const kit = await accountsKit();
  const path = join(kit.home, 'credentials.json');
  const write = (tokens: object): void =>
    writeFileSync(path, JSON.stringify({ claudeAiOauth: { ...tokens, plan: 'max' } }));
  write({ accessToken: 'access-cli', refreshToken: kit.server.issue(), expiresAt: kit.clock.now() + MINUTE });
  await kit.service.importFrom('claude', path, { by: BY, isAgreed: true });
  const used = await kit.refresher.use('claude');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    claudeAiOauth: { accessToken: used.accessToken, refreshToken: used.refreshToken, plan: 'max' },
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  write({ accessToken: 'access-cli-2', refreshToken: 'r', expiresAt: kit.clock.now() + 600 * MINUTE });
  expect((await kit.refresher.use('claude')).accessToken).toBe('access-cli-2');
  writeFileSync(path, '{"claudeAiOauth": ');
  expect((await kit.refresher.use('claude')).accessToken).toBe(used.accessToken);
});
