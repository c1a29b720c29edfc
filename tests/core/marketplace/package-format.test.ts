import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FolderReader,
  MAX_PACKAGE_BYTES,
  type PackageParts,
  packPackage,
  readManifest,
  readPackage,
  signManifest,
  verifyPackage,
} from '../../../src/core/marketplace/package-format.ts';
import { keyIdOf, signBytes } from '../../../src/core/marketplace/signature.ts';
import { bytesOf, manifestOf, newKey, sha256, signedPackage, SOURCE } from './marketplace-kit.ts';

const key = newKey();
const FILES = { 'dice.ts': SOURCE };

/** A package that somebody signed although nothing about it was checked. */
function carelessly(manifest: string | object, files: Readonly<Record<string, string>> = FILES): PackageParts {
  const text = typeof manifest === 'string' ? manifest : spelled(manifest);
  const bytes = Buffer.from(text);
  return { manifest: bytes, signature: Buffer.from(spelled(signBytes(key, bytes))), files: bytesOf(files) };
}

function spelled(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function folderOf(files: Readonly<Record<string, Uint8Array>>): FolderReader {
  return { list: async () => Object.keys(files), read: async (name) => files[name] ?? new Uint8Array() };
}

function refusal(parts: PackageParts): string {
  try {
    verifyPackage(parts);
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
}

async function unpackRefusal(packed: string | Uint8Array): Promise<string> {
  try {
    verifyPackage(await readPackage(Buffer.from(packed as string)));
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
}

describe('a good package', () => {
  test('tells what it is and who signed it', () => {
    const parts = signedPackage(key, {}, { ...FILES, 'README.md': '# Dice\n' });
    const verified = verifyPackage(parts, { name: 'dice', version: '1.0.0' });
    expect(verified).toMatchObject({ file: 'dice.ts', language: 'ts', source: SOURCE, readme: '# Dice\n' });
    expect(verified.sha256).toBe(sha256(parts.manifest));
    expect(verified.keyId).toBe(keyIdOf(Buffer.from(verified.publicKey, 'base64')));
    expect(verified.keyId).toMatch(/^[0-9a-f]{16}$/);
  });

  test('is the same after it was packed and read, and packs to the same text', async () => {
    const parts = signedPackage(key);
    const packed = packPackage(parts);
    const again = await readPackage(Buffer.from(packed));
    expect(verifyPackage(again)).toEqual(verifyPackage(parts));
    expect(packPackage(again)).toBe(packed);
  });

  test('tells by its manifest alone which files it has', () => {
    expect(Object.keys(readManifest(signedPackage(key).manifest).files)).toEqual(['dice.ts']);
  });

  test('is read from a folder', async () => {
    const { manifest, signature, files } = signedPackage(key);
    const reader = folderOf({ 'manifest.json': manifest, 'signature.json': signature, ...Object.fromEntries(files) });
    expect(verifyPackage(await readPackage(reader)).manifest.name).toBe('dice');
  });

  test('of a JavaScript tool is taken', () => {
    expect(verifyPackage(signedPackage(key, {}, { 'dice.js': SOURCE })).language).toBe('js');
  });
});

describe('a changed package', () => {
  test('is found whichever byte of its packed form was changed, to whatever', async () => {
    const packed = Buffer.from(packPackage(signedPackage(key)));
    const place = fc.nat(packed.length - 1);
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (index, flip) => {
        const changed = Buffer.from(packed);
        changed[index] = (changed[index] ?? 0) ^ flip;
        await expect(unpackRefusal(changed)).resolves.not.toBe('taken');
      }),
      { numRuns: 1000 },
    );
  });

  test('is found for one bit of every single byte', async () => {
    const packed = Buffer.from(packPackage(signedPackage(key)));
    for (const [index, byte] of packed.entries()) {
      const changed = Buffer.from(packed);
      changed[index] = byte ^ (1 << (index % 8));
      expect(await unpackRefusal(changed), `byte ${index}`).not.toBe('taken');
    }
  });

  test('is found when a byte is missing or added anywhere', async () => {
    const packed = Buffer.from(packPackage(signedPackage(key)));
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(255), async (index, byte) => {
        const cut = Buffer.concat([packed.subarray(0, index), packed.subarray(index + 1)]);
        const longer = Buffer.concat([packed.subarray(0, index), Buffer.from([byte]), packed.subarray(index)]);
        await expect(unpackRefusal(cut)).resolves.not.toBe('taken');
        await expect(unpackRefusal(longer)).resolves.not.toBe('taken');
      }),
      { numRuns: 300 },
    );
  });

  test('is found when a file was swapped, is missing or was added', () => {
    const parts = signedPackage(key);
    const reasons = [
      refusal({ ...parts, files: bytesOf({ 'dice.ts': `${SOURCE}\n` }) }),
      refusal({ ...parts, files: bytesOf({}) }),
      refusal({ ...parts, files: bytesOf({ ...FILES, 'README.md': 'x' }) }),
    ];
    expect(reasons).toEqual([
      'dice.ts was changed after it was signed.',
      'dice.ts is missing from the package.',
      '"README.md" is in the package, and the manifest does not name it.',
    ]);
  });
});

