/** Generates marketplace/: manifests, signatures and the registry of the packages that ship with claw. Needs the private key of claw's publisher, which is kept outside of the project: `node scripts/generate-marketplace.ts KEY_FILE`. With --check it needs no key and proves that every package and the registry are signed by the key of publisher.json, and say what the sources say. A published version never changes. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { localFolder } from '../src/core/marketplace/local-package.ts';
import {
  readPackage,
  signManifest,
  type VerifiedPackage,
  verifyPackage,
} from '../src/core/marketplace/package-format.ts';
import { preparePackage } from '../src/core/marketplace/prepare-package.ts';
import { readRegistry, type Registry, registryEntry, signRegistry } from '../src/core/marketplace/registry-format.ts';
import { keyIdOf, rawPublicKey } from '../src/core/marketplace/signature.ts';
import { writeCanonical } from '../src/core/marketplace/strict-json.ts';
import { compareVersions } from '../src/core/marketplace/version.ts';
import { createProcessSandbox } from '../src/core/sandbox/process-sandbox.ts';
import { examineTool } from '../src/core/tools/registry/examine-tool.ts';
import { readSource } from '../src/core/tools/source/read-source.ts';
import { createToolSandbox } from '../src/core/tools/walled-sandbox.ts';

const TAGS: Readonly<Record<string, readonly string[]>> = {
  base_converter: ['numbers', 'math'],
  color_converter: ['color', 'design', 'css'],
  csv_parser: ['csv', 'data', 'table'],
  hash_generator: ['hash', 'checksum', 'developer'],
  json_formatter: ['json', 'data', 'developer'],
  random_generator: ['random', 'password', 'dice'],
  text_stats: ['text', 'korean', 'writing'],
  text_translator: ['text', 'morse', 'rot13'],
  timer: ['time', 'stopwatch', 'countdown'],
  unit_converter: ['units', 'math', 'measure'],
};

const root = join(import.meta.dirname, '..');
const marketplace = join(root, 'marketplace');
const isCheck = process.argv.includes('--check');
const walls = createProcessSandbox({ folder: join(root, 'dist', 'sandbox') });
const deps = { readSource, sandbox: createToolSandbox(walls), limits: { home: '/', services: () => [] } };
const file = (name: string): string => join(marketplace, name);

try {
  const folders = globSync('packages/*/*', { cwd: marketplace }).toSorted();
  if (isCheck) await check(folders);
  else await generate(folders, readKey(process.argv[2]));
} finally {
  await walls.close();
}

/** Signs what is not signed yet; what is signed stays. */
async function generate(folders: readonly string[], key: KeyObject): Promise<void> {
  const raw = rawPublicKey(key);
  const publisher = { format: 1, name: 'claw', key_id: keyIdOf(raw), public_key: raw.toString('base64') };
  writeFileSync(file('publisher.json'), writeCanonical(publisher));
  for (const folder of folders.filter((each) => !existsSync(file(`${each}/manifest.json`)))) {
    const { manifest, files } = await prepared(folder, { tags: TAGS[basename(dirname(folder))] ?? [], at: Date.now() });
    const parts = signManifest(key, manifest, files);
    writeFileSync(file(`${folder}/manifest.json`), parts.manifest);
    writeFileSync(file(`${folder}/signature.json`), parts.signature);
  }
  const packages = await entries(folders);
  const before = existsSync(file('registry.json')) ? readFileSync(file('registry.json')) : undefined;
  const old = before === undefined ? undefined : (JSON.parse(before.toString()) as Registry);
  if (old !== undefined && writeCanonical(old.packages) === writeCanonical(packages)) return;
  const registry: Registry = {
    format: 1,
    name: 'claw',
    sequence: (old?.sequence ?? 0) + 1,
    updated_at: `${new Date().toISOString().slice(0, 19)}Z`,
    packages,
    revoked: old?.revoked ?? [],
  };
  const { json, signature } = signRegistry(key, registry, before);
  writeFileSync(file('registry.json.sig'), signature);
  writeFileSync(file('registry.json'), json);
}

async function check(folders: readonly string[]): Promise<void> {
  const publisher = JSON.parse(readFileSync(file('publisher.json'), 'utf8')) as { public_key: string };
  const { registry, publicKey } = readRegistry(
    readFileSync(file('registry.json')),
    readFileSync(file('registry.json.sig')),
  );
  expect(publicKey === publisher.public_key, 'registry.json is signed by the key of publisher.json');
  const packages = await entries(folders);
  expect(writeCanonical(packages) === writeCanonical(registry.packages), 'registry.json lists what lies in packages/');
  for (const folder of folders) {
    const { manifest, publicKey: signer } = await packageAt(folder);
    expect(signer === publisher.public_key, `${folder} is signed by the key of publisher.json`);
    const { tags } = manifest;
    const now = await prepared(folder, { tags, at: Date.parse(manifest.published_at) });
    expect(
      writeCanonical(now.manifest) === writeCanonical(manifest),
      `${folder}/manifest.json says what the source says`,
    );
  }
}

async function prepared(folder: string, { tags, at }: { tags: readonly string[]; at: number }) {
  const name = basename(dirname(folder));
  const request = {
    source: readFileSync(file(`${folder}/${name}.ts`), 'utf8'),
    language: 'ts' as const,
    version: basename(folder),
    author: 'claw',
    license: 'MIT',
    tags,
    readme: null,
    publishedAt: at,
  };
  return preparePackage((text, options) => examineTool(deps, text, options), request).catch((error: unknown) => {
    throw new Error(`${folder}: ${(error as Error).message}`, { cause: error });
  });
}

async function packageAt(folder: string): Promise<VerifiedPackage> {
  const expected = { name: basename(dirname(folder)), version: basename(folder) };
  return verifyPackage(await readPackage(localFolder(marketplace, folder)), expected);
}

/** By name, then by version. */
async function entries(folders: readonly string[]): Promise<Registry['packages']> {
  const all = await Promise.all(folders.map(packageAt));
  return all
    .map(registryEntry)
    .toSorted((a, b) => (a.name === b.name ? compareVersions(a.version, b.version) : a.name < b.name ? -1 : 1));
}

function readKey(path: string | undefined): KeyObject {
  if (path === undefined) throw new Error('Name the file of the private key (PKCS#8, PEM).');
  return createPrivateKey(readFileSync(path));
}

function expect(isTrue: boolean, what: string): void {
  if (isTrue) return;
  process.stderr.write(`It is not true that ${what}: run "node scripts/generate-marketplace.ts KEY_FILE"\n`);
  process.exitCode = 1;
}
