/** Owns the search for protected files below a root, so that a program that walks it by itself finds them hidden. */
import { opendir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ClawError } from '../../kernel/errors.ts';
import { refuseHomeNames, refuseNames } from '../protected-names.ts';

export interface HiddenPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Entries looked at before a root counts as too large to be searched by programs. */
const MAX_ENTRIES = 100_000;
/** Paths hidden at most; each is a mount. */
const MAX_HIDDEN = 1_000;

/** Protected files and folders below `root`, links not followed. `keep` names folders that the program itself needs. Throws `limit-reached` when there are too many. */
export async function findProtected(
  root: string,
  home: string | undefined,
  keep: readonly string[],
): Promise<HiddenPath[]> {
  const hidden: HiddenPath[] = [];
  const waiting = [root];
  let seen = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for await (const entry of await opendir(folder)) {
      seen += 1;
      if (seen > MAX_ENTRIES || hidden.length > MAX_HIDDEN) {
        throw new ClawError('limit-reached', `the folder ${root} holds too much to run this program over it`, {
          hint: 'Name a smaller folder.',
        });
      }
      const path = join(folder, entry.name);
      if (!keep.includes(entry.name) && isProtected(root, home, path)) {
        if (!entry.isSymbolicLink()) hidden.push({ path, isFolder: entry.isDirectory() });
      } else if (entry.isDirectory() && !keep.includes(entry.name)) waiting.push(path);
    }
  }
  return hidden;
}

function isProtected(root: string, home: string | undefined, path: string): boolean {
  if (refuseNames(relative(root, path).split('/'), 'read') !== undefined) return true;
  if (home === undefined) return false;
  const inHome = relative(home, path);
  return !inHome.startsWith('..') && refuseHomeNames(inHome.split('/'), 'read') !== undefined;
}
