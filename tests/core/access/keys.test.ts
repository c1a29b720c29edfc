import { expect, test } from 'vitest';
import { newId } from '../../../src/core/kernel/ids.ts';
import { hashSecretValue } from '../../../src/core/access/secret-values.ts';
import { importKeyHash } from '../../../src/core/access/keys.ts';
import { accessKit, refused } from './access-kit.ts';

const DAY = 86_400_000;

test('B1: a key is claw_ and 64 hexadecimal digits; its first 13 characters are shown, and only a hash is stored', async () => {
  const { keys, byMember, member, store } = await accessKit();
  const { row, text } = await keys.create(byMember, member, {});
  expect(text).toMatch(/^claw_[0-9a-f]{64}$/);
  expect(row.prefix).toBe(text.slice(0, 13));
  expect(JSON.stringify(await store.keys.list(member.id))).not.toContain(text.slice(13));
});

test('a key signs its user in, until it ends', async () => {
  const { keys, byMember, member, signIn, pass } = await accessKit();
  const { text } = await keys.create(byMember, member, { expiresInMs: DAY });
  expect(await signIn(text)).toMatchObject({ user: { username: 'mia' }, via: 'api-key', scopes: null });
  pass(DAY);
  await expect(signIn(text)).rejects.toThrow(refused('auth-rejected'));
});

test('B7: after a rotation the old key is refused and the new one is good', async () => {
  const { keys, byMember, member, signIn } = await accessKit();
  const old = await keys.create(byMember, member, { name: 'laptop', scopes: ['chat.*'] });
  const fresh = await keys.rotate(byMember, member, old.row.prefix);
  await expect(signIn(old.text)).rejects.toThrow(refused('auth-rejected'));
  expect((await signIn(fresh.text)).scopes).toEqual(['chat.*']);
  expect(fresh.row.name).toBe('laptop');
});

test('B8: nothing is rotated for a disabled user or one without a key', async () => {
  const { keys, users, byAdmin, member } = await accessKit();
  await expect(keys.rotate(byAdmin, member, undefined)).rejects.toThrow(refused('not-found'));
  await keys.create(byAdmin, member, {});
  await users.disable(byAdmin, 'mia');
  await expect(keys.rotate(byAdmin, member, undefined)).rejects.toThrow(refused('conflict'));
});

test('a key is revoked once, and by nobody but its user or an admin', async () => {
  const { keys, byAdmin, byMember, admin, member, signIn } = await accessKit();
  const own = await keys.create(byAdmin, admin, {});
  await expect(keys.revoke(byMember, admin, own.row.id)).rejects.toThrow(refused('permission-denied'));
  await expect(keys.revoke(byMember, member, own.row.id)).rejects.toThrow(refused('not-found'));
  await expect(keys.list(byMember, admin, { all: true })).rejects.toThrow(refused('permission-denied'));
  await keys.revoke(byAdmin, admin, own.row.id);
  await expect(keys.revoke(byAdmin, admin, own.row.id)).rejects.toThrow(refused('not-found'));
  await expect(signIn(own.text)).rejects.toThrow(refused('auth-rejected'));
});

test('a narrow key makes no wider one', async () => {
  const { keys, byMember, member } = await accessKit();
  const narrow = { ...byMember, scopes: ['key.*', 'chat.send'] };
  await expect(keys.create(narrow, member, {})).rejects.toThrow(refused('permission-denied'));
  await expect(keys.create(narrow, member, { scopes: ['chat.*'] })).rejects.toThrow(refused('permission-denied'));
  await keys.create(narrow, member, { scopes: ['chat.send'] });
  await expect(keys.create(byMember, member, { scopes: ['chat.fly'] })).rejects.toThrow(refused('usage-invalid'));
});

test('a narrow key replaces no wider one by rotating it', async () => {
  const { keys, byMember, member } = await accessKit();
  const wide = await keys.create(byMember, member, {});
  const narrow = { ...byMember, scopes: ['key.*'] };
  await expect(keys.rotate(narrow, member, wide.row.id)).rejects.toThrow(refused('permission-denied'));
});

test('a key of flux goes on working as it is', async () => {
  const { store, member, signIn } = await accessKit();
  const text = `flux_${'0123456789abcdef'.repeat(4)}`;
  const kept = { id: newId(1), name: 'flux', hash: hashSecretValue(text), prefix: text.slice(0, 13), createdAt: 1 };
  const importKey = (key = kept) => store.transaction((tables) => importKeyHash(tables, member, key));
  await importKey();
  expect((await signIn(text)).user.id).toBe(member.id);
  await expect(importKey({ ...kept, id: newId(2) })).rejects.toThrow(refused('conflict'));
  await expect(importKey({ ...kept, hash: 'no hash' })).rejects.toThrow(refused('usage-invalid'));
});

test('the last use of a key is written once a minute', async () => {
  const { keys, byMember, member, signIn, store, clock, pass } = await accessKit();
  const { row, text } = await keys.create(byMember, member, {});
  const lastUse = async () => (await store.keys.byId(row.id, member.id))?.last_used_at;
  const first = clock.now();
  await signIn(text);
  pass(59_999);
  await signIn(text);
  expect(await lastUse()).toBe(first);
  pass(1);
  await signIn(text);
  expect(await lastUse()).toBe(first + 60_000);
});
