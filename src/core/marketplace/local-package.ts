/** Owns how a package or registry in a folder of this machine is read: plain files only, never through a link. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClawError, toError } from '../kernel/errors.ts';
import { openGuardedFiles } from '../sandbox/files.ts';
import type { FolderReader } from './package-format.ts';
import { damaged } from './strict-json.ts';

/** The folder `path` (relative, or empty) below `root`. Its calls throw `not-found`, `data-invalid`, `too-large` or `sandbox-refused`. */
export function localFolder(root: string, path = ''): FolderReader {
  const files = openGuardedFiles({ roots: [{ name: 'root', folder: root, mode: 'read' }] });
  const folder = join(root, path);
  return {
    async list() {
      const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
        throw new ClawError('not-found', `${folder} cannot be read: ${toError(error).message}`, {
          hint: 'Name the folder of a package.',
          cause: error,
        });
      });
      const odd = entries.find((entry) => !entry.isFile());
      if (odd === undefined) return entries.map(({ name }) => name);
      const what = odd.isSymbolicLink() ? 'a link' : odd.isDirectory() ? 'a folder' : 'no plain file';
      throw damaged(`${JSON.stringify(odd.name)} in the package is ${what}.`);
    },
    async read(name, maxBytes) {
      const { bytes, size } = await files.read(path === '' ? name : `${path}/${name}`, { maxBytes });
      if (size > maxBytes) throw new ClawError('too-large', `${name} is larger than ${maxBytes} bytes.`);
      return bytes;
    },
  };
}
