import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ClawError } from '../../../src/core/kernel/errors.ts';
import { homePaths } from '../../../src/core/kernel/paths.ts';
import { chooseSecretStores } from '../../../src/core/secrets/choose-stores.ts';
import { createKeychain } from '../../../src/core/secrets/keychain.ts';
import { createSealedFile } from '../../../src/core/secrets/sealed-file.ts';
import type { SecretStore } from '../../../src/core/secrets/secret-store.ts';
import { secretStoreContract } from '../../contracts/secret-store.contract.ts';
import { createFakeKeyring, type FakeKeyring } from '../../fakes/fake-keyring.ts';
import { createMemorySecretStore } from '../../fakes/memory-secret-store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const RANDOM_KEY = '0f'.repeat(32);

function sealedFile(home: string, masterKey?: string): SecretStore {
  const file = join(home, 'secrets.sealed');
  return createSealedFile({ file, keyFile: join(home, 'secrets.key'), lock: join(home, 'run', 'lock'), masterKey });
}

function keychain(home: string, keyring: FakeKeyring): SecretStore {
  const index = join(home, 'secrets.json');
  return createKeychain({ openKeyring: async () => keyring, service: `claw ${home}`, index, lock: join(home, 'lock') });
}

const keyrings = new Map<string, FakeKeyring>();
const memories = new Map<string, SecretStore>();
function once<T>(map: Map<string, T>, place: string, make: () => T): T {
  const value = map.get(place) ?? make();
  map.set(place, value);
  return value;
}

secretStoreContract('the sealed file with a key file', (home) => sealedFile(home), temporaryHome);
secretStoreContract('the sealed file with a random master key', (home) => sealedFile(home, RANDOM_KEY), temporaryHome);
secretStoreContract('the keychain', (home) => keychain(home, once(keyrings, home, createFakeKeyring)), temporaryHome);
secretStoreContract('the store in memory', (home) => once(memories, home, createMemorySecretStore), temporaryHome);

const made = { value: 'made-up-value-of-a-key', hosts: ['api.example.com'] };

async function sealedHome(masterKey?: string): Promise<string> {
  const home = temporaryHome();
  await sealedFile(home, masterKey).set('A_KEY', made);
  return home;
}

test('the sealed file and its key file are for their owner only, and no file holds the value', async () => {
  const home = await sealedHome();
  expect(readdirSync(home).toSorted()).toEqual(['run', 'secrets.key', 'secrets.sealed']);
  for (const file of ['secrets.key', 'secrets.sealed']) {
    expect(statSync(join(home, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home, file), 'latin1')).not.toContain(made.value);
  }
});

test('a pass-phrase seals without a key file', async () => {
  const home = await sealedHome('correct horse battery');
  expect(existsSync(join(home, 'secrets.key'))).toBe(false);
  expect(await sealedFile(home, 'correct horse battery').get('A_KEY')).toEqual(made);
  expect(readFileSync(join(home, 'secrets.sealed'), 'utf8')).toContain('scrypt');
});

test('the same pass-phrase seals differently each time', async () => {
  const texts = await Promise.all(
    [1, 2].map(async () => readFileSync(join(await sealedHome(RANDOM_KEY), 'secrets.sealed'), 'utf8')),
  );
  const parts = texts.map((text) => JSON.parse(text) as { nonce: string; sealed: string });
  expect(parts[0]?.nonce).not.toBe(parts[1]?.nonce);
  expect(parts[0]?.sealed).not.toBe(parts[1]?.sealed);
});

test('a wrong or missing key is told as such, and the file stays', async () => {
  const home = await sealedHome('correct horse battery');
  const before = readFileSync(join(home, 'secrets.sealed'), 'utf8');
  for (const [key, code] of [
    ['wrong horse battery', 'auth-rejected'],
    [RANDOM_KEY, 'auth-rejected'],
    [undefined, 'auth-missing'],
  ] as const) {
    const store = sealedFile(home, key);
    await expect(store.get('A_KEY')).rejects.toMatchObject({ code, exitCode: 4 });
    await expect(store.set('B_KEY', made)).rejects.toMatchObject({ code });
    await expect(store.remove('A_KEY')).rejects.toMatchObject({ code });
  }
  expect(readFileSync(join(home, 'secrets.sealed'), 'utf8')).toBe(before);
});

