/** Owns the keychain of the system, by the interface of keytar. Values live there; names and hosts also in an index file, so that nothing has to be unlocked to list them or to find a name missing. */
import { ClawError, toError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import { readIfThere } from '../kernel/read-if-there.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { checkSecret, type Secret, type SecretEntry, type SecretStore } from './secret-store.ts';

/** The part of keytar that is used. */
export interface Keyring {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

interface KeychainOptions {
  readonly openKeyring: () => Promise<Keyring>;
  /** Tells the homes of one user apart. */
  readonly service: string;
  /** Path of the index file. */
  readonly index: string;
  /** Path of its lock. */
  readonly lock: string;
}

/** Long enough for a person to unlock the keychain. */
const ANSWER_MS = 30_000;

/** A store in the keychain that `openKeyring` opens at the first need of a value. */
export function createKeychain(options: KeychainOptions): SecretStore {
  const { service, index, lock } = options;
  const ask = async <T>(question: (keyring: Keyring) => Promise<T>): Promise<T> => {
    try {
      return await inTime(options.openKeyring().then(question));
    } catch (error) {
      throw new ClawError('auth-missing', `The keychain of the system did not answer: ${toError(error).message}`, {
        hint: 'Unlock it, or keep secrets in a file: set SECRET_STORE to file and set them again.',
        cause: error,
      });
    }
  };
  const changeIndex = (edit: (entries: Map<string, readonly string[]>) => void): Promise<void> =>
    withFileLock(lock, async () => {
      const entries = new Map((await readIndex(index)).map(({ name, hosts }) => [name, hosts]));
      edit(entries);
      const rows = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, hosts]) => ({ name, hosts }));
      await replaceFile(index, `${JSON.stringify(rows, null, 1)}\n`, 0o600);
    });
  return {
    kind: 'keychain',
    list: () => readIndex(index),
    get: async (name) => {
      if (!(await isListed(index, name))) return undefined;
      const text = await ask((keyring) => keyring.getPassword(service, name));
      return text === null ? undefined : readSecret(text, name);
    },
    set: async (name, secret) => {
      checkSecret(name, secret);
      const { value, hosts } = secret;
      await ask((keyring) => keyring.setPassword(service, name, JSON.stringify({ value, hosts })));
      await changeIndex((entries) => entries.set(name, hosts));
    },
    remove: async (name) => {
      if (!(await isListed(index, name))) return false;
      await ask((keyring) => keyring.deletePassword(service, name));
      await changeIndex((entries) => entries.delete(name));
      return true;
    },
  };
}

/** Opens the keychain of this system. Throws where there is none that survives a restart. */
export async function openSystemKeyring(): Promise<Keyring> {
  const { AsyncEntry } = await import('keytar');
  // Left to itself the library falls back to the kernel's keyring, which forgets everything at a restart.
  const entry = (service: string, account: string) =>
    new AsyncEntry(service, account, { linux: { store: 'secret-service' } });
  return {
    getPassword: async (service, account) => entry(service, account).getPassword(),
    setPassword: async (service, account, password) => entry(service, account).setPassword(password),
    deletePassword: async (service, account) => entry(service, account).deletePassword(),
  };
}

async function isListed(index: string, name: string): Promise<boolean> {
  return (await readIndex(index)).some((entry) => entry.name === name);
}

async function readIndex(path: string): Promise<readonly SecretEntry[]> {
  const text = await readIfThere(path);
  if (text === undefined) return [];
  try {
    const rows: unknown = JSON.parse(text);
    if (Array.isArray(rows) && rows.every(isEntry)) return rows;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ClawError('data-invalid', `${path} is damaged.`, {
    hint: 'It lists the secrets kept in the keychain. Move it away and set them again.',
  });
}

function isEntry(row: unknown): row is SecretEntry {
  const { name, hosts } = (row ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && Array.isArray(hosts) && hosts.every((host) => typeof host === 'string');
}

function readSecret(text: string, name: string): Secret {
  try {
    const { value, hosts } = JSON.parse(text) as Record<string, unknown>;
    if (typeof value === 'string' && isEntry({ name, hosts })) return { value, hosts: hosts as readonly string[] };
  } catch {
    // The text is a secret: a message must not carry it.
  }
  throw new ClawError('data-invalid', `What the keychain holds for ${name} was not written by claw.`, {
    hint: phrase('runSecretSet', name),
  });
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS / 1000} seconds`)), ANSWER_MS);
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}
