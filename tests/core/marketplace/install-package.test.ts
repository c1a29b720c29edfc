import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newKey, packageOf, sourceOf, testRegistry, writePacked } from '../../fakes/test-registry.ts';
import { OWNER, shop } from './shop-kit.ts';

test('a file that was changed and never looked at goes with its package, and does not come back as a tool of yours', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  await store.install('good_one');
  writeFileSync(join(store.folder, 'good_one.ts'), sourceOf('good_one', '"changed"'));
  await store.open().uninstall('good_one', OWNER);
  expect(readdirSync(store.folder)).toEqual([]);
  expect(await store.states()).toEqual({});
});

test('bytes that were uninstalled do not run when somebody puts them back by hand', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  const { candidate } = await store.install('good_one');
  await store.open().uninstall('good_one', OWNER);
  store.write('good_one.ts', candidate.verified.source);
  expect(await store.states()).toEqual({ good_one: 'rejected' });
  await store.install('good_one');
  expect(await store.run('good_one', { n: 1 })).toMatchObject({ output: 2 });
});

test('an update in another language takes the old file away', async () => {
  const store = await shop();
  const key = newKey();
  const folder = join(store.home, 'handed');
  await testRegistry(folder);
  await store.install(await writePacked(folder, packageOf({ name: 'good_one', key })));
  const script = packageOf({ name: 'good_one', key, version: '1.1.0', answer: '7', language: 'js' });
  await store.install(await writePacked(folder, script));
  expect(readdirSync(store.folder)).toEqual(['good_one.js']);
  expect(await store.run('good_one')).toMatchObject({ output: 7 });
  expect(await store.open().verify('good_one')).toMatchObject([{ version: '1.1.0', status: 'ok' }]);
});

test('verify finds a stored source, a stored code, a grant and a manifest that were changed in the database', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  await store.install('good_one');
  const look = async (): Promise<string> => {
    const [verdict] = await store.open().verify('good_one');
    return `${verdict?.status}: ${verdict?.detail}`;
  };
  const [row] = await store.store.tools.versionsOf('good_one');
  const [proof] = await store.store.marketplace.versions('good_one');
  if (row === undefined || proof === undefined) throw new Error('it is not installed');
  await store.store.tools.updateVersion(row.id, { code: row.code.replace('* 2', '* 3') });
  expect(await look()).toBe('tampered: its stored code is not that of its source');
  await store.store.tools.updateVersion(row.id, { code: row.code, source: `${row.source}//` });
  expect(await look()).toBe('tampered: its stored source was changed');
  await store.store.tools.updateVersion(row.id, { source: row.source });
  const granted = JSON.stringify({ net: ['*'], exec: [], files: [], secrets: [], host: [] });
  await store.store.tools.updateVersion(row.id, { permissions: granted });
  expect(await look()).toBe(
    'tampered: it is granted something else than was signed: it may reach any site on the internet',
  );
  await store.store.tools.updateVersion(row.id, { permissions: row.permissions });
  await store.store.marketplace.putVersion({ ...proof, manifest: proof.manifest.replace('MIT', 'BSD') });
  expect(await look()).toContain('tampered: The signature of manifest.json does not fit');
  await store.store.marketplace.putVersion(proof);
  expect(await look()).toBe('ok: as it was signed');
  expect(readFileSync(join(store.folder, 'good_one.ts'), 'utf8')).toBe(row.source);
});

test('a registry that calls itself as another is asked for by its location alone', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  const marketplace = store.open();
  const plan = (registry: string) => marketplace.plan({ what: 'good_one', registry, by: OWNER });
  expect((await plan('test-tools')).plan.candidate.registry).toBe(store.source.folder);
  await expect(plan('shipped')).rejects.toThrow('There is no registry shipped that can be read.');
});
