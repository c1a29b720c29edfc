/** Owns the encrypted file of secrets. Names and hosts stand in it in the clear, values only sealed (AES-256-GCM over all of them, with names, hosts and key origin authenticated). Every change seals anew under a lock. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { ClawError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import { readIfThere } from '../kernel/read-if-there.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { findSealingKey, type KeyOrigin, type KeySources, newSealingKey, type SealingKey } from './sealing-key.ts';
import { checkSecret, type Secret, type SecretEntry, type SecretStore } from './secret-store.ts';

const FORMAT = 'claw-sealed-1';

interface SealedFile {
  readonly format: typeof FORMAT;
  readonly key: KeyOrigin;
  readonly entries: readonly SecretEntry[];
  /** Base64, 12 bytes. */
  readonly nonce: string;
  /** Base64, ciphertext and 16 bytes of tag. */
  readonly sealed: string;
  /** SHA-256 of the rest: tells damage from a wrong key. */
  readonly digest: string;
}

interface SealedFileOptions extends KeySources {
  /** Path of the sealed file. */
  readonly file: string;
  /** Path of its lock. */
  readonly lock: string;
}

type Secrets = ReadonlyMap<string, Secret>;

interface Opened {
  readonly text: string;
  readonly key: SealingKey;
  readonly secrets: Secrets;
}

/** A store in the file at `options.file`, which is made at the first `set`. */
export function createSealedFile(options: SealedFileOptions): SecretStore {
  const { file } = options;
  let opened: Opened | undefined;

  async function open(): Promise<Opened | undefined> {
    const text = await readSealed(file);
    if (text === undefined) return undefined;
    if (opened?.text === text) return opened;
    const sealed = parse(text, file);
    const key = await findSealingKey(sealed.key, options, file);
    opened = { text, key, secrets: unseal(sealed, key, file) };
    return opened;
  }

  async function change(edit: (secrets: Map<string, Secret>) => boolean): Promise<boolean> {
    return withFileLock(options.lock, async () => {
      const before = await open();
      const secrets = new Map(before?.secrets);
      if (!edit(secrets)) return false;
      const isKeyRight =
        before !== undefined && (before.key.origin.kind === 'key-file') === (options.masterKey === undefined);
      const key = isKeyRight ? before.key : await newSealingKey(options);
      const text = seal(secrets, key);
      await replaceFile(file, text, 0o600);
      opened = { text, key, secrets };
      // A pass-phrase that lies beside the key it replaces protects nothing.
      if (key.origin.kind !== 'key-file') await rm(options.keyFile, { force: true });
      return true;
    });
  }

  return {
    kind: 'sealed-file',
    get: async (name) => (await open())?.secrets.get(name),
    list: async () => {
      const text = await readSealed(file);
      return text === undefined ? [] : parse(text, file).entries;
    },
    set: async (name, secret) => {
      checkSecret(name, secret);
      await change((secrets) => secrets.set(name, secret) !== undefined);
    },
    remove: async (name) => {
      if ((await readSealed(file)) === undefined) return false;
      return change((secrets) => secrets.delete(name));
    },
  };
}

function seal(secrets: Secrets, key: SealingKey): string {
  const names = [...secrets.keys()].toSorted();
  const entries = names.map((name) => ({ name, hosts: [...(secrets.get(name)?.hosts ?? [])] }));
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce);
  cipher.setAAD(Buffer.from(JSON.stringify([FORMAT, key.origin, entries])));
  const values = JSON.stringify(names.map((name) => secrets.get(name)?.value ?? ''));
  const sealed = Buffer.concat([cipher.update(values, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const body = {
    format: FORMAT,
    key: key.origin,
    entries,
    nonce: nonce.toString('base64'),
    sealed: sealed.toString('base64'),
  };
  return `${JSON.stringify({ ...body, digest: digestOf(body) }, null, 1)}\n`;
}

function unseal(file: SealedFile, key: SealingKey, path: string): Secrets {
  const sealed = Buffer.from(file.sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(file.nonce, 'base64'), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(JSON.stringify([FORMAT, file.key, file.entries])));
  try {
    decipher.setAuthTag(sealed.subarray(-16));
    const text = decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
    const values = JSON.parse(text) as readonly string[];
    return new Map(file.entries.map(({ name, hosts }, index) => [name, { value: values[index] ?? '', hosts }]));
  } catch (error) {
    throw damaged(path, 'has been changed by someone who does not hold its key', error);
  }
}

/** The file's parts in a fixed order. Throws `data-invalid` for anything but an undamaged file. */
function parse(text: string, path: string): SealedFile {
  let file: Partial<SealedFile>;
  try {
    file = JSON.parse(text) as Partial<SealedFile>;
  } catch (error) {
    throw damaged(path, 'is damaged', error);
  }
  const { digest, key, entries, nonce, sealed, format } = file ?? {};
  if (format !== undefined && format !== FORMAT) throw damaged(path, `has the unknown format ${String(format)}`);
  if (
    !key ||
    !entries ||
    !nonce ||
    !sealed ||
    !digest ||
    digest !== digestOf({ format, key, entries, nonce, sealed })
  ) {
    throw damaged(path, 'is damaged');
  }
  return { format: FORMAT, key, entries, nonce, sealed, digest };
}

function digestOf(body: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

function damaged(path: string, why: string, cause?: unknown): ClawError {
  return new ClawError('data-invalid', `${path} ${why}.`, {
    hint: 'Bring it back from a backup, or move it away and set the secrets again.',
    cause,
  });
}

async function readSealed(path: string): Promise<string | undefined> {
  return readIfThere(path).catch((error: unknown) => {
    throw damaged(path, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`, error);
  });
}
