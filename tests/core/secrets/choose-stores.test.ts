import { expect, test } from 'vitest';
import { homePaths } from '../../../src/core/kernel/paths.ts';
import { chooseSecretStores } from '../../../src/core/secrets/choose-stores.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const RANDOM_KEY = '0f'.repeat(32);

test('without a desktop new secrets go to the sealed file at once, and nothing hangs', async () => {
  const paths = homePaths(temporaryHome());
  const started = performance.now();
  const { all, targets } = chooseSecretStores(paths, { mode: 'auto', masterKey: undefined, isDesktop: false });
  for (const store of all) expect(await store.get('A_KEY')).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(targets.map(({ kind }) => kind)).toEqual(['sealed-file']);
});

test.each([
  ['auto', undefined, true, ['keychain', 'sealed-file']],
  ['auto', RANDOM_KEY, true, ['sealed-file']],
  ['keychain', undefined, false, ['keychain']],
  ['file', undefined, true, ['sealed-file']],
] as const)('with SECRET_STORE=%s new secrets go where they should', (mode, masterKey, isDesktop, kinds) => {
  const stores = chooseSecretStores(homePaths('/nowhere'), { mode, masterKey, isDesktop });
  expect(stores.targets.map(({ kind }) => kind)).toEqual(kinds);
  expect(stores.all).toHaveLength(2);
});
