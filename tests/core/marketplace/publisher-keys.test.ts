import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createPublisherKey,
  listPublisherKeys,
  privateKeyNamed,
  publisherKeyNamed,
} from '../../../src/core/marketplace/publisher-keys.ts';
import { signBytes } from '../../../src/core/marketplace/signature.ts';

function secretsOf(values: Record<string, string> = {}) {
  const kept = new Map(Object.entries(values));
  return {
    kept,
    resolve: async (name: string) =>
      kept.has(name) ? { value: kept.get(name) ?? '', hosts: [], source: 'sealed-file' as const } : undefined,
    set: async (name: string, secret: { value: string; hosts: readonly string[] }) => {
      expect(secret.hosts).toEqual([]);
      kept.set(name, secret.value);
      return 'sealed-file' as const;
    },
    storedNames: async () => new Set(kept.keys()),
  };
}

test('a key is made, kept under its name and signs', async () => {
  const secrets = secretsOf();
  const made = await createPublisherKey(secrets, 'my-team');
  expect([...secrets.kept.keys()]).toEqual(['PUBLISHER_KEY_MY_TEAM']);
  expect(await publisherKeyNamed(secrets, 'my-team')).toEqual(made);
  expect(await listPublisherKeys(secrets)).toEqual([made]);
  const signed = signBytes(await privateKeyNamed(secrets, 'my-team'), Buffer.from('x'));
  expect(signed).toMatchObject({ key_id: made.keyId, public_key: made.publicKey });
});

test('a key is never replaced', async () => {
  const secrets = secretsOf();
  await createPublisherKey(secrets, 'default');
  await expect(createPublisherKey(secrets, 'default')).rejects.toThrow(/a key is never replaced/);
});

test.each(['', 'A', 'a_b', 'a--b', '-a', '1a', 'a b', 'ä', 'a'.repeat(60)])('%j is no name of a key', async (name) => {
  await expect(createPublisherKey(secretsOf(), name)).rejects.toThrow(/no name of a key/);
});

test('a secret that is no such key is refused without being shown', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const values = ['canary-value', rsa.export({ format: 'der', type: 'pkcs8' }).toString('base64')];
  for (const value of values) {
    const failure = await privateKeyNamed(secretsOf({ PUBLISHER_KEY_DEFAULT: value }), 'default').catch(
      (error: unknown) => error,
    );
    expect(String(failure)).toMatch(/is no Ed25519 key/);
    expect(JSON.stringify(failure)).not.toContain(value);
  }
  await expect(privateKeyNamed(secretsOf(), 'default')).rejects.toThrow(/There is no key named default/);
});
