import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InstalledPackage } from '../../../../src/core/store/marketplace-table.ts';
import { type RegistryKit, registryKit, toolSource } from './registry-kit.ts';

/** A tool that runs, as the package of its name. */
async function packaged(kit: RegistryKit, state: InstalledPackage['state']): Promise<void> {
  kit.write('dice.ts', toolSource('dice', '4'));
  expect(await kit.states()).toEqual({ dice: 'active' });
  const [row] = await kit.store.tools.versionsOf('dice');
  if (row === undefined) throw new Error('there is no version');
  const common = { name: 'dice', key_id: '0'.repeat(16), version: '1.0.0', version_id: row.id, installed_at: 1 };
  const proof = { hash: row.hash, manifest_hash: '0'.repeat(64), manifest: '', signature: '' };
  await kit.store.marketplace.putVersion({ ...common, ...proof });
  const from = { registry: 'shipped', registry_key_id: null, installed_by: 'u1' };
  await kit.store.marketplace.putPackage({ ...common, ...from, state });
}

test('a file that a decision has yet to bring is put into its place by whoever looks next', async () => {
  const kit = await registryKit();
  await packaged(kit, 'placing');
  rmSync(join(kit.folder, 'dice.ts'));
  expect(await kit.states()).toEqual({ dice: 'active' });
  expect(readFileSync(join(kit.folder, 'dice.ts'), 'utf8')).toBe(toolSource('dice', '4'));
  expect(await kit.store.marketplace.find('dice')).toMatchObject({ state: 'installed' });
});

test('a removal that was decided takes the file and the record away', async () => {
  const kit = await registryKit();
  await packaged(kit, 'removing');
  expect(await kit.states()).toEqual({});
  expect(existsSync(join(kit.folder, 'dice.ts'))).toBe(false);
  expect(await kit.store.marketplace.find('dice')).toBeUndefined();
});

test('other bytes under the name of a package wait for a yes, also when they want nothing', async () => {
  const kit = await registryKit();
  await packaged(kit, 'installed');
  kit.write('dice.ts', toolSource('dice', '6'));
  expect(await kit.states()).toEqual({ dice: 'pending' });
  expect(await kit.run('dice')).toMatchObject({ status: 'refused' });
  await kit.admin.approve('dice', { id: 'u1' });
  expect(await kit.run('dice')).toMatchObject({ status: 'ok', output: 6 });
});

test('the package follows its tool to another of its versions', async () => {
  const kit = await registryKit();
  await packaged(kit, 'installed');
  const [first] = await kit.store.marketplace.versions('dice');
  if (first === undefined) throw new Error('there is no version');
  kit.write('dice.ts', toolSource('dice', '5'));
  expect(await kit.states()).toEqual({ dice: 'pending' });
  const [row] = await kit.store.tools.versionsOf('dice');
  await kit.store.marketplace.putVersion({ ...first, version: '1.1.0', version_id: row?.id ?? '' });
  await kit.admin.approve('dice', { id: 'u1' });
  expect(await kit.store.marketplace.find('dice')).toMatchObject({ version: '1.1.0', version_id: row?.id });
  await kit.admin.rollback('dice', { id: 'u1' });
  expect(await kit.store.marketplace.find('dice')).toMatchObject({ version: '1.0.0' });
  expect(await kit.run('dice')).toMatchObject({ output: 4 });
});