describe('a manifest', () => {
  const good = manifestOf(FILES);
  test.each<[string, string | object, RegExp]>([
    ['of another format', { ...good, format: 2 }, /of a format that is not known here/],
    ['with a member of its own', { ...good, scripts: {} }, /Unrecognized key: "scripts"/],
    ['without a member', { ...good, license: undefined }, /at license/],
    ['with a bad name', { ...good, name: 'Dice' }, /at name: the name of a tool is/],
    ['with a path as its name', { ...good, name: '../dice' }, /at name/],
    ['with a reserved name', { ...good, name: 'constructor' }, /at name/],
    ['with a bad version', { ...good, version: '01.0.0' }, /at version: it must be a version/],
    ['with build metadata', { ...good, version: '1.0.0+a' }, /at version/],
    [
      'with direction marks in its description',
      { ...good, description: 'a\u202Eb' },
      /at description: it has invisible/,
    ],
    ['with a control character in its author', { ...good, author: 'a\u001b[2J' }, /at author: it has invisible/],
    ['with decomposed text', { ...good, author: 'e\u0301' }, /at author: it is not composed/],
    ['with a bad hash', { ...good, files: { 'dice.ts': 'A'.repeat(64) } }, /at files\.dice\.ts: it must be 64/],
    ['with an instant that is none', { ...good, published_at: '2026-13-02T03:04:05Z' }, /at published_at/],
    ['with an unknown permission', { ...good, permissions: { ...good.permissions, root: [] } }, /at permissions/],
    ['of another runtime', { ...good, runtime: 'native' }, /at runtime/],
    ['that is no object', '[]\n', /manifest\.json is not well formed/],
    ['that is no JSON', '{', /manifest\.json is no JSON/],
    ['with a byte order mark', `\uFEFF${spelled(good)}`, /begins with a byte order mark/],
    ['with something after its end', `${spelled(good)}{}`, /goes on after its end/],
    ['with spaces after its end', `${spelled(good)} `, /not spelled in its one form/],
    [
      'with members in another order',
      spelled({ license: 'MIT', ...Object.fromEntries(Object.entries(good).toReversed()) }),
      /not spelled in its one form/,
    ],
    ['on one line', JSON.stringify(good), /not spelled in its one form/],
    ['with carriage returns', spelled(good).replaceAll('\n', '\r\n'), /not spelled in its one form/],
    ['with a key twice', spelled(good).replace('"name"', '"name": "dice",\n  "name"'), /says "name" twice/],
    ['with a key twice, once escaped', spelled(good).replace('"name"', '"n\\u0061me": "x",\n  "name"'), /"name" twice/],
    ['with __proto__', spelled(good).replace('"name"', '"__proto__": {},\n  "name"'), /a member named __proto__/],
    [
      'with an escaped __proto__',
      spelled(good).replace('"name"', '"__pr\\u006fto__": 1,\n  "name"'),
      /named __proto__/,
    ],
    ['with constructor', spelled(good).replace('"name"', '"constructor": 1,\n  "name"'), /a member named constructor/],
  ])('%s is refused', (_, manifest, reason) => {
    expect(refusal(carelessly(manifest))).toMatch(reason);
  });

  test('that is no UTF-8 is refused', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const parts = { manifest: bytes, signature: Buffer.from(spelled(signBytes(key, bytes))), files: bytesOf(FILES) };
    expect(refusal(parts)).toBe('manifest.json is no text in UTF-8.');
  });

  test('that is too large is refused', () => {
    expect(refusal(carelessly(' '.repeat(64 * 1024 + 1)))).toBe('manifest.json is larger than 65536 bytes.');
  });

  test('that names another package than its place is refused', () => {
    const parts = signedPackage(key);
    expect(() => verifyPackage(parts, { name: 'dices' })).toThrow(
      /calls itself dice, and the place it came from dices/,
    );
    expect(() => verifyPackage(parts, { version: '1.0.1' })).toThrow(/is version 1\.0\.0, and the place/);
  });
});

