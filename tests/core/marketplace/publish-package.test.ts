import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { localFolder } from '../../../src/core/marketplace/local-package.ts';
import { readPackage, verifyPackage } from '../../../src/core/marketplace/package-format.ts';
import { publishPackage, revokePackage } from '../../../src/core/marketplace/publish-package.ts';
import { changeRegistry } from '../../../src/core/marketplace/registry-folder.ts';
import { matchEntry, readRegistry } from '../../../src/core/marketplace/registry-format.ts';
import { verifySignature } from '../../../src/core/marketplace/signature.ts';
import { newKey, signedPackage } from './marketplace-kit.ts';

const key = newKey();
const NOW = Date.parse('2026-03-04T05:06:07.890Z');

function registryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'claw-registry-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function read(folder: string) {
  return readRegistry(readFileSync(join(folder, 'registry.json')), readFileSync(join(folder, 'registry.json.sig')));
}

const publish = (folder: string, more: object = {}, { signer = key, reserved = ['add_two_numbers'] } = {}) => {
  const name = (more as { name?: string }).name ?? 'dice';
  const files = { [`${name}.ts`]: `// ${name}\n` };
  return publishPackage({ folder, key, name: 'example', now: NOW }, signedPackage(signer, more, files), reserved);
};

const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

describe('a package that is published', () => {
  test('is in the folder, listed and signed', async () => {
    const folder = registryFolder();
    await publish(folder);
    const { registry } = read(folder);
    expect(registry).toMatchObject({ name: 'example', sequence: 1, updated_at: '2026-03-04T05:06:07Z' });
    const [entry] = registry.packages;
    const verified = verifyPackage(await readPackage(localFolder(folder, 'packages/dice/1.0.0')));
    if (entry !== undefined) matchEntry(entry, verified);
    expect(entry?.path).toBe('packages/dice/1.0.0');
    expect(readdirSync(join(folder, 'packages', 'dice'))).toEqual(['1.0.0']);
  });

  test('raises the sequence, and stands in the order of names and versions', async () => {
    const folder = registryFolder();
    for (const version of ['1.2.0', '1.10.0']) await publish(folder, { version });
    await publish(folder, { name: 'abacus' });
    const { registry } = read(folder);
    expect(registry.packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'abacus 1.0.0',
      'dice 1.2.0',
      'dice 1.10.0',
    ]);
    expect(registry.sequence).toBe(3);
  });

  test('leaves the registry before it readable at every moment', async () => {
    const folder = registryFolder();
    await publish(folder);
    const old = readFileSync(join(folder, 'registry.json'));
    await publish(folder, { version: '1.0.1' });
    expect(readRegistry(old, readFileSync(join(folder, 'registry.json.sig'))).registry.sequence).toBe(1);
  });
});

test.each([
  ['the same version', {}, {}, /dice 1\.0\.0 is published already, and a version never changes/],
  ['an older version', { version: '0.9.0' }, {}, /dice 0\.9\.0 is older than 1\.0\.0/],
  ['a version before the finished one', { version: '1.0.0-rc.1' }, {}, /is older than 1\.0\.0/],
  ['a name that looks like another', { name: 'd1ce' }, {}, /d1ce looks like dice/],
  ['the name of a shipped tool', { name: 'add_two_numbers' }, {}, /ships with claw/],
  ['a name that looks like a shipped tool', { name: 'add_two_number' }, {}, /looks like add_two_numbers/],
  ['a name of another key', { version: '2.0.0' }, { signer: newKey() }, /dice belongs to the key/],
])('%s is refused, and nothing changes', async (_, more, options, reason) => {
  const folder = registryFolder();
  await publish(folder);
  const before = readFileSync(join(folder, 'registry.json'));
  await expect(refusal(publish(folder, more, options))).resolves.toMatch(reason);
  expect(readFileSync(join(folder, 'registry.json'))).toEqual(before);
  expect(readdirSync(join(folder, 'packages'))).toEqual(['dice']);
  expect(readdirSync(join(folder, 'packages', 'dice'))).toEqual(['1.0.0']);
});

