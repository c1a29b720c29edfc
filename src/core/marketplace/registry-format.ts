/** Owns the format of a registry: the signed list of packages and of what was revoked. Promises: what comes back is whole, signed and free of doubles. Trust in its key, and that its sequence never goes back, are decided elsewhere. */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { INSTANT, PACKAGE_FORMAT, SHA256, SHOWN, TOOL_NAME, type VerifiedPackage } from './package-format.ts';
import { KEY_ID, type Signer, signBytes, SIGNATURE, verifySignature } from './signature.ts';
import { damaged, readCanonical, writeCanonical } from './strict-json.ts';
import { VERSION } from './version.ts';

const REGISTRY_FORMAT = PACKAGE_FORMAT;
export const MAX_REGISTRY_BYTES = 4 * 1024 * 1024;
const REGISTRY_FILE = 'registry.json';

const REGISTRY_ENTRY = z.strictObject({
  ...SHOWN,
  /** Of manifest.json, like the `sha256` of a verified package. */
  sha256: SHA256,
  /** Folder of the package, from the folder of registry.json; follows from name and version. */
  path: z.string(),
  key_id: KEY_ID,
});

/** Covers the packages that have all it names: a version, a content, or everything of a name or a key. */
const REVOCATION = z
  .strictObject({
    name: TOOL_NAME.optional(),
    version: VERSION.optional(),
    sha256: SHA256.optional(),
    key_id: KEY_ID.optional(),
    reason: SHOWN.description,
    at: INSTANT,
  })
  .refine(({ name, sha256, key_id }) => (name ?? sha256 ?? key_id) !== undefined, 'it names nothing that is revoked');

export const REGISTRY = z.strictObject({
  format: z.literal(REGISTRY_FORMAT),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, 'the name of a registry is small letters, digits and -'),
  sequence: z.int().min(1),
  updated_at: INSTANT,
  /** By name, then by version. */
  packages: z.array(REGISTRY_ENTRY).max(5_000),
  revoked: z.array(REVOCATION).max(5_000),
});

/** Of the registry, and perhaps of the one before it. */
const SIGNATURES = z.strictObject({ signatures: z.array(SIGNATURE).min(1).max(2) });

export type Registry = z.infer<typeof REGISTRY>;
export type RegistryEntry = Registry['packages'][number];
export type Revocation = Registry['revoked'][number];

export interface VerifiedRegistry {
  readonly registry: Registry;
  readonly keyId: string;
  /** Base64. Pin this, not the id. */
  readonly publicKey: string;
}

/** Where the package of this name and version lies, from the folder of registry.json. */
export function packagePath(name: string, version: string): string {
  return `packages/${name}/${version}`;
}

/** Checks `registry.json` and `registry.json.sig` wholly. Throws `data-invalid` or `too-large`. */
export function readRegistry(bytes: Uint8Array, signature: Uint8Array): VerifiedRegistry {
  const rule = { name: REGISTRY_FILE, maxBytes: MAX_REGISTRY_BYTES, schema: REGISTRY, format: REGISTRY_FORMAT };
  const registry = readCanonical(bytes, rule);
  const signer = signerOf(bytes, signature);
  refuseDoubles(registry);
  return { registry, ...signer };
}

/** The two files of a registry. With `before`, the bytes that it replaces, the signature fits both: whoever reads while one file is new and the other old finds a whole registry. Throws `data-invalid` when it is not well formed. */
export function signRegistry(
  privateKey: KeyObject,
  registry: Registry,
  before?: Uint8Array,
): { json: string; signature: string } {
  const json = writeCanonical(registry);
  const signed = [Buffer.from(json), ...(before === undefined ? [] : [before])];
  const signature = writeCanonical({ signatures: signed.map((bytes) => signBytes(privateKey, bytes)) });
  readRegistry(Buffer.from(json), Buffer.from(signature));
  return { json, signature };
}

/** Who signed these bytes, by the first signature that fits. */
function signerOf(bytes: Uint8Array, signature: Uint8Array): Signer {
  const name = `${REGISTRY_FILE}.sig`;
  const { signatures } = readCanonical(signature, { name, maxBytes: 4096, schema: SIGNATURES });
  let failure: unknown;
  for (const each of signatures) {
    try {
      return verifySignature(bytes, each, REGISTRY_FILE);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** What a registry says of a package. */
export function registryEntry({ manifest, sha256, keyId }: VerifiedPackage): RegistryEntry {
  const { name, version, description, author, tags, permissions } = manifest;
  const path = packagePath(name, version);
  return { name, version, description, author, tags, permissions, sha256, path, key_id: keyId };
}

/** Throws `data-invalid` unless the package is the one that the registry lists. */
export function matchEntry(entry: RegistryEntry, verified: VerifiedPackage): void {
  const { name, version } = entry;
  if (entry.key_id !== verified.keyId)
    throw damaged(`${name} ${version} is signed by the key ${verified.keyId}; the registry names ${entry.key_id}.`);
  if (entry.sha256 !== verified.sha256) throw damaged(`${name} ${version} is not the package that the registry lists.`);
  if (writeCanonical(registryEntry(verified)) !== writeCanonical(entry))
    throw damaged(`The registry describes ${name} ${version} in other words than the package itself.`);
}

/** The first revocation that covers this package, if any. */
export function findRevocation(
  revoked: readonly Revocation[],
  { name, version, sha256, key_id }: Pick<RegistryEntry, 'name' | 'version' | 'sha256' | 'key_id'>,
): Revocation | undefined {
  return revoked.find(
    (each) =>
      (each.name ?? name) === name &&
      (each.version ?? version) === version &&
      (each.sha256 ?? sha256) === sha256 &&
      (each.key_id ?? key_id) === key_id,
  );
}

function refuseDoubles({ packages }: Registry): void {
  const seen = new Set<string>();
  for (const { name, version, path } of packages) {
    if (path !== packagePath(name, version))
      throw damaged(`The registry puts ${name} ${version} elsewhere than into ${packagePath(name, version)}.`);
    if (seen.has(path)) throw damaged(`The registry lists ${name} ${version} twice.`);
    seen.add(path);
  }
}
