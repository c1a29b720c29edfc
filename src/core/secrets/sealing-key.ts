/** Owns the key that seals the file of secrets: from a pass-phrase where one is set, else from a key file with mode 0600. */
import { createHmac, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { ClawError } from '../kernel/errors.ts';
import { readIfThere } from '../kernel/read-if-there.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { phrase } from '../kernel/language/phrase.ts';

/** How the key of a sealed file comes about; stands in that file in the clear. */
export interface KeyOrigin {
  readonly kind: 'key-file' | 'hkdf' | 'scrypt';
  /** 32 hexadecimal digits. */
  readonly salt: string;
  /** Tells a wrong key from a damaged file. */
  readonly check: string;
}

export interface SealingKey {
  readonly bytes: Uint8Array;
  readonly origin: KeyOrigin;
}

export interface KeySources {
  /** Path of the key file. */
  readonly keyFile: string;
  /** CLAW_MASTER_KEY. */
  readonly masterKey: string | undefined;
}

const KEY_BYTES = 32;
/** 32 MiB and about 60 ms; RFC 7914. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
/** 256 random bits as people make them: `openssl rand -hex 32` or `-base64 32`. Stretching adds nothing to these. */
const RANDOM_KEY = /^(?:[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/;

/** A key for sealing anew: from the pass-phrase if there is one, else from the key file, which is made when missing. */
export async function newSealingKey(sources: KeySources): Promise<SealingKey> {
  const salt = randomBytes(16).toString('hex');
  const { masterKey } = sources;
  if (masterKey === undefined) {
    await makeKeyFile(sources.keyFile);
    return withCheck(await fromKeyFile(sources.keyFile, salt), 'key-file', salt);
  }
  const kind = RANDOM_KEY.test(masterKey) ? 'hkdf' : 'scrypt';
  return withCheck(await fromMasterKey(masterKey, kind, salt), kind, salt);
}

/** The key that a sealed file asks for. Throws `auth-missing` without its source, `auth-rejected` for a wrong one. */
export async function findSealingKey(origin: KeyOrigin, sources: KeySources, sealed: string): Promise<SealingKey> {
  const { kind, salt } = origin;
  if (kind !== 'key-file' && sources.masterKey === undefined) {
    throw new ClawError('auth-missing', phrase('sealedWithPassphrase', sealed), { hint: 'Set CLAW_MASTER_KEY.' });
  }
  const bytes =
    kind === 'key-file'
      ? await fromKeyFile(sources.keyFile, salt)
      : await fromMasterKey(sources.masterKey ?? '', kind, salt);
  const key = withCheck(bytes, kind, salt);
  if (key.origin.check === origin.check) return key;
  const what = kind === 'key-file' ? sources.keyFile : 'CLAW_MASTER_KEY';
  throw new ClawError('auth-rejected', `${what} is not the key of ${sealed}.`, {
    hint: 'Bring back the key it was sealed with, or move the file away and set the secrets again.',
  });
}

function withCheck(bytes: Uint8Array, kind: KeyOrigin['kind'], salt: string): SealingKey {
  const check = createHmac('sha256', bytes).update('claw: check of the sealing key').digest('hex').slice(0, 32);
  return { bytes, origin: { kind, salt, check } };
}

async function fromMasterKey(masterKey: string, kind: 'hkdf' | 'scrypt', salt: string): Promise<Uint8Array> {
  if (kind === 'hkdf') return derive(masterKey, salt);
  return new Promise((resolve, reject) => {
    scrypt(masterKey.normalize('NFC'), salt, KEY_BYTES, SCRYPT, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

async function fromKeyFile(path: string, salt: string): Promise<Uint8Array> {
  const text = await readIfThere(path, 'latin1');
  if (text === undefined) {
    throw new ClawError('auth-missing', `The key file ${path} is missing.`, {
      hint: 'Bring it back from a backup; without it the sealed secrets cannot be opened.',
    });
  }
  const key = text.trim();
  if (!/^[0-9a-f]{64}$/.test(key)) throw new ClawError('data-invalid', `The key file ${path} is damaged.`);
  return derive(key, salt);
}

function derive(key: string, salt: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, 'claw: sealed secrets', KEY_BYTES));
}

async function makeKeyFile(path: string): Promise<void> {
  const key = await readIfThere(path);
  if (key === undefined) await replaceFile(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, 0o600);
}
