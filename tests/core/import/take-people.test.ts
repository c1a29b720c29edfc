import { expect, test } from 'vitest';
import type { ImportedItem, ImportedKey, ImportedUser } from '../../../src/core/import/imported.ts';
import { takePeople } from '../../../src/core/import/take-people.ts';
import { importKit } from './import-kit.ts';

const user = (name: string, role: ImportedUser['role'], sourceId = name): ImportedUser => ({
  kind: 'user',
  sourceId,
  name,
  role,
  isActive: true,
});
const key = (owner: string | undefined, digit: string): ImportedKey => ({
  kind: 'key',
  sourceId: `${owner} ${digit}`,
  owner,
  name: 'flux',
  hash: digit.repeat(64),
  prefix: 'flux_12345678',
});

async function kit() {
  const { store, run, admin, member } = await importKit();
  const takers = takePeople(store, run);
  const take = async (item: Extract<ImportedItem, { kind: 'user' | 'key' }>) => {
    const decision = item.kind === 'user' ? await takers.user.decide(item) : await takers.key.decide(item);
    if ('write' in decision) await store.transaction((tables) => decision.write(tables));
    return decision;
  };
  return { store, run, admin, member, take };
}

test('a user of a name that is taken is that user, whatever the case; nobody becomes older than the owner', async () => {
  const { store, take, member, admin } = await kit();
  expect(await take(user('MIA', 'readonly'))).toMatchObject({ state: 'already', targetId: member.id });
  expect((await store.users.byId(member.id))?.role).toBe('user');
  expect(await take(user('chief', 'admin'))).toMatchObject({
    state: 'new',
    remark: expect.stringContaining('admin') as string,
  });
  expect((await store.users.firstAdmin())?.id).toBe(admin.id);
});

test('two users there of one name here are not mixed up: the second is left out, with what is theirs', async () => {
  const { take } = await kit();
  await take(user('Ｊin', 'user', '1'));
  expect(await take(user('jin', 'user', '2'))).toMatchObject({ state: 'skipped' });
  await expect(take(key('2', 'a'))).rejects.toThrow('its user was not taken over');
});

test('a key opens no more here than it opened there', async () => {
  const { store, take } = await kit();
  await take(user('owner', 'user'));
  expect(await take(key('owner', 'a'))).toMatchObject({
    state: 'skipped',
    reason: expect.stringContaining('may do more') as string,
  });
  expect(await store.keys.byHash('a'.repeat(64))).toBeUndefined();
  await take(user('mia', 'user'));
  expect(await take(key('mia', 'b'))).toMatchObject({ state: 'new' });
  expect(await take(key('mia', 'b'))).toMatchObject({ state: 'already' });
});

test('the key of one who was deleted here is not given to another', async () => {
  const { run, take } = await kit();
  run.users.set('gone', null);
  await expect(take(key('gone', 'a'))).rejects.toThrow('its user was deleted here');
});

test('what cannot be a name here is left out', async () => {
  const { take } = await kit();
  for (const name of ['', '(former user)', 'x'.repeat(65), 'a\u202Eb'])
    await expect(take(user(name, 'user'))).rejects.toThrow(/^A user name /);
});
