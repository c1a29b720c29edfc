import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import { verifyPackage } from '../../../src/core/marketplace/package-format.ts';
import {
  findRevocation,
  matchEntry,
  MAX_REGISTRY_BYTES,
  packagePath,
  readRegistry,
  type Registry,
  registryEntry,
  signRegistry,
} from '../../../src/core/marketplace/registry-format.ts';
import { signBytes } from '../../../src/core/marketplace/signature.ts';
import { newKey, signedPackage } from './marketplace-kit.ts';

const key = newKey();
const dice = verifyPackage(signedPackage(key));
const entry = registryEntry(dice);
const registry: Registry = {
  format: 1,
  name: 'example',
  sequence: 3,
  updated_at: '2026-01-02T03:04:05Z',
  packages: [entry],
  revoked: [{ name: 'old_tool', reason: 'It sent data to strangers.', at: '2026-01-02T03:04:05Z' }],
};

function carelessly(value: unknown): () => unknown {
  const json = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  const signature = Buffer.from(`${JSON.stringify({ signatures: [signBytes(key, json)] }, null, 2)}\n`);
  return () => readRegistry(json, signature);
}

describe('a registry', () => {
  test('comes back as it was signed, with the key that signed it', () => {
    const { json, signature } = signRegistry(key, registry);
    const read = readRegistry(Buffer.from(json), Buffer.from(signature));
    expect(read.registry).toEqual(registry);
    expect(read.keyId).toBe(dice.keyId);
  });

  test('is refused whichever byte of it or of its signature was changed', () => {
    const { json, signature } = signRegistry(key, registry);
    const both = Buffer.from(json + signature);
    const length = Buffer.byteLength(json);
    fc.assert(
      fc.property(fc.nat(both.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const changed = Buffer.from(both);
        changed[index] = (changed[index] ?? 0) ^ flip;
        expect(() => readRegistry(changed.subarray(0, length), changed.subarray(length))).toThrow(ClawError);
      }),
      { numRuns: 1000 },
    );
  });

  test('that replaces another is signed so that either file may be the old one for a moment', () => {
    const old = signRegistry(key, registry);
    const next = signRegistry(key, { ...registry, sequence: 4 }, Buffer.from(old.json));
    expect(readRegistry(Buffer.from(old.json), Buffer.from(next.signature)).registry.sequence).toBe(3);
    expect(readRegistry(Buffer.from(next.json), Buffer.from(next.signature)).registry.sequence).toBe(4);
    expect(() => readRegistry(Buffer.from(next.json), Buffer.from(old.signature))).toThrow(/does not fit/);
  });

  test('above its size is refused before it is read', () => {
    expect(() => readRegistry(Buffer.alloc(MAX_REGISTRY_BYTES + 1), Buffer.from(''))).toThrow(/larger than/);
    expect(entry.path).toBe(packagePath('dice', '1.0.0'));
  });

  test.each([
    ['nested lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['nested objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['a long text of escapes', `{"a":"${'\\n'.repeat(500_000)}"}`],
    ['many keys', `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
  ])('made of %s is refused like any other', (_, text) => {
    expect(() => readRegistry(Buffer.from(text), Buffer.from(''))).toThrow(ClawError);
  });

  test.each<[string, object, RegExp]>([
    ['of another format', { ...registry, format: 2 }, /of a format that is not known/],
    ['with a path of its own', { ...registry, packages: [{ ...entry, path: '../x' }] }, /puts dice 1\.0\.0 elsewhere/],
    ['with a package twice', { ...registry, packages: [entry, entry] }, /lists dice 1\.0\.0 twice/],
    ['without a sequence', { ...registry, sequence: 0 }, /at sequence/],
    ['with a sequence that is no number', { ...registry, sequence: 1e300 }, /at sequence/],
    ['with a bad name of a package', { ...registry, packages: [{ ...entry, name: 'a b' }] }, /at packages\.0\.name/],
    ['that revokes nothing', { ...registry, revoked: [{ reason: 'why', at: registry.updated_at }] }, /names nothing/],
    ['with other members', { ...registry, mirrors: [] }, /Unrecognized key/],
  ])('%s is refused', (_, value, reason) => {
    expect(carelessly(value)).toThrow(reason);
  });
});

describe('an entry', () => {
  test('is the package it lists, word for word', () => {
    expect(() => matchEntry(entry, dice)).not.toThrow();
    const stranger = verifyPackage(signedPackage(newKey()));
    expect(() => matchEntry(entry, stranger)).toThrow(/is signed by the key/);
    const later = verifyPackage(signedPackage(key, { published_at: '2027-01-01T00:00:00Z' }));
    expect(() => matchEntry(entry, later)).toThrow(/is not the package that the registry lists/);
    expect(() => matchEntry({ ...entry, description: 'Harmless.' }, dice)).toThrow(/in other words/);
  });
});

describe('a revocation', () => {
  const reason = 'why';
  const at = '2026-01-02T03:04:05Z';
  test.each([
    [{ name: 'dice' }, true],
    [{ name: 'dice', version: '1.0.0' }, true],
    [{ name: 'dice', version: '1.0.1' }, false],
    [{ name: 'other' }, false],
    [{ sha256: dice.sha256 }, true],
    [{ name: 'dice', sha256: '0'.repeat(64) }, false],
    [{ key_id: dice.keyId }, true],
    [{ key_id: '0'.repeat(16) }, false],
    [{ name: 'other', key_id: dice.keyId }, false],
  ])('%j covers the package: %s', (what, covers) => {
    expect(findRevocation([{ ...what, reason, at }], entry) !== undefined).toBe(covers);
  });
});
