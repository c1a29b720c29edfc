/** Owns the keys of publishers in the secret store. Promises: a private key leaves it only to sign, and is never replaced. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { ClawError } from '../kernel/errors.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import { keyIdOf, rawPublicKey } from './signature.ts';

export interface PublisherKey {
  readonly name: string;
  readonly keyId: string;
  /** Base64 of the raw 32 bytes. */
  readonly publicKey: string;
}

type Secrets = Pick<SecretService, 'resolve' | 'set' | 'storedNames'>;

const PREFIX = 'PUBLISHER_KEY_';
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
export const DEFAULT_KEY = 'default';

/** Makes a key and keeps it as the secret `PUBLISHER_KEY_<NAME>`. Throws `conflict` when there is one, and `usage-invalid`. */
export async function createPublisherKey(secrets: Secrets, name: string): Promise<PublisherKey> {
  const secret = secretName(name);
  if ((await secrets.resolve(secret)) !== undefined)
    throw new ClawError('conflict', `There is a key named ${name} already, and a key is never replaced.`, {
      hint: `Choose another name; to see it: claw tool key export ${name}`,
    });
  const { privateKey } = generateKeyPairSync('ed25519');
  const value = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  // Without hosts no tool can have it sent anywhere.
  await secrets.set(secret, { value, hosts: [] });
  return publicHalf(name, privateKey);
}

/** In the order of their names. */
export async function listPublisherKeys(secrets: Secrets): Promise<PublisherKey[]> {
  const names = [...(await secrets.storedNames())].filter((name) => name.startsWith(PREFIX)).toSorted();
  return Promise.all(
    names.map(async (secret) => {
      const name = secret.slice(PREFIX.length).toLowerCase().replaceAll('_', '-');
      return publicHalf(name, await privateKeyNamed(secrets, name));
    }),
  );
}

export async function publisherKeyNamed(secrets: Secrets, name: string): Promise<PublisherKey> {
  return publicHalf(name, await privateKeyNamed(secrets, name));
}

/** Throws `not-found`, and `data-invalid` for a secret that is no such key. */
export async function privateKeyNamed(secrets: Secrets, name: string): Promise<KeyObject> {
  const secret = await secrets.resolve(secretName(name));
  if (secret === undefined)
    throw new ClawError('not-found', `There is no key named ${name}.`, {
      hint: `Make it: claw tool key create ${name}`,
    });
  try {
    const key = createPrivateKey({ key: Buffer.from(secret.value, 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What is wrong with it would say what it is.
  }
  throw new ClawError('data-invalid', `The secret ${secretName(name)} is no Ed25519 key (PKCS#8, DER, base64).`, {
    hint: `Remove it with "claw secret remove ${secretName(name)}" if it is of no use.`,
  });
}

function publicHalf(name: string, key: KeyObject): PublisherKey {
  const raw = rawPublicKey(key);
  return { name, keyId: keyIdOf(raw), publicKey: raw.toString('base64') };
}

function secretName(name: string): string {
  if (NAME.test(name) && name.length <= 50) return `${PREFIX}${name.toUpperCase().replaceAll('-', '_')}`;
  throw new ClawError('usage-invalid', `${JSON.stringify(name)} is no name of a key.`, {
    hint: 'Use small letters, digits and single hyphens, such as default or my-tools.',
  });
}
