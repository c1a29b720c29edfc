import { expect, test } from 'vitest';
import { accessKit, HOME_ADDRESS, refused } from './access-kit.ts';
import { MINUTE } from './people-kit.ts';

const PASSWORD = 'correct horse battery';

test('a password signs in under the name in any case, and is stored as argon2id', async () => {
  const { passwords, byMember, member, store } = await accessKit();
  await passwords.set(byMember, member, PASSWORD);
  expect((await passwords.check(' MIA ', PASSWORD, HOME_ADDRESS)).id).toBe(member.id);
  expect(await store.signIn.passwordHash(member.id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('an unknown name, a wrong password, a user without one and a disabled one read the same', async () => {
  const { passwords, users, byAdmin, byMember, member } = await accessKit();
  await passwords.set(byMember, member, PASSWORD);
  const { user } = await users.create(byAdmin, { username: 'gone', role: 'user' });
  await passwords.set(byAdmin, user, PASSWORD);
  await users.disable(byAdmin, 'gone');
  const words = new Set<string>();
  for (const [name, password] of [
    ['nobody', PASSWORD],
    ['mia', 'wrong horse battery'],
    ['mia', ''],
    ['owner', PASSWORD],
    ['gone', PASSWORD],
  ] as const) {
    const error = await passwords.check(name, password, HOME_ADDRESS).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'auth-rejected' });
    words.add(String(error));
  }
  expect(words.size).toBe(1);
});

test('five wrong passwords lock the name for that address, the right one too, and for nobody else', async () => {
  const { passwords, byMember, member, pass } = await accessKit();
  await passwords.set(byMember, member, PASSWORD);
  const tries = Array.from({ length: 8 }, () => passwords.check('mia', 'wrong horse battery', '192.0.2.1'));
  const outcomes = await Promise.allSettled(tries);
  const codes = outcomes.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'in'));
  expect(codes).toEqual([...Array<string>(5).fill('auth-rejected'), ...Array<string>(3).fill('limit-reached')]);
  await expect(passwords.check('mia', PASSWORD, '192.0.2.1')).rejects.toThrow(refused('limit-reached'));
  await passwords.check('mia', PASSWORD, '192.0.2.2');
  pass(15 * MINUTE);
  await passwords.check('mia', PASSWORD, '192.0.2.1');
});

test.each(['short', 'aaaaaaaaaaaaaaaaaa', 'x'.repeat(1025), 'miamiamiamia'])(
  'the password %j is refused',
  async (password) => {
    const { passwords, byMember, member } = await accessKit();
    await expect(passwords.set(byMember, member, password)).rejects.toThrow(refused('usage-invalid'));
  },
);

test('a new password ends every sign-in of its user', async () => {
  const { passwords, tokens, sessions, byMember, member, signIn, authenticator } = await accessKit();
  const { accessToken } = await tokens.issue(byMember);
  const { value } = await sessions.open(byMember, 'a browser');
  await passwords.set(byMember, member, PASSWORD);
  await expect(signIn(accessToken)).rejects.toThrow(refused('auth-rejected'));
  const cookie = `claw_session=${value}`;
  await expect(authenticator.authenticate({ cookie, address: HOME_ADDRESS })).rejects.toThrow(refused('auth-rejected'));
});

test('one changes the own password with the one that holds, and only the session it is done in goes on', async () => {
  const { passwords, sessions, authenticator, byMember, member, keys } = await accessKit();
  await passwords.change(byMember, { current: '', next: PASSWORD });
  const here = await sessions.open(byMember, 'here');
  const there = await sessions.open(byMember, 'there');
  const by = await authenticator.authenticate({ cookie: `claw_session=${here.value}`, address: HOME_ADDRESS });
  const next = 'another horse battery';
  await expect(passwords.change(by, { current: 'wrong horse battery', next })).rejects.toThrow(
    refused('permission-denied'),
  );
  await expect(passwords.change(by, { current: PASSWORD, next: 'short' })).rejects.toThrow(refused('usage-invalid'));
  await passwords.change(by, { current: PASSWORD, next });
  expect((await passwords.check('mia', next, HOME_ADDRESS)).id).toBe(member.id);
  expect((await sessions.list(byMember)).map(({ id }) => id)).toEqual([here.row.id]);
  const cookie = `claw_session=${there.value}`;
  await expect(authenticator.authenticate({ cookie, address: HOME_ADDRESS })).rejects.toThrow(refused('auth-rejected'));
  const limited = await keys.create(byMember, member, { scopes: ['self.*'] });
  const byKey = await authenticator.authenticate({ authorization: `Bearer ${limited.text}`, address: HOME_ADDRESS });
  await expect(passwords.change(byKey, { current: next, next: PASSWORD })).rejects.toThrow(
    refused('permission-denied'),
  );
});

test('wrong tries at the own password lock as wrong sign-ins do, and say how long', async () => {
  const { passwords, byMember, member } = await accessKit();
  await passwords.set(byMember, member, PASSWORD);
  const wrong = () => passwords.change(byMember, { current: 'wrong horse battery', next: 'another horse battery' });
  for (let count = 0; count < 5; count += 1) await expect(wrong()).rejects.toThrow(refused('permission-denied'));
  await expect(wrong()).rejects.toThrow(expect.objectContaining({ code: 'limit-reached', waitSeconds: 900 }));
});

test('nobody but themselves and an admin sets a password', async () => {
  const { passwords, byMember, admin } = await accessKit();
  await expect(passwords.set(byMember, admin, PASSWORD)).rejects.toThrow(refused('permission-denied'));
});
