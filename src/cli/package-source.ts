/** Owns how commands take a tool that is to be published: a source file to be described and signed, or a package that is signed already. */
import { readFile, stat } from 'node:fs/promises';
import { Flags } from '@oclif/core';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { localFolder } from '../core/marketplace/local-package.ts';
import { type PackageParts, readPackage, signManifest, verifyPackage } from '../core/marketplace/package-format.ts';
import { type PackageRequest, preparePackage } from '../core/marketplace/prepare-package.ts';
import { DEFAULT_KEY, privateKeyNamed } from '../core/marketplace/publisher-keys.ts';
import { writeCanonical } from '../core/marketplace/strict-json.ts';
import { languageOf } from './tool-check.ts';

export const keyFlag = Flags.string({ description: 'The key to sign with.', default: DEFAULT_KEY, helpValue: 'NAME' });

export const packageFlags = {
  version: Flags.string({ description: 'Version of a source file: 1.0.0.', helpValue: 'X.Y.Z' }),
  author: Flags.string({ description: 'Who made it.', helpValue: 'TEXT' }),
  license: Flags.string({ description: 'Its licence, as SPDX.', default: 'MIT', helpValue: 'TEXT' }),
  tag: Flags.string({
    description: 'A word to find it by; may be given several times.',
    multiple: true,
    multipleNonGreedy: true,
  }),
  readme: Flags.string({ description: 'A README.md that goes with it.', helpValue: 'FILE' }),
  key: keyFlag,
};

interface Words {
  readonly version?: string | undefined;
  readonly author?: string | undefined;
  readonly license: string;
  readonly tag?: string[] | undefined;
  readonly readme?: string | undefined;
  readonly key: string;
}

/** Describes and signs the tool in `file`. Throws for a tool that nobody could install. */
export async function signTool(app: App, file: string, words: Words, signal: AbortSignal): Promise<PackageParts> {
  const { version, author } = words;
  if (version === undefined || author === undefined)
    throw new ClawError('usage-invalid', 'A source file needs --version and --author.', {
      hint: `For example: --version 1.0.0 --author "Your Name"`,
    });
  const request: PackageRequest = {
    source: await textOf(file),
    language: languageOf(file),
    version,
    author,
    license: words.license,
    tags: words.tag ?? [],
    readme: words.readme === undefined ? null : await textOf(words.readme),
    publishedAt: app.clock.now(),
  };
  const key = await privateKeyNamed(await app.secrets(), words.key);
  const tools = await app.tools();
  const { manifest, files } = await preparePackage((text, options) => tools.examine(text, options), request, signal);
  return signManifest(key, manifest, files);
}

/** A package as `claw tool pack` made it, or the folder of one, examined again. */
export async function openPackage(app: App, place: string, signal: AbortSignal): Promise<PackageParts> {
  const isFolder = (await stat(place).catch(() => undefined))?.isDirectory() === true;
  const parts = await readPackage(isFolder ? localFolder(place) : await bytesOf(place));
  const { manifest, source, language, readme } = verifyPackage(parts);
  const tools = await app.tools();
  const publishedAt = Date.parse(manifest.published_at);
  const again = await preparePackage(
    (text, options) => tools.examine(text, options),
    { ...manifest, source, language, readme, publishedAt },
    signal,
  );
  if (writeCanonical(again.manifest) === writeCanonical(manifest)) return parts;
  throw new ClawError('data-invalid', 'The manifest of the package says other things than its source.', {
    hint: 'Pack it again: claw tool pack',
  });
}

export function isSourceFile(place: string): boolean {
  return /\.[mc]?[tj]s$/.test(place);
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new ClawError('not-found', `${file} cannot be read.`, { hint: 'Name a file or a package.', cause: error });
  });
}

async function textOf(file: string): Promise<string> {
  return (await bytesOf(file)).toString('utf8');
}
