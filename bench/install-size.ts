/** Measures what a production install takes on disk: the packages that the lock file does not mark as development only, and claw's own files. */
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './figure.ts';

const root = join(import.meta.dirname, '..');

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/** The room on disk of the packages and of claw's published files, in MB (10^6 bytes). */
export function installSize(): Figure {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  const packages = Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)));
  // A package nested in another has a row of its own.
  const bytes = [...packages, ...files.filter((path) => !path.startsWith('!'))].reduce(
    (sum, path) => sum + sizeOf(join(root, path), true),
    0,
  );
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
  // As du counts: blocks of 512 bytes.
  const own = stat.blocks * 512;
  if (!stat.isDirectory()) return own;
  return readdirSync(path)
    .filter((name) => !((isTop && name === 'node_modules') || name === '.cache'))
    .reduce((sum, name) => sum + sizeOf(join(path, name), false), own);
}
