import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ClawError } from '../../../src/core/kernel/errors.ts';
import { createSealedFile } from '../../../src/core/secrets/sealed-file.ts';
import type { SecretStore } from '../../../src/core/secrets/secret-store.ts';
import { secretStoreContract } from '../../contracts/secret-store.contract.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const RANDOM_KEY = '0f'.repeat(32);

function sealedFile(home: string, masterKey?: string): SecretStore {
  const file = join(home, 'secrets.sealed');
  return createSealedFile({ file, keyFile: join(home, 'secrets.key'), lock: join(home, 'run', 'lock'), masterKey });
}

const made = { value: 'made-up-value-of-a-key', hosts: ['api.example.com'] };

async function sealedHome(masterKey?: string): Promise<string> {
  const home = temporaryHome();
  await sealedFile(home, masterKey).set('A_KEY', made);
  return home;
}

secretStoreContract('the sealed file with a key file', (home) => sealedFile(home), temporaryHome);

secretStoreContract('the sealed file with a random master key', (home) => sealedFile(home, RANDOM_KEY), temporaryHome);

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

test('a sealed file that may not be read is told as such', async () => {
  const home = await sealedHome();
  rmSync(join(home, 'secrets.sealed'));
  mkdirSync(join(home, 'secrets.sealed'));
  await expect(sealedFile(home).get('A_KEY')).rejects.toMatchObject({ code: 'data-invalid' });
});
