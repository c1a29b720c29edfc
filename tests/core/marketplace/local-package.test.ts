import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { localFolder } from '../../../src/core/marketplace/local-package.ts';
import { readPackage, verifyPackage } from '../../../src/core/marketplace/package-format.ts';
import { newKey, signedPackage, SOURCE } from './marketplace-kit.ts';

function packageFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'claw-package-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const { manifest, signature } = signedPackage(newKey());
  const folder = join(root, 'packages');
  mkdirSync(folder);
  writeFileSync(join(folder, 'manifest.json'), manifest);
  writeFileSync(join(folder, 'signature.json'), signature);
  writeFileSync(join(folder, 'dice.ts'), SOURCE);
  return root;
}

test('a package in a folder is read', async () => {
  const parts = await readPackage(localFolder(packageFolder(), 'packages'));
  expect(verifyPackage(parts).source).toBe(SOURCE);
});

test('links, folders and devices in it are refused, each with its reason', async () => {
  const linked = packageFolder();
  symlinkSync('/etc/hostname', join(linked, 'packages', 'README.md'));
  await expect(readPackage(localFolder(linked, 'packages'))).rejects.toThrow(/"README\.md" in the package is a link/);
  const nested = packageFolder();
  mkdirSync(join(nested, 'packages', 'lib'));
  await expect(readPackage(localFolder(nested, 'packages'))).rejects.toThrow(/"lib" in the package is a folder/);
  const piped = packageFolder();
  execFileSync('mkfifo', [join(piped, 'packages', 'README.md')]);
  await expect(readPackage(localFolder(piped, 'packages'))).rejects.toThrow(/"README\.md" in the package is no plain/);
});

test('a folder that is reached through a link is refused', async () => {
  const root = packageFolder();
  symlinkSync('packages', join(root, 'other'));
  await expect(readPackage(localFolder(root, 'other'))).rejects.toThrow(/link/);
});

test('a missing folder is told', async () => {
  await expect(readPackage(localFolder(packageFolder(), 'none'))).rejects.toThrow(/cannot be read/);
});

test('a file that is too large is refused', async () => {
  const root = packageFolder();
  writeFileSync(join(root, 'packages', 'manifest.json'), ' '.repeat(70_000));
  await expect(readPackage(localFolder(root, 'packages'))).rejects.toThrow(/manifest\.json is larger than 65536/);
});
