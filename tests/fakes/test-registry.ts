/** Owns registries for tests: folders with a key of their own, filled, signed and changed as a publisher would. */
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Manifest,
  type PackageParts,
  packPackage,
  signManifest,
  verifyPackage,
} from '../../src/core/marketplace/package-format.ts';
import { registryEntry, type Registry, signRegistry } from '../../src/core/marketplace/registry-format.ts';
import { keyIdOf, rawPublicKey } from '../../src/core/marketplace/signature.ts';

const NONE = { net: [], files: [], exec: [], secrets: [], host: [] };

export interface Published {
  readonly name: string;
  readonly version?: string;
  /** An expression of `input` that the tool answers. */
  readonly answer?: string;
  readonly permissions?: Partial<Manifest['permissions']>;
  /** Signs instead of the registry's key. */
  readonly key?: KeyObject;
  /** In the place of the whole source. */
  readonly source?: string;
  readonly language?: 'ts' | 'js';
  /** Changes the manifest before it is signed. */
  readonly manifest?: Partial<Manifest>;
}

export interface TestRegistry {
  readonly folder: string;
  readonly key: KeyObject;
  readonly keyId: string;
  /** Adds or replaces a package and signs the list anew. */
  publish(what: Published): Promise<PackageParts>;
  revoke(what: Omit<Registry['revoked'][number], 'at'>): Promise<void>;
  sequence(): number;
  /** Writes list and signature, with this sequence instead of the next. */
  sign(sequence?: number): Promise<void>;
}

export const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
export const idOf = (key: KeyObject): string => keyIdOf(rawPublicKey(key));

/** The source of a tool that answers `answer`, with its one example. */
export function sourceOf(name: string, answer = 'input.n * 2', permissions: object = {}): string {
  return `import { defineTool } from 'claw/tool';
export default defineTool({
  name: '${name}',
  description: 'A tool for a test.',
  input: { type: 'object', properties: { n: { type: 'number' } } },
  permissions: ${JSON.stringify(permissions)},
  examples: [{ input: { n: 1 } }],
  run: (input) => ${answer},
});
`;
}

/** A signed package. */
export function packageOf(what: Published & { readonly key: KeyObject }): PackageParts {
  const { name, version = '1.0.0', answer, permissions = {}, key } = what;
  const source = what.source ?? sourceOf(name, answer, permissions);
  const file = `${name}.${what.language ?? 'ts'}`;
  const manifest: Manifest = {
    format: 1,
    name,
    version,
    description: `What ${name} is for.`,
    author: 'Example Author',
    license: 'MIT',
    tags: ['test'],
    permissions: { ...NONE, ...permissions },
    runtime: 'quickjs',
    files: { [file]: createHash('sha256').update(source).digest('hex') },
    published_at: '2026-01-02T03:04:05Z',
    ...what.manifest,
  };
  return signManifest(key, manifest, new Map([[file, Buffer.from(source)]]));
}

export async function writePacked(folder: string, parts: PackageParts): Promise<string> {
  const { manifest } = verifyPackage(parts);
  const file = join(folder, `${manifest.name}-${manifest.version}.clawpkg`);
  await writeFile(file, packPackage(parts));
  return file;
}

export async function testRegistry(folder: string, key = newKey()): Promise<TestRegistry> {
  let registry: Registry = {
    format: 1,
    name: 'test-tools',
    sequence: 1,
    updated_at: '2026-01-02T03:04:05Z',
    packages: [],
    revoked: [],
  };
  const sign = async (sequence = registry.sequence + 1): Promise<void> => {
    registry = { ...registry, sequence };
    const { json, signature } = signRegistry(key, registry);
    await writeFile(join(folder, 'registry.json'), json);
    await writeFile(join(folder, 'registry.json.sig'), signature);
  };
  await mkdir(folder, { recursive: true });
  await sign();
  return {
    folder,
    key,
    keyId: idOf(key),
    sign,
    sequence: () => registry.sequence,
    async publish(what) {
      const parts = packageOf({ key, ...what });
      const entry = registryEntry(verifyPackage(parts));
      await writePackage(join(folder, entry.path), parts);
      const others = registry.packages.filter(({ path }) => path !== entry.path);
      registry = { ...registry, packages: [...others, entry] };
      await sign();
      return parts;
    },
    async revoke(what) {
      registry = { ...registry, revoked: [...registry.revoked, { ...what, at: '2026-02-03T04:05:06Z' }] };
      await sign();
    },
  };
}

async function writePackage(folder: string, { manifest, signature, files }: PackageParts): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'manifest.json'), manifest);
  await writeFile(join(folder, 'signature.json'), signature);
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
}
