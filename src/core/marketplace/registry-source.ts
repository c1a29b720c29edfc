/** Owns where registries are and how their bytes come from there: a folder, a file, an https address with a copy kept for when it does not answer, or the one that ships with claw. Judges nothing. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import { localFolder } from './local-package.ts';
import type { FolderReader } from './package-format.ts';
import { openCopy } from './registry-copy.ts';
import { MAX_REGISTRY_BYTES } from './registry-format.ts';
import { fetchFile, type WebDeps, webFolder } from './web-folder.ts';

/** How the registry that ships with claw is called in the settings. */
export const SHIPPED = 'shipped';

export interface RegistryBytes {
  readonly json: Uint8Array;
  readonly signature: Uint8Array;
  /** Set when the registry did not answer and this is what it last said: when (milliseconds UTC), and what went wrong now. */
  readonly offline?: { readonly since: number; readonly reason: string };
  /** Keeps these bytes for when the registry does not answer; to be called once they proved good. */
  readonly keep?: () => Promise<void>;
}

export interface RegistrySource {
  /** As in the settings. */
  readonly location: string;
  read(signal?: AbortSignal): Promise<RegistryBytes>;
  /** The folder of a package at `path` below the registry. */
  folder(path: string, signal?: AbortSignal): FolderReader;
}

export interface SourceDeps {
  readonly web: WebDeps;
  readonly clock: Clock;
  /** The folder of the registry that ships with claw. */
  readonly shipped: string;
  /** Where copies of fetched registries are kept. */
  readonly cache: string;
  /** Turns a location of the settings into an absolute path. */
  readonly pathOf: (location: string) => string;
}

const MAX_SIGNATURE_BYTES = 4096;
const REGISTRY_FILE = 'registry.json';

export function isWebAddress(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** Opens nothing yet. */
export function registrySource(deps: SourceDeps, location: string): RegistrySource {
  if (isWebAddress(location)) return webSource(deps, location);
  const path = location === SHIPPED ? deps.shipped : deps.pathOf(location);
  return {
    location,
    async read() {
      const { root, file } = await placeOf(path);
      const folder = localFolder(root);
      const json = await folder.read(file, MAX_REGISTRY_BYTES);
      return { json, signature: await folder.read(`${file}.sig`, MAX_SIGNATURE_BYTES) };
    },
    folder: (inside) => lazyFolder(async () => localFolder((await placeOf(path)).root, inside)),
  };
}

async function placeOf(path: string): Promise<{ root: string; file: string }> {
  const found = await stat(path).catch((error: unknown) => {
    throw new ClawError('not-found', `${path} cannot be read: ${toError(error).message}`, { cause: error });
  });
  return found.isDirectory() ? { root: path, file: REGISTRY_FILE } : { root: dirname(path), file: basename(path) };
}

function lazyFolder(open: () => Promise<FolderReader>): FolderReader {
  return {
    list: async () => (await open()).list(),
    read: async (name, maxBytes) => (await open()).read(name, maxBytes),
  };
}

function webSource(deps: SourceDeps, location: string): RegistrySource {
  const url = new URL(location.endsWith('/') ? REGISTRY_FILE : location, location).href;
  return {
    location,
    read: (signal) => readWeb(deps, { location, url }, signal),
    folder: (inside, signal) => webFolder(deps.web, new URL(`${inside}/`, url).href, signal),
  };
}

async function readWeb(
  { web, clock, cache }: SourceDeps,
  { location, url }: { readonly location: string; readonly url: string },
  signal: AbortSignal | undefined,
): Promise<RegistryBytes> {
  const copy = await openCopy(cache, location);
  const aborts = signal === undefined ? {} : { signal };
  try {
    const etag = copy.known === undefined ? '' : copy.known.etag;
    const json = await fetchFile(web, { url, maxBytes: MAX_REGISTRY_BYTES, etag, ...aborts });
    if (json === undefined && copy.known !== undefined) return { ...copy.known, keep: () => copy.confirm(clock.now()) };
    const signature = await fetchFile(web, { url: `${url}.sig`, maxBytes: MAX_SIGNATURE_BYTES, ...aborts });
    if (json === undefined || signature === undefined)
      throw new ClawError('upstream-failed', `${url} says that nothing changed, and nothing was asked of it before.`);
    const fetched = { json: json.bytes, signature: signature.bytes };
    return { ...fetched, keep: () => copy.write({ ...fetched, etag: json.etag }, clock.now()) };
  } catch (error) {
    if (copy.known === undefined || !(error instanceof ClawError) || error.code !== 'upstream-failed') throw error;
    return { ...copy.known, offline: { since: copy.known.at, reason: error.message } };
  }
}
