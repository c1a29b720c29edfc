import { expect, test } from 'vitest';
import { accessKit, refused } from './access-kit.ts';

test('B2: a name is taken once, whatever its case and form', async () => {
  const { users, byAdmin } = await accessKit();
  const { user } = await users.create(byAdmin, { username: 'Zoë', role: 'user' });
  for (const username of ['Zoë', ' Zoë ', 'Zoe\u0308', 'ZOë', 'Ｚoë']) {
    await expect(users.create(byAdmin, { username, role: 'user' })).rejects.toThrow(refused('conflict'));
  }
  expect(await users.find(byAdmin, 'zoë')).toEqual(user);
});

test.each([
  '',
  ' ',
  '\u00a0',
  '\u3164',
  'a\u0000b',
  'a\nb',
  'a\u202eb',
  'a\u200bb',
  'a  b',
  '-a',
  'x'.repeat(65),
  '<b>',
  'a/b',
])('B3: %j is no name', async (username) => {
  const { users, byAdmin } = await accessKit();
  await expect(users.create(byAdmin, { username, role: 'user' })).rejects.toThrow(refused('usage-invalid'));
});

test.each(['root', '', 'Admin', '__proto__', 'constructor'])(
  'B4: the role %j is refused, and the roles are named',
  async (role) => {
    const { users, byAdmin } = await accessKit();
    const error = await users.create(byAdmin, { username: 'sam', role }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'usage-invalid', hint: 'The roles are admin, user, readonly.' });
  },
);

test('B10: the newest user comes first, the disabled are hidden, and the limit holds', async () => {
  const { users, byAdmin, pass } = await accessKit();
  for (const username of ['ann', 'ben', 'cid']) {
    await users.create(byAdmin, { username, role: 'user' });
    pass(1);
  }
  await users.disable(byAdmin, 'ben');
  const names = async (options: { all: boolean; limit?: number }) =>
    (await users.list(byAdmin, options)).map(({ username }) => username);
  expect(await names({ all: false })).toEqual(['cid', 'ann', 'mia', 'owner']);
  expect(await names({ all: true, limit: 2 })).toEqual(['cid', 'ben']);
});

test('only an admin manages people; others see themselves', async () => {
  const { users, byMember, member } = await accessKit();
  for (const act of [
    () => users.create(byMember, { username: 'sam', role: 'user' }),
    () => users.list(byMember, { all: false }),
    () => users.find(byMember, 'owner'),
    () => users.update(byMember, 'mia', { role: 'admin' }),
    () => users.disable(byMember, 'owner'),
    () => users.remove(byMember, 'owner'),
  ]) {
    await expect(act()).rejects.toThrow(refused('permission-denied'));
  }
  expect(await users.find(byMember, 'mia')).toEqual(member);
});

test('there is always an active admin', async () => {
  const { users, byAdmin, member } = await accessKit();
  for (const act of [
    () => users.disable(byAdmin, 'owner'),
    () => users.update(byAdmin, 'owner', { role: 'user' }),
    () => users.remove({ ...byAdmin, user: { ...member, role: 'admin' } }, 'owner'),
  ]) {
    await expect(act()).rejects.toThrow(/last active admin/);
  }
  await users.update(byAdmin, 'mia', { role: 'admin' });
  await users.disable(byAdmin, 'owner');
});

test('every change leaves one row in the audit trail, and a refused one leaves none of its kind', async () => {
  const { users, byAdmin, store } = await accessKit();
  await users.create(byAdmin, { username: 'sam', role: 'user' });
  await users.update(byAdmin, 'sam', { role: 'readonly' });
  await users.disable(byAdmin, 'sam');
  await expect(users.disable(byAdmin, 'sam')).rejects.toThrow(refused('conflict'));
  await users.remove(byAdmin, 'sam');
  const actions = (await store.audit.list({}, 20)).map(({ action, username }) => `${action} ${username}`);
  expect(actions).toEqual(['user.delete owner', 'user.disable owner', 'user.update owner', 'user.create owner']);
});
