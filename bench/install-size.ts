/** Measures what a production install takes on disk: the packages that the lock file does not mark as development only, and claw's own files. */
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './figure.ts';

const root = join(import.meta.dirname, '..');

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/** The size of the packages and of claw's published files, in MB (10^6 bytes). */
export function installSize(): Figure {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  const packages = Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)));
  // A package nested in another has a row of its own.
  const bytes = [...packages, ...files].reduce((sum, path) => sum + sizeOf(join(root, path), true), 0);
  return {
    name: 'production install',
    value: bytes / 1e6,
    unit: 'MB',
    atMost: 250,
    note: `${packages.length} packages`,
  };
}

function sizeOf(path: string, isTop: boolean): number {
  if (!existsSync(path)) return 0;
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path)
    .filter((name) => !((isTop && name === 'node_modules') || name === '.cache'))
    .reduce((sum, name) => sum + sizeOf(join(path, name), false), 0);
}
