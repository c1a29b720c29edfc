/** Keys and packages for tests of the marketplace. */
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Manifest, type PackageParts, signManifest } from '../../../src/core/marketplace/package-format.ts';

export const SOURCE = `import { defineTool, z } from 'claw/tool';
export default defineTool({
  name: 'dice',
  description: 'Rolls a die. 주사위',
  input: z.object({ sides: z.int() }),
  examples: [{ input: { sides: 1 }, output: 1 }],
  run: ({ sides }) => 1 + Math.floor(Math.random() * sides),
});
`;

export function newKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

export function manifestOf(files: Readonly<Record<string, string>>, more: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    name: 'dice',
    version: '1.0.0',
    description: 'Rolls a die. 주사위',
    author: 'Example Author',
    license: 'MIT',
    tags: ['games'],
    permissions: { net: [], files: [], exec: [], secrets: [], host: [] },
    runtime: 'quickjs',
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)])),
    published_at: '2026-01-02T03:04:05Z',
    ...more,
  };
}

/** A signed package; `more` changes its manifest before it is signed. */
export function signedPackage(
  key: KeyObject,
  more: Partial<Manifest> = {},
  files: Readonly<Record<string, string>> = { 'dice.ts': SOURCE },
): PackageParts {
  return signManifest(key, manifestOf(files, more), bytesOf(files));
}

export function bytesOf(files: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  return new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
