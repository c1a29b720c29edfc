/** Packages through the built program: found, shown, installed, refused, updated, verified, taken back and taken away. */
import { existsSync } from 'node:fs';
import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { idOf, newKey, packageOf, type TestRegistry, testRegistry, writePacked } from '../fakes/test-registry.ts';
import { type ClawRun, runClawJson, temporaryDirectory } from './run-claw.ts';

const settings = (...folders: string[]): Record<string, string> => ({ MARKETPLACE_REGISTRIES: folders.join(',') });

interface Shop {
  readonly home: string;
  readonly registry: TestRegistry;
  claw(...args: string[]): Promise<ClawRun & { json: never }>;
  /** Installs with a yes and the registry's key. */
  install(what: string, ...more: string[]): Promise<ClawRun & { json: never }>;
}

/** A home that knows one registry. */
async function shop(onEnd: (clean: () => Promise<void> | void) => void = onTestFinished): Promise<Shop> {
  const home = await temporaryDirectory(onEnd);
  const registry = await testRegistry(join(await temporaryDirectory(onEnd), 'registry'));
  const claw: Shop['claw'] = async (...args) =>
    (await runClawJson(args, { home, env: settings(registry.folder), timeoutMs: 60_000, onEnd })) as ClawRun & {
      json: never;
    };
  const install: Shop['install'] = (what, ...more) =>
    claw('tool', 'install', what, '--yes', '--trust', registry.keyId, ...more);
  return { home, registry, claw, install };
}

/** Cleans up after the last test of the suite. */
function afterSuite(): (clean: () => Promise<void> | void) => void {
  const cleaners: (() => Promise<void> | void)[] = [];
  afterAll(async () => {
    for (const clean of cleaners) await clean();
  });
  return (clean) => void cleaners.push(clean);
}

/** What a refused command said. */
const refusal = ({ json }: { json: unknown }): string =>
  (json as { error?: { message: string } }).error?.message ?? `not refused: ${JSON.stringify(json)}`;

const filesIn = async (home: string): Promise<string[]> =>
  existsSync(join(home, 'tools')) ? (await readdir(join(home, 'tools'))).toSorted() : [];

async function auditOf({ claw }: Shop): Promise<{ action: string; target: string; outcome: string }[]> {
  const { json } = await claw('audit', 'list', '--action', 'package.*');
  return json;
}

describe('a package is installed', { timeout: 90_000 }, () => {
  let store: Shop;
  const onEnd = afterSuite();
  beforeAll(async () => {
    store = await shop(onEnd);
    await store.registry.publish({ name: 'double_it' });
  });

  test('and runs; its file is there, its version and hash are recorded, and the trail knows who did it', async () => {
    const listed = await store.claw('tool', 'search', 'double');
    expect(listed.json).toMatchObject([
      { name: 'double_it', version: '1.0.0', key_id: store.registry.keyId, installed: null, revoked: null },
    ]);
    const { json, code } = await store.install('double_it');
    expect(json).toMatchObject({ name: 'double_it', version: '1.0.0', state: 'active', file: 'double_it.ts' });
    expect((json as { hash: string }).hash).toMatch(/^[0-9a-f]{64}$/);
    expect(code).toBe(0);
    const run = await store.claw('tool', 'run', 'double_it', '--input', '{"n": 21}');
    expect(run.json).toMatchObject({ status: 'ok', output: 42 });
    expect(await filesIn(store.home)).toEqual(['double_it.ts']);
    expect(await auditOf(store)).toMatchObject([{ action: 'package.install', target: 'double_it', outcome: 'ok' }]);
    expect((await store.claw('tool', 'verify')).json).toMatchObject([{ name: 'double_it', status: 'ok' }]);
  });

  test('and a second time only when something is wrong with it', async () => {
    const again = await store.install('double_it');
    expect(refusal(again)).toBe('double_it 1.0.0 is installed already.');
    expect(again.code).toBe(7);
  });

  test('and what was changed or lost is seen, does not run, and is put back', async () => {
    const file = join(store.home, 'tools', 'double_it.ts');
    await appendFile(file, '// one more line\n');
    const changed = await store.claw('tool', 'verify', 'double_it');
    expect(changed.json).toMatchObject([{ status: 'tampered' }]);
    expect(changed.code).toBe(10);
    expect((await store.claw('tool', 'run', 'double_it')).json).toMatchObject({ status: 'refused' });
    await rm(file);
    const lost = await store.claw('tool', 'verify', '--all');
    expect(lost.json).toMatchObject([{ status: 'missing' }]);
    expect(lost.code).toBe(10);
    expect((await store.install('double_it')).code).toBe(0);
    expect((await store.claw('tool', 'verify')).json).toMatchObject([{ status: 'ok' }]);
  });

  test('and taken away with file and record, also when the file is gone; shipped tools stay', async () => {
    await rm(join(store.home, 'tools', 'double_it.ts'));
    expect((await store.claw('tool', 'uninstall', 'double_it', '--yes')).json).toMatchObject({ version: '1.0.0' });
    expect((await store.claw('tool', 'verify')).json).toEqual([]);
    const shipped = await store.claw('tool', 'uninstall', 'add_two_numbers', '--yes');
    expect(refusal(shipped)).toBe('add_two_numbers ships with claw and cannot be uninstalled.');
    expect(shipped.code).toBe(7);
    const twice = await store.claw('tool', 'uninstall', 'double_it', '--yes');
    expect(twice.code).toBe(6);
    expect((await store.install('double_it')).code).toBe(0);
    expect((await store.claw('tool', 'run', 'double_it', '--input', '{"n": 2}')).json).toMatchObject({ output: 4 });
  });
});

