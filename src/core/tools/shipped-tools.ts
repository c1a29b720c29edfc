/** Owns the tools that ship with claw: described once, when claw is built, so that listing them starts nothing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { lazy } from '../kernel/lazy.ts';
import type { ShippedTool } from './registry/registry-view.ts';
import type { ShippedTools } from './registry/tool-registry.ts';
import { packageRoot } from './source/own-program.ts';
import type { SelfDescription } from './tool-sandbox.ts';

/** One entry of dist/tools/manifest.json; `scripts/describe-tools.ts` writes them. */
export interface ShippedManifestEntry {
  readonly hash: string;
  readonly description: SelfDescription;
}

export interface ShippedManifest {
  readonly version: string;
  readonly tools: readonly ShippedManifestEntry[];
}

/** `disabled`: names that are switched off. */
export function shippedTools(disabled: readonly string[]): ShippedTools {
  const root = packageRoot();
  const folder = join(root, 'dist', 'tools');
  const manifest = lazy(() => readManifest(folder));
  const list = lazy(async () => (await manifest()).tools.map((entry) => toShipped(root, folder, entry)));
  return { list, disabled, version: async () => (await manifest()).version };
}

async function readManifest(folder: string): Promise<ShippedManifest> {
  try {
    return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as ShippedManifest;
  } catch (error) {
    throw new ClawError('data-invalid', 'The tools that ship with claw are missing from this installation.', {
      hint: 'In a clone: npm run build. Otherwise install claw again.',
      cause: error,
    });
  }
}

function toShipped(root: string, folder: string, { hash, description }: ShippedManifestEntry): ShippedTool {
  return {
    hash,
    description,
    code: () => readFile(join(folder, `${description.name}.js`), 'utf8'),
    source: () => readFile(join(root, 'tools', `${description.name}.ts`), 'utf8'),
  };
}
