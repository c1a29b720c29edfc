/** Owns where claw's own helper programs lie: beside the sources in a clone that runs from source, else in dist. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package: the nearest one above this file that has a package.json. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** True when this code was bundled into dist. */
function isBuilt(): boolean {
  return import.meta.dirname.startsWith(join(packageRoot(), 'dist'));
}

/** Absolute path of the program whose source is `path` below src, without its ending. */
export function ownProgram(path: string): string {
  const root = packageRoot();
  return isBuilt() ? join(root, 'dist', `${path}.js`) : join(root, 'src', `${path}.ts`);
}
