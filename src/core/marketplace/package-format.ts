/** Owns the format of a package: what it consists of, in which spelling, and when it is whole and signed. Promises: nothing is run, imported or written; what comes back from verifyPackage was checked to its last byte. Trust in the key is decided elsewhere. */
import { createHash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ClawError } from '../kernel/errors.ts';
import { TOOL_PERMISSIONS } from '../tools/permissions.ts';
import { isToolName, NAME_RULE } from '../tools/registry/tool-name.ts';
import { MAX_SOURCE_BYTES } from '../tools/source/read-source.ts';
import { refuseFileNames } from './package-names.ts';
import { readSignature, signBytes, SIGNATURE, type Signature, verifySignature } from './signature.ts';
import { damaged, DAMAGED_HINT, decodeText, readCanonical, writeCanonical } from './strict-json.ts';
import { VERSION } from './version.ts';

export const PACKAGE_FORMAT = 1;
/** Of the packed form. */
export const MAX_PACKAGE_BYTES = 1024 * 1024;
const MAX_MANIFEST_BYTES = 64 * 1024;
const MAX_FILES = 2;

/** Words for people: no control, no direction and no invisible characters, composed. */
const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u.test(text), 'it has invisible characters')
    .refine(
      (text) => text === text.normalize('NFC') && text === text.trim(),
      'it is not composed (NFC) or not trimmed',
    );

export const SHA256 = z.string().regex(/^[0-9a-f]{64}$/, 'it must be 64 digits of a small hexadecimal number');
export const INSTANT = z.iso.datetime({ precision: 0 });
export const TOOL_NAME = z.string().refine(isToolName, `the name of a tool is ${NAME_RULE}`);
const TAG = z.string().regex(/^[a-z0-9][a-z0-9-]{0,29}$/, 'a tag is small letters, digits and -');

/** What a package says of its tool; registries repeat it. */
export const SHOWN = {
  name: TOOL_NAME,
  version: VERSION,
  description: line(500),
  author: line(100),
  tags: z.array(TAG).max(10),
  permissions: TOOL_PERMISSIONS,
};

export const MANIFEST = z.strictObject({
  format: z.literal(PACKAGE_FORMAT),
  name: SHOWN.name,
  version: SHOWN.version,
  description: SHOWN.description,
  author: SHOWN.author,
  /** An SPDX expression, or words. */
  license: line(100),
  tags: SHOWN.tags,
  permissions: SHOWN.permissions,
  runtime: z.enum(['quickjs', 'node']),
  /** SHA-256 of each file but manifest.json and signature.json, by name. */
  files: z.record(z.string().max(100), SHA256),
  published_at: INSTANT,
});

export type Manifest = z.infer<typeof MANIFEST>;

const PACKED = z.strictObject({
  format: z.literal(PACKAGE_FORMAT),
  manifest: z.string(),
  signature: SIGNATURE,
  files: z.record(z.string().max(100), z.string()),
});

