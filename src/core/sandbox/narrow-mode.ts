/** Owns taking permissions away from what lies in a folder. Promises: never through a link below that folder, and never from a file that has a second name: whoever may write there would choose whose file is changed. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { explain, inFolder, openRoot } from './file-walk.ts';

/** Takes the permissions `remove` from the file or folder at `path`: `root` itself, something below it, or an entry of a folder elsewhere. Throws `sandbox-refused` for a link, a device and a file with a second name, `not-found` and `permission-denied`. */
export async function narrowMode(root: string, path: string, remove: number): Promise<void> {
  const below = relative(resolve(root), resolve(path));
  const isElsewhere = below === '..' || below.startsWith('../');
  await using folder = await openRoot(isElsewhere ? dirname(resolve(path)) : resolve(root));
  // `await`: the folder must stay open until it is done.
  if (below === '') return await narrow(folder.handle, path, remove);
  const parts = isElsewhere ? [basename(path)] : below.split('/');
  const name = parts.pop() ?? '';
  await inFolder(folder, parts, false, async (parent) => {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
    await using handle = await open(parent.at(name), flags).catch((error: unknown) => {
      throw explain(error, name);
    });
    await narrow(handle, name, remove);
  });
}

async function narrow(handle: FileHandle, name: string, remove: number): Promise<void> {
  const facts = await handle.stat();
  const isPlain = facts.isDirectory() || (facts.isFile() && facts.nlink === 1);
  if (!isPlain) {
    const what = facts.isFile() ? 'has a second name (hard link), which may lie outside' : 'is no plain file';
    throw new ClawError('sandbox-refused', `${JSON.stringify(name)} ${what}`);
  }
  await handle.chmod(facts.mode & 0o7777 & ~remove);
}
