import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { localFolder } from '../../src/core/marketplace/local-package.ts';
import { readPackage, verifyPackage } from '../../src/core/marketplace/package-format.ts';
import { readRegistry } from '../../src/core/marketplace/registry-format.ts';
import { ROOT, runClaw, runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';

// Many processes one after the other; a busy machine may take its time.
vi.setConfig({ testTimeout: 240_000 });

const KILLER = join(ROOT, 'tests', 'fakes', 'kill-at-rename.ts');
const SOURCE = `import { defineTool, z } from 'claw/tool';
export default defineTool({
  name: 'dice_cup',
  description: 'Rolls dice.',
  input: z.object({ sides: z.int().min(1) }),
  examples: [{ input: { sides: 1 }, output: 1 }],
  run: ({ sides }) => 1 + Math.floor(Math.random() * sides),
});
`;
const WORDS = ['--version', '1.0.0', '--author', 'Ada Example'];

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}

async function workshop() {
  const home = await temporaryDirectory();
  const folder = join(home, 'work');
  mkdirSync(join(folder, 'registry'), { recursive: true });
  writeFileSync(join(folder, 'dice_cup.ts'), SOURCE);
  const claw = async (...args: string[]) => {
    const { code, json } = await runClawJson(args, { home, cwd: folder });
    return { code, json: json as Record<string, unknown> & Failure };
  };
  return { home, folder, claw, registry: join(folder, 'registry') };
}

function read(folder: string) {
  return readRegistry(readFileSync(join(folder, 'registry.json')), readFileSync(join(folder, 'registry.json.sig')));
}

test('a key is made once, and its private half is shown nowhere', async () => {
  const { home, claw } = await workshop();
  const made = await claw('tool', 'key', 'create');
  expect(made.json).toEqual({
    name: 'default',
    key_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    public_key: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as string,
  });
  expect((await claw('tool', 'key', 'list')).json).toEqual([made.json]);
  expect((await claw('tool', 'key', 'export')).json).toEqual(made.json);
  expect((await claw('tool', 'key', 'create')).code).toBe(7);
  expect((await claw('tool', 'key', 'export', 'other')).code).toBe(6);
  const { stdout } = await runClaw(['audit', 'list', '--json'], { home });
  expect(stdout).toContain('publisher-key.create');
  // What every PKCS#8 Ed25519 private key begins with, in base64.
  expect(stdout + JSON.stringify(made.json)).not.toContain('MC4CAQAwBQYDK2Vw');
});

test('a tool is packed, and the package is whole, signed and never written over', async () => {
  const { folder, claw } = await workshop();
  const key = (await claw('tool', 'key', 'create')).json;
  const { code, json } = await claw('tool', 'pack', 'dice_cup.ts', ...WORDS, '--tag', 'games');
  expect([code, json]).toMatchObject([0, { name: 'dice_cup', version: '1.0.0', file: 'dice_cup-1.0.0.clawpkg' }]);
  const bytes = readFileSync(join(folder, 'dice_cup-1.0.0.clawpkg'));
  const verified = verifyPackage(await readPackage(bytes));
  expect(verified).toMatchObject({ keyId: key['key_id'], sha256: json['sha256'], source: SOURCE });
  expect(verified.manifest).toMatchObject({
    author: 'Ada Example',
    license: 'MIT',
    tags: ['games'],
    runtime: 'quickjs',
  });
  const again = await claw('tool', 'pack', 'dice_cup.ts', ...WORDS);
  expect([again.code, again.json.error.message]).toMatchObject([7, /exists already/]);
  expect(readFileSync(join(folder, 'dice_cup-1.0.0.clawpkg'))).toEqual(bytes);
});

test('what nobody could install is not packed, each with its reason', async () => {
  const { folder, claw } = await workshop();
  await claw('tool', 'key', 'create');
  const cases: readonly (readonly [string, RegExp])[] = [
    [SOURCE.replace('output: 1', 'output: 2'), /example 1 answered 1, expected 2/],
    [SOURCE.replace(/ {2}examples.*\n/, ''), /brings no example/],
    [`${SOURCE}const later = () => eval('1');\n`, /not fit to be a package: line 9/],
    ['export const a = 1;\n', /does not load/],
  ];
  for (const [source, reason] of cases) {
    writeFileSync(join(folder, 'bad.ts'), source);
    const { code, json } = await claw('tool', 'pack', 'bad.ts', ...WORDS);
    expect([code, json.error.message]).toMatchObject([10, expect.stringMatching(reason)]);
  }
  const words = await claw('tool', 'pack', 'dice_cup.ts', '--version', '1', '--author', 'A');
  expect([words.code, words.json.error.message]).toMatchObject([2, expect.stringMatching(/version does not fit/)]);
  expect((await claw('tool', 'pack', 'dice_cup.ts')).code).toBe(2);
  expect((await claw('tool', 'pack', 'dice_cup.ts', ...WORDS, '--key', 'none')).code).toBe(6);
  expect(readdirSync(folder).filter((name) => name.endsWith('.clawpkg'))).toEqual([]);
});