describe('names of files', () => {
  test.each<[string, RegExp]>([
    ['../dice.ts', /climbs with dots/],
    ['a/../../b', /climbs with dots/],
    ['/etc/passwd', /absolute path/],
    ['C:evil.ts', /absolute path/],
    ['a\\b.ts', /backslash/],
    ['a\0.ts', /zero byte/],
    ['lib/a.ts', /no folders/],
    ['', /has no name/],
    ['e\u0301.ts', /not composed/],
    ['é.ts', /other characters/],
    ['.npmrc', /other characters/],
    ['DICE.TS', /one file on some machines/],
    ['package.json', /neither the tool file dice\.ts nor a README\.md/],
    ['other.ts', /neither the tool file/],
    ['dice.js', /exactly one tool file/],
  ])('%j is refused', (name, reason) => {
    const files = { ...FILES, [name]: 'x' };
    expect(refusal(carelessly(manifestOf(files), files))).toMatch(reason);
  });

  test('are judged in the packed form and in a folder too', async () => {
    const packed = packPackage(signedPackage(key)).replace(
      '"dice.ts": "import',
      '"../d.ts": "x",\n    "dice.ts": "import',
    );
    await expect(unpackRefusal(packed)).resolves.toMatch(/climbs with dots/);
    const { manifest, signature } = signedPackage(key);
    const entries = { 'manifest.json': manifest, 'signature.json': signature };
    const reader = (more: Record<string, Uint8Array>) => readPackage(folderOf({ ...entries, ...more }));
    const one = Buffer.from('x');
    await expect(reader({ 'Manifest.json': one })).rejects.toThrow(/one file on some machines/);
    await expect(reader({ a: one, b: one, c: one })).rejects.toThrow(/more files than a tool/);
    await expect(readPackage(folderOf({ 'manifest.json': manifest }))).rejects.toThrow(/signature\.json is missing/);
  });

  test('a package without a tool is refused', () => {
    expect(refusal(carelessly(manifestOf({ 'README.md': 'x' }), { 'README.md': 'x' }))).toMatch(/exactly one tool/);
  });
});

describe('sizes', () => {
  test('a packed package above 1 MiB is refused before it is read', async () => {
    await expect(unpackRefusal(Buffer.alloc(MAX_PACKAGE_BYTES + 1))).resolves.toBe(
      'The package is larger than 1048576 bytes.',
    );
  });

  test('a large README or tool file is refused', () => {
    const readme = { ...FILES, 'README.md': 'x'.repeat(1024 * 1024) };
    expect(refusal(carelessly(manifestOf(readme), readme))).toBe('The package is larger than 1048576 bytes.');
    const tool = { 'dice.ts': 'x'.repeat(256 * 1024 + 1) };
    expect(refusal(carelessly(manifestOf(tool), tool))).toBe('dice.ts is larger than 262144 bytes.');
  });
});

test('a manifest that does not fit its files is not signed', () => {
  expect(() => signManifest(key, manifestOf({ 'dice.ts': 'other' }), bytesOf(FILES))).toThrow(/was changed after/);
});

test('nothing of a package is ever run', () => {
  const source = `globalThis.wasRun = true;\n${SOURCE}`;
  verifyPackage(signedPackage(key, {}, { 'dice.ts': source }));
  expect(globalThis).not.toHaveProperty('wasRun');
});
