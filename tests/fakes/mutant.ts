/** Owns copies of the sandbox's source with one layer taken away, loaded beside the real one, so that a test can show that it would notice. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as brokerModule from '../../src/core/sandbox/broker.ts';
import type * as processSandboxModule from '../../src/core/sandbox/process-sandbox.ts';
import type * as spawnModule from '../../src/core/sandbox/spawn.ts';

export interface Mutation {
  /** In src/core/sandbox. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface SandboxModules {
  readonly broker: typeof brokerModule;
  readonly processSandbox: typeof processSandboxModule;
  readonly spawn: typeof spawnModule;
}

const ROOT = join(import.meta.dirname, '..', '..');

/** Loads a copy of the sandbox with these changes; `use` gets its modules. Throws when a change does not apply. */
export async function withMutant<T>(
  mutations: readonly Mutation[],
  use: (modules: SandboxModules) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'claw-mutant-'));
  try {
    for (const name of ['kernel', 'sandbox'])
      cpSync(join(ROOT, 'src', 'core', name), join(folder, 'src', 'core', name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const { file, from, to } of mutations) {
      const path = join(folder, 'src', 'core', 'sandbox', file);
      const parts = readFileSync(path, 'utf8').split(from);
      if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${from}`);
      writeFileSync(path, parts.join(to));
    }
    const load = (name: string): Promise<unknown> =>
      import(/* @vite-ignore */ pathToFileURL(join(folder, 'src', 'core', 'sandbox', name)).href);
    return await use({
      broker: (await load('broker.ts')) as SandboxModules['broker'],
      processSandbox: (await load('process-sandbox.ts')) as SandboxModules['processSandbox'],
      spawn: (await load('spawn.ts')) as SandboxModules['spawn'],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