test('source and packages are published, and only forwards', async () => {
  const { claw, registry, home } = await workshop();
  await claw('tool', 'key', 'create');
  await claw('tool', 'pack', 'dice_cup.ts', ...WORDS);
  const publish = (what: string, ...more: string[]) => claw('tool', 'publish', what, '--registry', registry, ...more);
  const first = await publish('dice_cup-1.0.0.clawpkg');
  expect(first.json).toMatchObject({ name: 'dice_cup', version: '1.0.0', registry: 'registry', sequence: 1 });
  const second = await publish('dice_cup.ts', '--version', '1.1.0', '--author', 'Ada Example');
  expect(second.json).toMatchObject({ version: '1.1.0', sequence: 2 });
  const same = await publish('dice_cup-1.0.0.clawpkg');
  expect([same.code, same.json.error.message]).toMatchObject([
    7,
    expect.stringMatching(/1\.0\.0 is published already/),
  ]);
  expect(read(registry).registry.packages.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
  const listed = verifyPackage(await readPackage(localFolder(registry, 'packages/dice_cup/1.1.0')));
  expect(listed.manifest.version).toBe('1.1.0');
  const { stdout } = await runClaw(['audit', 'list', '--json'], { home });
  expect(stdout).toContain('"tool.publish"');
});

test('a package with a changed byte is not published', async () => {
  const { claw, folder, registry } = await workshop();
  await claw('tool', 'key', 'create');
  await claw('tool', 'pack', 'dice_cup.ts', ...WORDS);
  const file = join(folder, 'dice_cup-1.0.0.clawpkg');
  writeFileSync(file, readFileSync(file, 'utf8').replace('Math.floor', 'Math.round'));
  const { code, json } = await claw('tool', 'publish', file, '--registry', registry);
  expect([code, json.error.message]).toEqual([10, 'dice_cup.ts was changed after it was signed.']);
  expect(readdirSync(registry)).toEqual([]);
});

test('a package is called back with a reason', async () => {
  const { claw, registry } = await workshop();
  await claw('tool', 'key', 'create');
  await claw('tool', 'publish', 'dice_cup.ts', ...WORDS, '--registry', registry);
  const revoke = (...args: string[]) =>
    claw('tool', 'revoke', ...args, '--registry', registry, '--reason', 'It cheats.');
  expect((await revoke('dice_cup@1.0.0')).json).toMatchObject({ name: 'dice_cup', version: '1.0.0', sequence: 2 });
  expect(read(registry).registry.revoked).toMatchObject([{ name: 'dice_cup', version: '1.0.0', reason: 'It cheats.' }]);
  expect((await revoke('dice_cup@1.0.0')).code).toBe(7);
  expect((await revoke('dice_cup@3.0.0')).code).toBe(6);
  expect((await revoke()).code).toBe(2);
});

test('a publisher killed at any step leaves the old registry or the new one, and the next try ends it', async () => {
  const { claw, registry, home, folder } = await workshop();
  await claw('tool', 'key', 'create');
  await claw('tool', 'publish', 'dice_cup.ts', ...WORDS, '--registry', registry);
  const args = ['tool', 'publish', 'dice_cup.ts', '--registry', registry, '--author', 'Ada Example', '--version'];
  const states: string[] = [];
  for (let killAt = 1; states.at(-1) !== 'done'; killAt += 1) {
    const version = `${killAt + 1}.0.0`;
    const options = { home, cwd: folder, env: { KILL_AT: String(killAt) }, nodeArgs: ['--import', KILLER] };
    const child = await startClaw([...args, version], options);
    child.stdout.resume();
    child.stderr.resume();
    const [code] = (await once(child, 'close')) as [number | null];
    const isListed = read(registry).registry.packages.some((entry) => entry.version === version);
    states.push(code === 0 ? 'done' : isListed ? 'new' : 'old');
    const again = await claw(...args, version);
    expect([killAt, again.code]).toEqual([killAt, isListed ? 7 : 0]);
    expect(read(registry).registry.packages).toHaveLength(killAt + 1);
  }
  // At least: three files of the package, its folder, the signature; then the registry itself.
  expect(states.filter((state) => state === 'old').length).toBeGreaterThanOrEqual(5);
  expect(states.slice(-2)).toEqual(['new', 'done']);
});

test('names of new tools follow the rule, and no file is written over', async () => {
  const { claw, folder } = await workshop();
  expect((await claw('tool', 'new', 'my_tool', '--folder', folder)).code).toBe(0);
  const written = readFileSync(join(folder, 'my_tool.ts'), 'utf8');
  for (const name of ['MyTool', 'my-tool', 'a', '1tool', 'tool!', '../evil', 'constructor'])
    expect([name, (await claw('tool', 'new', name, '--folder', folder)).code]).toEqual([name, 2]);
  expect((await claw('tool', 'new', 'my_tool', '--folder', folder)).code).toBe(7);
  expect(readFileSync(join(folder, 'my_tool.ts'), 'utf8')).toBe(written);
  writeFileSync(join(folder, 'danger.ts'), "import fs from 'node:fs';\nfs.writeFileSync('was-run', '');\n");
  expect((await claw('tool', 'check', 'danger.ts')).code).toBe(1);
  expect(existsSync(join(folder, 'was-run'))).toBe(false);
});
