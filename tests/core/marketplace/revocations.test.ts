import { expect, test } from 'vitest';
import type { RevocationRow } from '../../../src/core/store/marketplace-table.ts';
import { revocationOf } from '../../../src/core/marketplace/revocations.ts';
import { packageOf, writePacked } from '../../fakes/test-registry.ts';
import { OWNER, shop } from './shop-kit.ts';

const row = (more: Partial<RevocationRow>): RevocationRow => ({
  registry: 'a',
  name: '',
  version: '',
  sha256: '',
  key_id: '',
  reason: 'bad',
  at: '',
  seen_at: 0,
  ...more,
});
const dice = { name: 'dice', version: '1.0.0', sha256: 'f', keyId: 'k', registries: ['a'] };

test('a registry takes back what is its own; that of claw also exact contents and keys of others, and no names', () => {
  expect(revocationOf([row({ name: 'dice' })], dice)).toBe('bad');
  expect(revocationOf([row({ name: 'dice', version: '1.1.0' })], dice)).toBeNull();
  expect(revocationOf([row({ name: 'dice', registry: 'b' })], dice)).toBeNull();
  expect(revocationOf([row({ sha256: 'f', registry: 'b' })], dice)).toBeNull();
  expect(revocationOf([row({ sha256: 'f', registry: 'shipped' })], dice)).toBe('bad');
  expect(revocationOf([row({ key_id: 'k', registry: 'shipped' })], dice)).toBe('bad');
  expect(revocationOf([row({ name: 'dice', registry: 'shipped' })], dice)).toBeNull();
});

test('an installed package that is taken back stops at the next look, its owner is told once, and it stays stopped', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  await store.install('good_one');
  await store.source.revoke({ name: 'good_one', reason: 'it lies' });
  await store.open().search('');
  await store.open().search('');
  expect(store.told).toEqual([expect.stringContaining('good_one 1.0.0 was taken back by its registry (it lies)')]);
  expect(await store.run('good_one')).toMatchObject({ status: 'refused', error: expect.stringContaining('it lies') });
  await store.admin.enable('good_one', { id: 'u1' });
  await store.admin.approve('good_one', { id: 'u1' });
  await store.open().search('');
  expect(await store.run('good_one')).toMatchObject({ status: 'refused' });
  const trail = await store.store.audit.list({ action: 'package.revoke' }, 10);
  expect(trail).toHaveLength(2);
});

test('a key that its registry took back is not known any more when the same package is handed over as a file', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  await store.install('good_one');
  await store.open().uninstall('good_one', OWNER);
  const next = packageOf({ name: 'good_one', key: store.source.key, version: '1.1.0' });
  const file = await writePacked(store.home, next);
  expect((await store.plan(file)).trust).toBe('known');
  await store.source.revoke({ key_id: store.source.keyId, reason: 'the key was stolen' });
  await expect(store.plan(file)).rejects.toThrow('good_one 1.1.0 was revoked: the key was stolen');
  const other = packageOf({ name: 'other_one', key: store.source.key });
  expect((await store.plan(await writePacked(store.home, other))).trust).toBe('new');
});

test('what was installed from a file stops too when the registry its key was agreed to through takes that key back', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  await store.install('good_one');
  await store.open().uninstall('good_one', OWNER);
  const file = await writePacked(store.home, packageOf({ name: 'good_one', key: store.source.key, version: '1.1.0' }));
  await store.install(file);
  expect(await store.run('good_one')).toMatchObject({ status: 'ok' });
  await store.source.revoke({ key_id: store.source.keyId, reason: 'the key was stolen' });
  await store.open().search('');
  expect(await store.run('good_one')).toMatchObject({ status: 'refused' });
  expect(await store.open().verify('good_one')).toMatchObject([{ status: 'revoked', detail: 'the key was stolen' }]);
});
