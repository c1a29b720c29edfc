/** Checks everything about the code but its behaviour. Every step runs, whatever failed before it; ends with one line a step and a non-zero exit code when one failed. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const node = process.execPath;

const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['build', node, 'scripts/build.ts'],
  ['format', bin('oxfmt'), '--check'],
  ['lint', bin('oxlint'), '--deny-warnings'],
  ['types', bin('tsc'), '-p', '.'],
  ['types of the dashboard', bin('tsc'), '-p', 'src/dashboard'],
  ['architecture', node, 'node_modules/vitest/vitest.mjs', 'run', 'tests/architecture'],
  ['unused code and packages', bin('knip'), '--no-progress'],
  ...globSync('scripts/generate-*.ts', { cwd: root })
    .toSorted()
    .map((path) => [`fresh: ${path}`, node, path, '--check'] as const),
];

const results = steps.map(([name, command, ...args]) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const isGood = status === 0;
  if (!isGood) process.stdout.write(`--- ${name} ---\n${error?.message ?? ''}${stdout}${stderr}\n`);
  return [isGood, name] as const;
});
for (const [isGood, name] of results) process.stdout.write(`${isGood ? 'ok    ' : 'FAILED'} ${name}\n`);
process.exitCode = results.every(([isGood]) => isGood) ? 0 : 1;
