import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createKeychain, openSystemKeyring } from '../../../src/core/secrets/keychain.ts';
import type { SecretStore } from '../../../src/core/secrets/secret-store.ts';
import { secretStoreContract } from '../../contracts/secret-store.contract.ts';
import { createFakeKeyring, type FakeKeyring } from '../../fakes/fake-keyring.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const made = { value: 'made-up-value-of-a-key', hosts: ['api.example.com'] };

function keychain(home: string, keyring: FakeKeyring): SecretStore {
  const index = join(home, 'secrets.json');
  return createKeychain({ openKeyring: async () => keyring, service: `claw ${home}`, index, lock: join(home, 'lock') });
}

const keyrings = new Map<string, FakeKeyring>();

/** The keyring that belongs to a home: other processes see the same one. */
function keyringOf(home: string): FakeKeyring {
  const keyring = keyrings.get(home) ?? createFakeKeyring();
  keyrings.set(home, keyring);
  return keyring;
}

secretStoreContract('the keychain', (home) => keychain(home, keyringOf(home)), temporaryHome);

test('a keychain that does not answer is told without its secret, and only when it is needed', async () => {
  const home = temporaryHome();
  const options = { service: 'claw', index: join(home, 'secrets.json'), lock: join(home, 'lock') };
  const store = createKeychain({ ...options, openKeyring: () => Promise.reject(new Error('no bus')) });
  expect(await store.get('A_KEY')).toBeUndefined();
  expect(await store.remove('A_KEY')).toBe(false);
  const setting = store.set('A_KEY', made);
  await expect(setting).rejects.toMatchObject({ code: 'auth-missing', message: expect.stringContaining('no bus') });
  expect(await store.list()).toEqual([]);
});

test('what somebody else wrote into the keychain is not shown', async () => {
  const home = temporaryHome();
  const keyring = createFakeKeyring();
  const store = keychain(home, keyring);
  await store.set('A_KEY', made);
  keyring.passwords.set(`claw ${home}/A_KEY`, 'not json, but secret');
  const getting = store.get('A_KEY').catch(String);
  expect(await getting).toContain('was not written by claw');
  expect(await getting).not.toContain('but secret');
});

test('a machine without a keyring says so at once: no hang, and no store that forgets at a restart', async () => {
  vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent/bus');
  await import('keytar');
  const started = performance.now();
  const keyring = await openSystemKeyring();
  const answer = await keyring.getPassword('claw test', 'NO_SUCH_KEY').catch(() => 'refused');
  // Only Linux may be without one: elsewhere the system itself answers.
  expect(answer).toBe(process.platform === 'linux' ? 'refused' : null);
  expect(performance.now() - started).toBeLessThan(1_000);
});
