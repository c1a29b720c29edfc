/** Owns which files of npm's cache an install from a lock file reads. Source: cacache, `index-v5` and `content-v2`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly name?: string; readonly integrity?: string }>>;
}

interface IndexEntry {
  readonly key: string;
  readonly integrity?: string;
}

/** Paths below the folder that holds `_cacache`, of the packages' archives and descriptions. */
export function npmCacheFiles(cacache: string, lockFile: string): string[] {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as LockFile;
  const archives = new Set(Object.values(packages).map(({ integrity }) => integrity ?? ''));
  const names = new Set(
    Object.entries(packages).map(([path, { name }]) => name ?? path.replace(/^.*node_modules\//, '')),
  );
  const files = new Set<string>();
  for (const file of globSync('index-v5/*/*/*', { cwd: cacache })) {
    for (const { key, integrity } of entriesOf(join(cacache, file))) {
      if (integrity === undefined || !(archives.has(integrity) || names.has(describedBy(key)))) continue;
      files.add(join('_cacache', file)).add(join('_cacache', contentPath(integrity)));
    }
  }
  return [...files];
}

function entriesOf(file: string): IndexEntry[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('\t'));
  return lines.map((line) => JSON.parse(line.slice(line.indexOf('\t') + 1)) as IndexEntry);
}

/** The package whose description lies under this key; empty for anything else. */
function describedBy(key: string): string {
  const url = URL.parse(key.replace(/^make-fetch-happen:request-cache:/, ''));
  const path = decodeURIComponent(url?.pathname.slice(1) ?? '');
  return path.includes('/-/') ? '' : path;
}

function contentPath(integrity: string): string {
  const [algorithm = '', digest = ''] = integrity.split('-', 2);
  const hex = Buffer.from(digest, 'base64').toString('hex');
  return join('content-v2', algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
}
