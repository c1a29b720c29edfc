/** Writes dist/tools: each shipped tool without its types, and what it says of itself in the walls. Usage: describe-tools.ts DIST */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createProcessSandbox } from '../src/core/sandbox/process-sandbox.ts';
import { sha256 } from '../src/core/tools/registry/tool-folder.ts';
import type { ShippedManifest } from '../src/core/tools/shipped-tools.ts';
import { readSource } from '../src/core/tools/source/read-source.ts';
import { createToolSandbox } from '../src/core/tools/walled-sandbox.ts';

const dist = resolve(process.argv[2] ?? 'dist');
const root = join(import.meta.dirname, '..');
const target = join(dist, 'tools');
mkdirSync(target, { recursive: true });

const walls = createProcessSandbox({ folder: join(dist, 'sandbox'), idleMs: 0 });
const sandbox = createToolSandbox(walls);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const names = globSync('tools/*.ts', { cwd: root }).toSorted();
const tools = await Promise.all(names.map(describe));
await walls.close();
const manifest: ShippedManifest = { version, tools };
writeFileSync(join(target, 'manifest.json'), JSON.stringify(manifest));

async function describe(file: string): Promise<ShippedManifest['tools'][number]> {
  const source = readFileSync(join(root, file), 'utf8');
  const { code, findings } = await readSource({ source, language: 'ts' });
  if (code === null || findings.length > 0)
    throw new Error(`${file}: ${findings.map(({ message }) => message).join('; ')}`);
  const description = await sandbox.describe(code);
  if (file !== `tools/${description.name}.ts`) throw new Error(`${file} names itself ${description.name}`);
  writeFileSync(join(target, `${description.name}.js`), code);
  return { hash: sha256(source), description };
}
