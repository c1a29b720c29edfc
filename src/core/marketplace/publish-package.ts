/** Owns how a package gets into a registry, and how it is called back. Promises: a version is published once and never changed; a name stays with the key that published it first. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../backup/sync-folder.ts';
import { ClawError } from '../kernel/errors.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { localFolder } from './local-package.ts';
import { lookAlike } from './look-alike.ts';
import { type PackageParts, packPackage, readPackage, type VerifiedPackage, verifyPackage } from './package-format.ts';
import { changeRegistry, instant, type RegistryChange } from './registry-folder.ts';
import { findRevocation, packagePath, type Registry, registryEntry, type Revocation } from './registry-format.ts';
import { compareVersions } from './version.ts';

export interface Published {
  readonly verified: VerifiedPackage;
  readonly registry: Registry;
}

/** Adds a package. `reserved`: names that no package may pose as. Throws `conflict` or `data-invalid`, each reason with a sentence of its own. */
export async function publishPackage(
  change: RegistryChange,
  parts: PackageParts,
  reserved: readonly string[],
): Promise<Published> {
  const verified = verifyPackage(parts);
  // What is too large to be packed is too large to be published.
  packPackage(parts);
  const registry = await changeRegistry(change, async ({ packages, revoked }) => {
    refusePackage(verified, { packages, revoked }, reserved);
    await placePackage(change.folder, parts, verified);
    const all = [...packages, registryEntry(verified)];
    return {
      revoked,
      packages: all.toSorted((a, b) => order(a.name, b.name) || compareVersions(a.version, b.version)),
    };
  });
  return { verified, registry };
}

/** Calls packages back: installed ones are switched off when their home next looks. Throws `not-found` for what the registry does not list. */
export async function revokePackage(
  change: RegistryChange,
  what: Pick<Revocation, 'name' | 'version' | 'key_id'>,
  reason: string,
): Promise<Registry> {
  const { name, version, key_id } = what;
  return changeRegistry(change, async ({ packages, revoked }) => {
    const row: Revocation = {
      ...(name === undefined ? {} : { name }),
      ...(version === undefined ? {} : { version }),
      ...(key_id === undefined ? {} : { key_id }),
      reason,
      at: instant(change.now),
    };
    const covered = packages.filter((entry) => findRevocation([row], entry) !== undefined);
    if (covered.length === 0)
      throw new ClawError('not-found', 'The registry lists no such package.', {
        hint: 'See the packages and versions in its registry.json.',
      });
    if (covered.every((entry) => findRevocation(revoked, entry) !== undefined))
      throw new ClawError('conflict', 'This is revoked already, and a revocation is never taken back.');
    return { packages, revoked: [...revoked, row] };
  });
}

function refusePackage(
  { manifest: { name, version }, keyId }: VerifiedPackage,
  { packages, revoked }: Pick<Registry, 'packages' | 'revoked'>,
  reserved: readonly string[],
): void {
  if (reserved.includes(name)) throw new ClawError('conflict', `${name} is the name of a tool that ships with claw.`);
  const alike = lookAlike(name, [...packages.map((entry) => entry.name).filter((each) => each !== name), ...reserved]);
  if (alike !== undefined)
    throw new ClawError('conflict', `The name ${name} looks like ${alike}.`, { hint: 'Choose a name of its own.' });
  const same = packages.filter((entry) => entry.name === name);
  const owner = same.find((entry) => entry.key_id !== keyId && findRevocation(revoked, entry) === undefined);
  if (owner !== undefined)
    throw new ClawError(
      'conflict',
      `${name} belongs to the key ${owner.key_id} in this registry, and the package is signed by ${keyId}.`,
      { hint: 'Sign it with that key (--key), or choose another name.' },
    );
  const newer = same.find((entry) => compareVersions(entry.version, version) >= 0);
  if (newer === undefined) return;
  throw new ClawError(
    'conflict',
    newer.version === version
      ? `${name} ${version} is published already, and a version never changes.`
      : `${name} ${version} is older than ${newer.version}, which is published already.`,
    { hint: 'Give it a higher version.' },
  );
}

/** Writes the folder aside and renames it; one that a crash left here unlisted is replaced. */
async function placePackage(
  registry: string,
  parts: PackageParts,
  { manifest: { name, version } }: VerifiedPackage,
): Promise<void> {
  const path = packagePath(name, version);
  const target = join(registry, path);
  const parent = join(registry, 'packages', name);
  const aside = join(parent, `.tmp-${version}`);
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true, mode: 0o755 });
  const files = [
    ...parts.files,
    ['manifest.json', parts.manifest] as const,
    ['signature.json', parts.signature] as const,
  ];
  for (const [file, bytes] of files) await replaceFile(join(aside, file), bytes, 0o644);
  if (await isLeftOver(registry, path, { name, version })) await rm(target, { recursive: true });
  await rename(aside, target).catch((error: unknown) => {
    throw new ClawError('conflict', `${target} is there and is no package that was left unfinished.`, {
      hint: 'Look at it and move it away.',
      cause: error,
    });
  });
  await syncFolder(parent);
}

async function isLeftOver(
  registry: string,
  path: string,
  expected: { name: string; version: string },
): Promise<boolean> {
  try {
    verifyPackage(await readPackage(localFolder(registry, path)), expected);
    return true;
  } catch {
    return false;
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
