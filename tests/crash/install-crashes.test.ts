/** Installing, updating and taking away a package, killed at every write: afterwards it is there with all that belongs to it, or nothing of it is. */
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import { runClaw, startClaw, temporaryDirectory } from '../e2e/run-claw.ts';
import { type TestRegistry, testRegistry } from '../fakes/test-registry.ts';

const KILLER = ['--import', join(import.meta.dirname, 'kill-at-write.ts')];

/** What there is after whoever looks next has looked. */
async function lookAt(
  home: string,
): Promise<{ version: string | null; tool: string | undefined; source: string | null }> {
  const app = await openApp({ home, overrides: { CLAW_SECRET_STORE: 'file' } });
  try {
    const entries = await (await app.tools()).registry.entries();
    const entry = entries.find(({ name }) => name === 'tally');
    const marketplace = await app.marketplace();
    const [found] = await marketplace.installed();
    const file = join(home, 'tools', 'tally.ts');
    const verdicts = await marketplace.verify(undefined);
    expect(verdicts.map(({ status }) => status)).toEqual(found === undefined ? [] : ['ok']);
    return {
      version: found?.version ?? null,
      tool: entry?.state,
      source: existsSync(file) ? readFileSync(file, 'utf8') : null,
    };
  } finally {
    await app.close();
  }
}

/** Runs the command with a kill at each of its writes from `first` on, each on a copy of `home`. */
async function killEverywhere(
  home: string,
  registry: TestRegistry,
  args: readonly string[],
  judge: (home: string, at: string) => Promise<void>,
): Promise<number> {
  const env = { MARKETPLACE_REGISTRIES: registry.folder };
  const traced = await copyOf(home);
  const trace = join(traced, 'trace');
  await runClaw(args, { home: traced, env: { ...env, CRASH_TRACE: trace }, nodeArgs: KILLER, timeoutMs: 60_000 });
  const counts = new Map<string, number>();
  const points = readFileSync(trace, 'utf8')
    .trim()
    .split('\n')
    .flatMap((name) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const point = `${name}:${counts.get(name) ?? 0}`;
      // After a write nothing but the next one follows, save for what a commit and the last write leave to the files.
      return name === 'commit' || name.includes('marketplace_packages')
        ? [`${point}:before`, `${point}:after`]
        : [`${point}:before`];
    });
  for (const at of points) {
    const copy = await copyOf(home);
    const child = await startClaw(args, { home: copy, env: { ...env, CRASH_AT: at }, nodeArgs: KILLER });
    child.stdin.end();
    child.stdout.resume();
    child.stderr.resume();
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect(signal, at).toBe('SIGKILL');
    await judge(copy, at);
  }
  return points.length;
}

async function copyOf(home: string): Promise<string> {
  const copy = join(await temporaryDirectory(), 'home');
  cpSync(home, copy, { recursive: true });
  return copy;
}

test('an install and an uninstall leave all or nothing', { timeout: 300_000 }, async () => {
  const registry = await testRegistry(join(await temporaryDirectory(), 'registry'));
  await registry.publish({ name: 'tally', answer: '1' });
  const env = { MARKETPLACE_REGISTRIES: registry.folder };
  const home = await temporaryDirectory();
  await runClaw(['tool', 'search'], { home, env, timeoutMs: 60_000 });
  const install = ['tool', 'install', 'tally', '--yes', '--trust', registry.keyId];
  const seen = new Set<string | null>();
  const kills = await killEverywhere(home, registry, install, async (copy, at) => {
    const { version, tool, source } = await lookAt(copy);
    seen.add(version);
    if (version === null) expect([tool, source], at).toEqual([undefined, null]);
    else expect([tool, source?.includes('=> 1')], at).toEqual(['active', true]);
    if (!/commit|tool_versions:1|marketplace_packages/.test(at)) return;
    const again = await runClaw(install, { home: copy, env, timeoutMs: 60_000 });
    expect(again.code, at).toBe(version === null ? 0 : 7);
  });
  expect(seen).toEqual(new Set([null, '1.0.0']));
  expect(kills).toBeGreaterThan(8);
  await runClaw(install, { home, env, timeoutMs: 60_000 });
  await killEverywhere(home, registry, ['tool', 'uninstall', 'tally', '--yes'], async (copy, at) => {
    const { version, tool, source } = await lookAt(copy);
    if (version === null) expect([tool, source], at).toEqual([undefined, null]);
    else expect([tool, source?.includes('=> 1')], at).toEqual(['active', true]);
  });
});
