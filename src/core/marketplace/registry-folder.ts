/** Owns how a registry in a folder of its publisher changes. Promises: one change at a time, and a crash at any instant leaves the old registry or the new one, whole; files that are not listed yet harm nobody. */
import type { KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { localFolder } from './local-package.ts';
import { MAX_REGISTRY_BYTES, readRegistry, type Registry, signRegistry } from './registry-format.ts';
import { keyIdOf, rawPublicKey } from './signature.ts';

const REGISTRY_FILE = 'registry.json';
const SIGNATURE_FILE = 'registry.json.sig';
/** Registries are for others to read. */
const MODE = 0o644;

export interface RegistryChange {
  readonly folder: string;
  readonly key: KeyObject;
  /** Of a registry that does not exist yet. */
  readonly name: string;
  /** Milliseconds UTC. */
  readonly now: number;
}

type Lists = Pick<Registry, 'packages' | 'revoked'>;

/** Replaces the lists by what `change` makes of them, under the next sequence. Throws `not-found` for a missing folder, `permission-denied` for a registry of another key, and what `change` throws; then nothing has changed. */
export async function changeRegistry(
  { folder, key, name, now }: RegistryChange,
  change: (lists: Lists) => Promise<Lists>,
): Promise<Registry> {
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder)
    throw new ClawError('not-found', `There is no folder ${folder}.`, { hint: `Make it first: mkdir ${folder}` });
  return withFileLock(join(folder, '.registry.lock'), async () => {
    const present = await readPresent(folder, key);
    const { packages = [], revoked = [] } = present?.registry ?? {};
    const lists = await change({ packages, revoked });
    const registry: Registry = {
      format: 1,
      name: present?.registry.name ?? name,
      sequence: (present?.registry.sequence ?? 0) + 1,
      updated_at: instant(now),
      packages: lists.packages,
      revoked: lists.revoked,
    };
    const { json, signature } = signRegistry(key, registry, present?.bytes);
    // The signature fits the old registry too, so nobody ever meets one without the other.
    await replaceFile(join(folder, SIGNATURE_FILE), signature, MODE);
    await replaceFile(join(folder, REGISTRY_FILE), json, MODE);
    return registry;
  });
}

/** ISO 8601, whole seconds. */
export function instant(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

async function readPresent(folder: string, key: KeyObject) {
  const files = localFolder(folder);
  const bytes = await files.read(REGISTRY_FILE, MAX_REGISTRY_BYTES).catch((error: unknown) => {
    if (error instanceof ClawError && error.code === 'not-found') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const { registry, keyId, publicKey } = readRegistry(bytes, await files.read(SIGNATURE_FILE, 4096));
  const raw = rawPublicKey(key);
  if (publicKey !== raw.toString('base64'))
    throw new ClawError(
      'permission-denied',
      `The registry ${registry.name} is signed by the key ${keyId}, and yours is ${keyIdOf(raw)}.`,
      { hint: 'Name the right key with --key, or publish into a folder of your own.' },
    );
  return { registry, bytes };
}
