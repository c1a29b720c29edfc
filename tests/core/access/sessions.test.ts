import { expect, test } from 'vitest';
import { accessKit, HOME_ADDRESS, refused } from './access-kit.ts';
import { MINUTE } from './people-kit.ts';

test('a session is known by its cookie until it is idle for too long, over, or revoked', async () => {
  const { sessions, authenticator, byMember, pass } = await accessKit();
  const { row, value } = await sessions.open(byMember, 'a browser\u0007');
  const enter = () => authenticator.authenticate({ cookie: `a=b; claw_session=${value}; c=d`, address: HOME_ADDRESS });
  const actor = await enter();
  expect(actor).toMatchObject({ user: { username: 'mia' }, via: 'session', credentialId: row.id });
  for (let count = 0; count < 2; count += 1) {
    pass(59 * MINUTE);
    await enter();
  }
  pass(59 * MINUTE);
  await enter();
  pass(3 * MINUTE);
  await expect(enter()).rejects.toThrow(refused('auth-rejected'));
  const next = await sessions.open(byMember, 'a browser');
  const cookie = `claw_session=${next.value}`;
  await authenticator.authenticate({ cookie, address: HOME_ADDRESS });
  pass(60 * MINUTE);
  await expect(authenticator.authenticate({ cookie, address: HOME_ADDRESS })).rejects.toThrow(refused('auth-rejected'));
});

test('sessions are listed and revoked by their own user only', async () => {
  const { sessions, authenticator, byMember, byAdmin } = await accessKit();
  const { row, value } = await sessions.open(byMember, 'a browser');
  expect(await sessions.list(byAdmin)).toEqual([]);
  await expect(sessions.revoke(byAdmin, row.id)).rejects.toThrow(refused('not-found'));
  expect((await sessions.list(byMember)).map(({ id }) => id)).toEqual([row.id]);
  await sessions.revoke(byMember, row.id);
  const cookie = `claw_session=${value}`;
  await expect(authenticator.authenticate({ cookie, address: HOME_ADDRESS })).rejects.toThrow(refused('auth-rejected'));
});

test('signing out everywhere ends all sessions and tokens of oneself, or all but the session one came with', async () => {
  const { sessions, tokens, byMember, byAdmin, signIn } = await accessKit();
  const first = await sessions.open(byMember, 'one');
  await sessions.open(byMember, 'two');
  await sessions.open(byAdmin, 'of another');
  const { accessToken } = await tokens.issue(byMember);
  expect(await sessions.revokeAll(byMember, first.row.id)).toBe(1);
  expect((await sessions.list(byMember)).map(({ id }) => id)).toEqual([first.row.id]);
  await expect(signIn(accessToken)).rejects.toThrow(refused('auth-rejected'));
  expect(await sessions.revokeAll(byMember)).toBe(1);
  expect(await sessions.list(byMember)).toEqual([]);
  expect(await sessions.list(byAdmin)).toHaveLength(1);
});

test('a cookie that stands twice is refused', async () => {
  const { sessions, authenticator, byMember } = await accessKit();
  const { value } = await sessions.open(byMember, '');
  const cookie = `claw_session=${value}; claw_session=${value}`;
  await expect(authenticator.authenticate({ cookie, address: HOME_ADDRESS })).rejects.toThrow(refused('auth-rejected'));
});

test('a limited key signs nobody out', async () => {
  const { sessions, byMember } = await accessKit();
  const { row } = await sessions.open(byMember, 'a browser');
  const limited = { ...byMember, scopes: ['self.read'] };
  await expect(sessions.revokeAll(limited)).rejects.toThrow(refused('permission-denied'));
  await expect(sessions.revoke(limited, row.id)).rejects.toThrow(refused('permission-denied'));
  expect((await sessions.list(limited)).map(({ id }) => id)).toEqual([row.id]);
});