describe('a registry', () => {
  test('of another key is not changed', async () => {
    const folder = registryFolder();
    await publish(folder);
    const stranger = { folder, key: newKey(), name: 'x', now: NOW };
    await expect(changeRegistry(stranger, async (lists) => lists)).rejects.toThrow(
      /is signed by the key .* and yours is/,
    );
  });

  test('that was changed by hand is not signed again', async () => {
    const folder = registryFolder();
    await publish(folder);
    const file = join(folder, 'registry.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Rolls a die.', 'Rolls a dye.'));
    await expect(refusal(publish(folder, { version: '1.0.1' }))).resolves.toMatch(/changed after it was signed/);
  });

  test('needs its folder', async () => {
    await expect(refusal(publish('/nowhere/at/all'))).resolves.toMatch(/There is no folder/);
  });

  test('takes one change at a time', async () => {
    const folder = registryFolder();
    const names = ['abacus', 'barometer', 'chronograph', 'dynamo'];
    await Promise.all(names.map((name) => publish(folder, { name })));
    const { registry } = read(folder);
    expect(registry.packages.map(({ name }) => name)).toEqual(names);
    expect(registry.sequence).toBe(4);
  });
});

test('a package that a crash left unlisted is published by the next try; other folders are left alone', async () => {
  const folder = registryFolder();
  await publish(folder);
  rmSync(join(folder, 'registry.json'));
  rmSync(join(folder, 'registry.json.sig'));
  await publish(folder, { published_at: '2026-05-05T05:05:05Z' });
  expect(read(folder).registry.sequence).toBe(1);
  mkdirSync(join(folder, 'packages', 'dice', '2.0.0'));
  writeFileSync(join(folder, 'packages', 'dice', '2.0.0', 'notes.txt'), 'mine');
  await expect(refusal(publish(folder, { version: '2.0.0' }))).resolves.toMatch(/no package that was left unfinished/);
  expect(readFileSync(join(folder, 'packages', 'dice', '2.0.0', 'notes.txt'), 'utf8')).toBe('mine');
});

describe('a revocation', () => {
  const revoke = (folder: string, what: object) =>
    revokePackage({ folder, key, name: 'example', now: NOW }, what, 'It always rolls six.');

  test('is listed with its reason, and never twice', async () => {
    const folder = registryFolder();
    await publish(folder);
    await revoke(folder, { name: 'dice', version: '1.0.0' });
    expect(read(folder).registry).toMatchObject({
      sequence: 2,
      revoked: [{ name: 'dice', version: '1.0.0', reason: 'It always rolls six.', at: '2026-03-04T05:06:07Z' }],
    });
    await expect(refusal(revoke(folder, { name: 'dice' }))).resolves.toMatch(/revoked already/);
  });

  test('of what is not listed is refused', async () => {
    const folder = registryFolder();
    await publish(folder);
    for (const what of [{ name: 'other' }, { name: 'dice', version: '9.9.9' }, { key_id: '0'.repeat(16) }])
      expect(await refusal(revoke(folder, what))).toMatch(/lists no such package/);
  });

  test('of a key lets the name go to another', async () => {
    const folder = registryFolder();
    await publish(folder);
    const [entry] = read(folder).registry.packages;
    await revoke(folder, { key_id: entry?.key_id });
    await publish(folder, { version: '2.0.0' }, { signer: newKey() });
    expect(read(folder).registry.packages).toHaveLength(2);
  });
});

test('the second signature of a registry is no way around the first', async () => {
  const folder = registryFolder();
  await publish(folder);
  await publish(folder, { version: '1.0.1' });
  const { signatures } = JSON.parse(readFileSync(join(folder, 'registry.json.sig'), 'utf8')) as { signatures: never[] };
  const json = readFileSync(join(folder, 'registry.json'));
  expect(signatures).toHaveLength(2);
  expect(() => verifySignature(json, signatures[1] as never, 'registry.json')).toThrow(/does not fit/);
});