describe('what is installed is replaced only from where it came', { timeout: 90_000 }, () => {
  test('by a newer version, never by an older one or the same version with other contents', async () => {
    const store = await shop();
    await store.registry.publish({ name: 'tally', version: '1.1.0', answer: '11' });
    await store.install('tally');
    await store.registry.publish({ name: 'tally', version: '1.0.0', answer: '10' });
    const older = await store.install('tally@1.0.0');
    expect(refusal(older)).toContain('tally 1.0.0 is older than 1.1.0, which was installed before');
    expect(older.code).toBe(7);
    await store.claw('tool', 'uninstall', 'tally', '--yes');
    expect(refusal(await store.install('tally@1.0.0'))).toContain('is older than 1.1.0');
    await store.registry.publish({ name: 'tally', version: '1.1.0', answer: '12' });
    const other = await store.install('tally');
    expect(refusal(other)).toContain('has other contents under the same version');
    expect(other.code).toBe(9);
    expect(await filesIn(store.home)).toEqual([]);
  });

  test('by its publisher alone; another key is agreed to only by name, after the first is gone', async () => {
    const store = await shop();
    await store.registry.publish({ name: 'tally' });
    await store.install('tally');
    const key = newKey();
    await store.registry.publish({ name: 'tally', version: '2.0.0', key });
    const trust = ['--trust', idOf(key)];
    const replaced = await store.claw('tool', 'update', 'tally', '--yes', ...trust);
    expect(refusal(replaced)).toContain('this package is signed by another key');
    expect(replaced.code).toBe(9);
    await store.claw('tool', 'uninstall', 'tally', '--yes');
    expect(refusal(await store.claw('tool', 'install', 'tally', '--yes'))).toContain(
      'by another key than the one that was agreed to for this name before',
    );
    expect((await store.claw('tool', 'install', 'tally', '--yes', ...trust)).code).toBe(0);
  });

  test('an update shows what changes; one that wants more is not agreed to by --yes', async () => {
    const store = await shop();
    await store.registry.publish({ name: 'tally', answer: '1' });
    await store.install('tally');
    expect((await store.claw('tool', 'update', '--all')).json).toMatchObject([{ status: 'current' }]);
    await store.registry.publish({ name: 'tally', version: '1.1.0', answer: '2' });
    const dry = await store.claw('tool', 'update', '--all', '--dry-run');
    expect(dry.json).toMatchObject([
      { from: '1.0.0', to: '1.1.0', status: 'available', source_lines: { added: 1, removed: 1 } },
    ]);
    expect((await store.claw('tool', 'update', 'tally', '--yes')).json).toMatchObject([{ status: 'updated' }]);
    expect((await store.claw('tool', 'run', 'tally')).json).toMatchObject({ output: 2 });
    await store.registry.publish({ name: 'tally', version: '1.2.0', permissions: { net: ['api.example.com'] } });
    const more = await store.claw('tool', 'update', '--all', '--yes');
    expect(more.json).toMatchObject([{ status: 'refused', reason: expect.stringContaining('wants more than before') }]);
    expect(more.code).toBe(9);
    const agreed = await store.claw('tool', 'update', 'tally', '--yes', '--allow-new-permissions');
    expect(agreed.json).toMatchObject([{ permissions_added: ['reach api.example.com over the network'] }]);
    expect((await store.claw('tool', 'rollback', 'tally')).code).toBe(0);
    expect((await store.claw('tool', 'run', 'tally')).json).toMatchObject({ output: 2 });
    expect((await store.claw('tool', 'verify')).json).toMatchObject([{ version: '1.1.0', status: 'ok' }]);
  });

  test('a name that two registries have is not guessed, and stays with the one it came from', async () => {
    const store = await shop();
    const rival = await testRegistry(join(await temporaryDirectory(), 'rival'));
    await store.registry.publish({ name: 'tally' });
    await rival.publish({ name: 'tally', version: '9.0.0' });
    const env = settings(store.registry.folder, rival.folder);
    const claw = (...args: string[]) => runClawJson(args, { home: store.home, env, timeoutMs: 60_000 });
    const both = await claw('tool', 'install', 'tally', '--yes', '--trust', rival.keyId);
    expect(refusal(both)).toContain('Several registries have tally');
    expect(both.code).toBe(7);
    expect((await claw('tool', 'search', 'tally')).json).toHaveLength(2);
    const mine = ['--registry', store.registry.folder, '--trust', store.registry.keyId];
    expect((await claw('tool', 'install', 'tally', '--yes', ...mine)).code).toBe(0);
    expect((await claw('tool', 'update', '--all', '--yes')).json).toMatchObject([{ status: 'current' }]);
    const other = ['--registry', rival.folder, '--trust', rival.keyId];
    expect((await claw('tool', 'install', 'tally', '--yes', ...other)).code).toBe(9);
  });
});