/** A package as bytes: read, nothing of it checked but its frame. */
export interface PackageParts {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
  /** Every other file, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Reads the folder of one package, wherever it is. `list` names every entry; `read` refuses what is no plain file or larger than `maxBytes`. */
export interface FolderReader {
  list(): Promise<readonly string[]>;
  read(name: string, maxBytes: number): Promise<Uint8Array>;
}

export interface VerifiedPackage {
  readonly manifest: Manifest;
  /** Name of the tool file, `<name>.ts` or `<name>.js`, and its text. */
  readonly file: string;
  readonly source: string;
  readonly language: 'ts' | 'js';
  readonly readme: string | null;
  /** SHA-256 of the bytes of manifest.json: the identity of a package, as registries and revocations name it. */
  readonly sha256: string;
  readonly keyId: string;
  /** Base64. Pin this, not the id. */
  readonly publicKey: string;
}

/** Reads a packed package (`<name>-<version>.clawpkg`) or a folder. Throws `data-invalid` or `too-large`. */
export async function readPackage(from: Uint8Array | FolderReader): Promise<PackageParts> {
  return from instanceof Uint8Array ? unpack(from) : readFolder(from);
}

/** The packed form: one text, the same for the same parts. Throws `too-large`. */
export function packPackage(parts: PackageParts): string {
  const text = writeCanonical({
    format: PACKAGE_FORMAT,
    manifest: decodeText(parts.manifest, 'manifest.json'),
    signature: readSignature(parts.signature, 'signature.json'),
    files: Object.fromEntries([...parts.files].map(([name, bytes]) => [name, decodeText(bytes, name)])),
  });
  if (Buffer.byteLength(text) > MAX_PACKAGE_BYTES) throw tooLarge();
  return text;
}

/** Parts of a manifest, the files it names and a key. Throws `data-invalid` when they do not belong together. */
export function signManifest(
  privateKey: KeyObject,
  manifest: Manifest,
  files: ReadonlyMap<string, Uint8Array>,
): PackageParts {
  const bytes = Buffer.from(writeCanonical(MANIFEST.parse(manifest)));
  const parts = { manifest: bytes, signature: Buffer.from(writeCanonical(signBytes(privateKey, bytes))), files };
  verifyPackage(parts);
  return parts;
}

/** Reads a manifest alone: a claim, until verifyPackage has seen the whole. Throws `data-invalid` or `too-large`. */
export function readManifest(bytes: Uint8Array): Manifest {
  const rule = { name: 'manifest.json', maxBytes: MAX_MANIFEST_BYTES, schema: MANIFEST, format: PACKAGE_FORMAT };
  return readCanonical(bytes, rule);
}

/** Checks everything about a package but whether its key is trusted. `expected`: what the folder or file it came from is called. Throws `data-invalid` or `too-large`, each failing check with a sentence of its own. */
export function verifyPackage(
  parts: PackageParts,
  expected: { readonly name?: string; readonly version?: string } = {},
): VerifiedPackage {
  const manifest = readManifest(parts.manifest);
  const signature: Signature = readSignature(parts.signature, 'signature.json');
  const { keyId, publicKey } = verifySignature(parts.manifest, signature, 'manifest.json');
  refuseFileNames(Object.keys(manifest.files));
  refuseFileNames([...parts.files.keys()]);
  const file = checkFiles(manifest, parts.files);
  const { name, version } = manifest;
  if (expected.name !== undefined && expected.name !== name)
    throw damaged(`The package calls itself ${name}, and the place it came from ${expected.name}.`);
  if (expected.version !== undefined && expected.version !== version)
    throw damaged(`The package says it is version ${version}, and the place it came from ${expected.version}.`);
  const text = (each: string): string => decodeText(parts.files.get(each) ?? new Uint8Array(), each);
  return {
    manifest,
    file,
    source: text(file),
    language: file.endsWith('.ts') ? 'ts' : 'js',
    readme: parts.files.has('README.md') ? text('README.md') : null,
    sha256: sha256(parts.manifest),
    keyId,
    publicKey,
  };
}

/** The tool file, after every file was compared with what was signed. */
function checkFiles(manifest: Manifest, files: PackageParts['files']): string {
  const total = [...files.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);
  if (total > MAX_PACKAGE_BYTES) throw tooLarge();
  for (const [name, hash] of Object.entries(manifest.files)) {
    const bytes = files.get(name);
    if (bytes === undefined) throw damaged(`${name} is missing from the package.`);
    if (sha256(bytes) !== hash) throw damaged(`${name} was changed after it was signed.`);
  }
  const extra = [...files.keys()].find((name) => !Object.hasOwn(manifest.files, name));
  if (extra !== undefined)
    throw damaged(`${JSON.stringify(extra)} is in the package, and the manifest does not name it.`);
  const tools = [`${manifest.name}.ts`, `${manifest.name}.js`].filter((name) => files.has(name));
  const other = [...files.keys()].find((name) => name !== 'README.md' && !tools.includes(name));
  if (other !== undefined)
    throw damaged(`${JSON.stringify(other)} is neither the tool file ${manifest.name}.ts nor a README.md.`);
  const [file] = tools;
  if (file === undefined || tools.length > 1) throw damaged('A package has exactly one tool file.');
  if ((files.get(file)?.byteLength ?? 0) > MAX_SOURCE_BYTES)
    throw new ClawError('too-large', `${file} is larger than ${MAX_SOURCE_BYTES} bytes.`, { hint: DAMAGED_HINT });
  return file;
}

function unpack(bytes: Uint8Array): PackageParts {
  if (bytes.byteLength > MAX_PACKAGE_BYTES) throw tooLarge();
  const rule = { name: 'The package', maxBytes: MAX_PACKAGE_BYTES, schema: PACKED, format: PACKAGE_FORMAT };
  const { manifest, signature, files } = readCanonical(bytes, rule);
  refuseFileNames(Object.keys(files));
  const encoded = (text: string): Buffer => {
    if (!text.isWellFormed()) throw damaged('The package holds text that is no Unicode.');
    return Buffer.from(text);
  };
  return {
    manifest: encoded(manifest),
    signature: Buffer.from(writeCanonical(signature)),
    files: new Map(Object.entries(files).map(([name, text]) => [name, encoded(text)])),
  };
}

async function readFolder(folder: FolderReader): Promise<PackageParts> {
  const names = await folder.list();
  refuseFileNames(names);
  const others = names.filter((name) => name !== 'manifest.json' && name !== 'signature.json');
  for (const name of ['manifest.json', 'signature.json'])
    if (!names.includes(name)) throw damaged(`${name} is missing from the package.`);
  if (others.length > MAX_FILES)
    throw damaged('The package has more files than a tool, a README.md, a manifest and a signature.');
  const manifest = await folder.read('manifest.json', MAX_MANIFEST_BYTES);
  const signature = await folder.read('signature.json', 4096);
  const files = new Map<string, Uint8Array>();
  for (const name of others) files.set(name, await folder.read(name, MAX_PACKAGE_BYTES));
  return { manifest, signature, files };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function tooLarge(): ClawError {
  return new ClawError('too-large', `The package is larger than ${MAX_PACKAGE_BYTES} bytes.`, { hint: DAMAGED_HINT });
}
