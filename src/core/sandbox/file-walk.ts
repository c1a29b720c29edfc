/** Owns the way from a root to a file: one component at a time from an open folder, never through a link. What is open stays what it was, whatever is renamed meanwhile. */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ClawError, toError } from '../kernel/errors.ts';

/** An open folder. `at(name)` is a path that resolves from the folder itself, not from its name. */
export interface OpenFolder {
  readonly handle: FileHandle;
  at(name: string): string;
}

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly size: number;
  readonly links: number;
  readonly mode: number;
  readonly device: number;
  readonly inode: number;
  /** Milliseconds UTC. */
  readonly modifiedAt: number;
}

/** macOS only: refuses a link in any component. Linux needs none, its paths begin at an open folder. */
const NO_LINK_ANYWHERE = process.platform === 'darwin' ? 0x2000_0000 : 0;
const NO_LINK = constants.O_NOFOLLOW | NO_LINK_ANYWHERE;
/** The whole system, and folders whose "files" are the kernel's. */
const NO_ROOTS = /^\/((proc|sys|dev)(\/.*)?)?$/;

/** Opens the root folder itself; links on the way to it are the operator's and are followed. Throws `sandbox-refused` for one that is no folder, or holds the whole system. */
export async function openRoot(folder: string): Promise<OpenFolder & AsyncDisposable> {
  if (!isAbsolute(folder)) throw new ClawError('sandbox-refused', `the root ${folder} is not an absolute path`);
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) throw new ClawError('sandbox-refused', `the root ${folder} does not exist`);
  if (NO_ROOTS.test(real) && !real.startsWith('/dev/shm/'))
    throw new ClawError('sandbox-refused', `${real} may not be a root`);
  return openFolder(real);
}

/** Opens one folder without following a link at its end. */
async function openFolder(path: string): Promise<OpenFolder & AsyncDisposable> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | NO_LINK).catch((error: unknown) => {
    throw explain(error, path);
  });
  const base = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
  return { handle, at: (name) => join(base, name), [Symbol.asyncDispose]: () => handle.close() };
}

/** What stands at `name` in `folder`, without following it; undefined when nothing does. */
export async function factsAt(folder: OpenFolder, name: string): Promise<FileFacts | undefined> {
  try {
    return factsOf(await lstat(folder.at(name)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw explain(error, name);
  }
}

function factsOf(stats: Awaited<ReturnType<typeof lstat>>): FileFacts {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';
  return {
    kind,
    size: Number(stats.size),
    links: Number(stats.nlink),
    mode: Number(stats.mode),
    device: Number(stats.dev),
    inode: Number(stats.ino),
    modifiedAt: Number(stats.mtimeMs),
  };
}

/** Runs `work` in the folder at `parts` below `root`. Missing folders are made when `create` is set (0700), else it throws `not-found`. A link or a file on the way throws `sandbox-refused`. */
export async function inFolder<T>(
  root: OpenFolder,
  parts: readonly string[],
  create: boolean,
  work: (folder: OpenFolder) => Promise<T>,
): Promise<T> {
  const [name, ...rest] = parts;
  if (name === undefined) return work(root);
  if (create) await makeFolder(root, name);
  await using next = await openFolder(root.at(name));
  // `await`: the folder must stay open until the work is done.
  return await inFolder(next, rest, create, work);
}

async function makeFolder(folder: OpenFolder, name: string): Promise<void> {
  await mkdir(folder.at(name), { mode: 0o700 }).catch((error: unknown) => {
    if ((toError(error) as NodeJS.ErrnoException).code !== 'EEXIST') throw explain(error, name);
  });
}

/** Opens the regular file `name` of `folder` with `flags`; a link, a device, a pipe or a file with a second name throws `sandbox-refused`. */
export async function openFile(folder: OpenFolder, name: string, flags: number, mode = 0o600): Promise<FileHandle> {
  // Non-blocking: a pipe that was put there meanwhile must not stop the server.
  const safely = flags | NO_LINK | constants.O_NONBLOCK | constants.O_NOCTTY;
  const handle = await open(folder.at(name), safely, mode).catch((error: unknown) => {
    throw explain(error, name);
  });
  const reason = refuseFacts(factsOf(await handle.stat()), name);
  if (reason === undefined) return handle;
  await handle.close();
  throw new ClawError('sandbox-refused', reason);
}

/** Why the thing at the end of a path may not be opened as a file. */
export function refuseFacts(facts: FileFacts, name: string): string | undefined {
  const quoted = JSON.stringify(name);
  if (facts.kind === 'link') return `${quoted} is a symbolic link`;
  if (facts.kind === 'other') return `${quoted} is a device, pipe or socket`;
  if (facts.kind === 'folder') return `${quoted} is a folder`;
  return facts.links > 1 ? `${quoted} has a second name (hard link), which may lie outside` : undefined;
}

/** The error of a file operation, in claw's terms. */
export function explain(thrown: unknown, path: string): ClawError {
  const error = toError(thrown) as NodeJS.ErrnoException;
  if (error instanceof ClawError) return error;
  const quoted = JSON.stringify(path.split('/').at(-1));
  switch (error.code) {
    case 'ENOENT':
      return new ClawError('not-found', `${quoted} does not exist`, { cause: error });
    case 'EEXIST':
      return new ClawError('conflict', `${quoted} exists already`, { cause: error });
    case 'ELOOP':
    case 'EMLINK':
      return new ClawError('sandbox-refused', `${quoted} is a symbolic link`, { cause: error });
    case 'ENOTDIR':
      return new ClawError('sandbox-refused', `${quoted} is no folder, or a symbolic link`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new ClawError('permission-denied', `the system denies access to ${quoted}`, { cause: error });
    default:
      return new ClawError('data-invalid', `${quoted} cannot be used: ${error.code ?? error.message}`, {
        cause: error,
      });
  }
}