describe('what was taken back', { timeout: 90_000 }, () => {
  test('is not installed, is switched off where it is, and verify says so', async () => {
    const store = await shop();
    await store.registry.publish({ name: 'tally' });
    await store.registry.publish({ name: 'other_one' });
    await store.install('tally');
    await store.registry.revoke({ name: 'tally', version: '1.0.0', reason: 'it lies' });
    await store.registry.revoke({ name: 'other_one', reason: 'it is gone' });
    expect(refusal(await store.install('other_one'))).toBe('other_one 1.0.0 was revoked: it is gone');
    expect((await store.claw('tool', 'run', 'tally')).json).toMatchObject({
      status: 'refused',
      error: expect.stringContaining('revoked: it lies'),
    });
    const seen = await store.claw('tool', 'verify');
    expect(seen.json).toMatchObject([{ status: 'revoked', detail: 'it lies' }]);
    expect(seen.code).toBe(10);
    await store.registry.publish({ name: 'tally', version: '1.0.1', answer: '3' });
    expect((await store.claw('tool', 'update', 'tally', '--yes')).json).toMatchObject([{ status: 'updated' }]);
    expect((await store.claw('tool', 'run', 'tally')).json).toMatchObject({ output: 3 });
    expect((await store.claw('tool', 'rollback', 'tally')).code).toBe(7);
  });
});

test('a package that ships with claw is installed with a yes alone, and runs', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const claw = (...args: string[]) => runClawJson(args, { home, timeoutMs: 60_000 });
  expect((await claw('tool', 'install', 'unit_converter', '--yes')).json).toMatchObject({ registry: 'shipped' });
  const input = JSON.stringify({ value: 100, from: 'km', to: 'mile' });
  expect((await claw('tool', 'run', 'unit_converter', '--input', input)).json).toMatchObject({ status: 'ok' });
});

test(
  'a package that was handed over is installed from its file, updated by a newer file, and nothing else',
  { timeout: 60_000 },
  async () => {
    const store = await shop();
    const key = newKey();
    const folder = await temporaryDirectory();
    const file = await writePacked(folder, packageOf({ name: 'handed', key }));
    const trust = ['--yes', '--trust', idOf(key)];
    expect((await store.claw('tool', 'install', file, ...trust)).json).toMatchObject({ registry: 'file' });
    expect((await store.claw('tool', 'update', '--all')).json).toMatchObject([{ status: 'unavailable' }]);
    const newer = await writePacked(folder, packageOf({ name: 'handed', version: '1.1.0', key, answer: '7' }));
    expect((await store.claw('tool', 'install', newer, '--yes')).json).toMatchObject({ replaces: '1.0.0' });
    await store.registry.publish({ name: 'handed', version: '3.0.0', key });
    expect(refusal(await store.claw('tool', 'install', 'handed@3.0.0', ...trust))).toContain(
      'is installed from a file and is not replaced from',
    );
  },
);
