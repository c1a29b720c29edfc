/** Owns how what was asked for becomes a package whose signature fits: from a registry, a file, a folder or an address. Runs and writes nothing. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ClawError, toError } from '../kernel/errors.ts';
import { type Listed } from './find-package.ts';
import { localFolder } from './local-package.ts';
import {
  MAX_PACKAGE_BYTES,
  type PackageParts,
  readPackage,
  type VerifiedPackage,
  verifyPackage,
} from './package-format.ts';
import { matchEntry } from './registry-format.ts';
import { isWebAddress } from './registry-source.ts';
import { fetchFile, type WebDeps, webFolder } from './web-folder.ts';

/** In the place of a registry: the package was handed over. */
export const HANDED_OVER = 'file';

/** A package that is whole and signed; by whom, and whether that is enough, is decided elsewhere. */
export interface Candidate {
  readonly parts: PackageParts;
  readonly verified: VerifiedPackage;
  /** A location of the settings, or `file`. */
  readonly registry: string;
  readonly registryKeyId: string | null;
}

/** Whether `text` means a place and not the name of a package. */
export function isPlace(text: string): boolean {
  return isWebAddress(text) || text.includes('/') || text.startsWith('.') || text.endsWith('.clawpkg');
}

/** The package that a registry lists. Throws `data-invalid`, `too-large`, `not-found` or what the network says. */
export async function openListed({ entry, from }: Listed, signal?: AbortSignal): Promise<Candidate> {
  const { name, version, path } = entry;
  const parts = await readPackage(from.source.folder(path, signal));
  const verified = verifyPackage(parts, { name, version });
  matchEntry(entry, verified);
  return { parts, verified, registry: from.location, registryKeyId: from.keyId };
}

/** The package at a path (a folder or a packed file) or an address (a packed file, or a folder when it ends in a slash). */
export async function openHandedOver(web: WebDeps, place: string, signal?: AbortSignal): Promise<Candidate> {
  const parts = await readPackage(isWebAddress(place) ? await fromWeb(web, place, signal) : await fromDisk(place));
  return { parts, verified: verifyPackage(parts), registry: HANDED_OVER, registryKeyId: null };
}

async function fromWeb(web: WebDeps, url: string, signal?: AbortSignal): Promise<Parameters<typeof readPackage>[0]> {
  if (new URL(url).pathname.endsWith('/')) return webFolder(web, url, signal);
  const file = await fetchFile(web, { url, maxBytes: MAX_PACKAGE_BYTES, ...(signal === undefined ? {} : { signal }) });
  return file?.bytes ?? Buffer.alloc(0);
}

async function fromDisk(place: string): Promise<Parameters<typeof readPackage>[0]> {
  const path = resolve(place);
  try {
    const found = await stat(path);
    if (found.isDirectory()) return localFolder(path);
    if (!found.isFile()) throw new ClawError('data-invalid', `${place} is no plain file.`);
    if (found.size > MAX_PACKAGE_BYTES)
      throw new ClawError('too-large', `${place} is larger than ${MAX_PACKAGE_BYTES} bytes.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof ClawError) throw error;
    throw new ClawError('not-found', `${place} cannot be read: ${toError(error).message}`, {
      hint: 'Name a package of a registry, a .clawpkg file, or the folder of a package.',
      cause: error,
    });
  }
}
