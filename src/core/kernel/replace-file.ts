/** Owns how a file is replaced: after a crash at any instant it is the old one or the new one, whole. Callers that may meet on one file hold its lock (file-lock.ts). */
import { open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ClawError } from './errors.ts';

/** Replaces the file at `path`, or what it links to, with `content`; `mode` is that of the new file. Throws `permission-denied`, and `limit-reached` for a full disk. */
export async function replaceFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const target = await realpath(path).catch(() => path);
  try {
    await replace(target, content, mode);
  } catch (error) {
    throw writeFailure(target, error);
  }
}

/** What to say when `path` could not be written; other failures come back as they are. */
export function writeFailure(path: string, error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    const hint = 'Check the owner and mode of the file and its folder.';
    return new ClawError('permission-denied', `${path} cannot be written (${code}).`, { hint, cause: error });
  }
  if (['ENOSPC', 'EDQUOT'].includes(code)) {
    const hint = 'Free some space; the file is as it was.';
    return new ClawError('limit-reached', `${path} cannot be written: the disk is full.`, { hint, cause: error });
  }
  return error;
}

async function replace(target: string, content: string | Uint8Array, mode: number): Promise<void> {
  const folder = dirname(target);
  // The end of the name stays, so that rules on names of secret files hold for it too.
  const fresh = join(folder, `.tmp-${basename(target)}`);
  await rm(fresh, { force: true });
  const file = await open(fresh, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, target);
  await syncFolder(folder);
}

/** Makes what was renamed or removed in `folder` outlast a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