test('a lost, foreign or damaged key file is told as such', async () => {
  const home = await sealedHome();
  const keyFile = join(home, 'secrets.key');
  writeFileSync(keyFile, `${'ab'.repeat(32)}\n`);
  await expect(sealedFile(home).get('A_KEY')).rejects.toMatchObject({ code: 'auth-rejected' });
  writeFileSync(keyFile, 'short');
  await expect(sealedFile(home).get('A_KEY')).rejects.toMatchObject({ code: 'data-invalid' });
  rmSync(keyFile);
  await expect(sealedFile(home).get('A_KEY')).rejects.toMatchObject({ code: 'auth-missing' });
  expect(existsSync(keyFile)).toBe(false);
});

test('a change of any single byte is noticed', async () => {
  const home = await sealedHome(RANDOM_KEY);
  const path = join(home, 'secrets.sealed');
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(path, changed);
    const outcome = await sealedFile(home, RANDOM_KEY)
      .get('A_KEY')
      .catch((error: unknown) => (error as ClawError).code);
    // A blank may become another one; nothing else may pass.
    if (/\s/.test(String.fromCharCode(bytes[at] ?? 0)) && typeof outcome === 'object') expect(outcome).toEqual(made);
    else expect([at, outcome]).toEqual([at, 'data-invalid']);
  }
});

test('hosts that were changed by someone who mends the checksum are noticed', async () => {
  const { createHash } = await import('node:crypto');
  const home = await sealedHome(RANDOM_KEY);
  const path = join(home, 'secrets.sealed');
  const { digest: _, ...body } = JSON.parse(readFileSync(path, 'utf8').replace('api.example.com', 'evil.example.com'));
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  writeFileSync(path, JSON.stringify({ ...body, digest }));
  expect((await sealedFile(home, RANDOM_KEY).list())[0]?.hosts).toEqual(['evil.example.com']);
  await expect(sealedFile(home, RANDOM_KEY).get('A_KEY')).rejects.toMatchObject({
    code: 'data-invalid',
    message: expect.stringContaining('does not hold its key'),
  });
});

test.each(['', 'null', '[]', '{}', '{"format":"claw-sealed-9"}', 'garbage'])(
  'a sealed file with %j is told as damaged',
  async (text) => {
    const home = temporaryHome();
    writeFileSync(join(home, 'secrets.sealed'), text);
    await expect(sealedFile(home).get('A_KEY')).rejects.toMatchObject({ code: 'data-invalid', exitCode: 10 });
    await expect(sealedFile(home).list()).rejects.toMatchObject({ code: 'data-invalid' });
  },
);

test('setting a pass-phrase later seals anew with it and drops the key file', async () => {
  const home = await sealedHome();
  expect(await sealedFile(home, RANDOM_KEY).get('A_KEY')).toEqual(made);
  await sealedFile(home, RANDOM_KEY).set('B_KEY', made);
  expect(existsSync(join(home, 'secrets.key'))).toBe(false);
  expect(await sealedFile(home, RANDOM_KEY).get('A_KEY')).toEqual(made);
  await expect(sealedFile(home).get('A_KEY')).rejects.toMatchObject({ code: 'auth-missing' });
});

test('a store that sees a change by another process reads it', async () => {
  const home = await sealedHome();
  const store = sealedFile(home);
  expect(await store.get('A_KEY')).toEqual(made);
  await sealedFile(home).set('A_KEY', { value: 'made-up-second', hosts: [] });
  expect((await store.get('A_KEY'))?.value).toBe('made-up-second');
});

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

test('without a desktop new secrets go to the sealed file at once, and nothing hangs', async () => {
  const paths = homePaths(temporaryHome());
  const started = performance.now();
  const { all, targets } = chooseSecretStores(paths, { mode: 'auto', masterKey: undefined, isDesktop: false });
  for (const store of all) expect(await store.get('A_KEY')).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(50);
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

test('a sealed file that may not be read is told as such', async () => {
  const home = await sealedHome();
  rmSync(join(home, 'secrets.sealed'));
  chmodSync(home, 0o700);
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(home, 'secrets.sealed'));
  await expect(sealedFile(home).get('A_KEY')).rejects.toMatchObject({ code: 'data-invalid' });
});
