/** Owns every file that a model, a tool or a user names: the only way to read, write, list or remove one. Promises: never outside its root, never through a link, never a protected name, never above its cap, never half-written. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, readdir, rename, unlink } from 'node:fs/promises';
import { ClawError, toError } from '../kernel/errors.ts';
import { decideName, type FileRoot } from './decide-path.ts';
import {
  explain,
  type FileFacts,
  factsAt,
  inFolder,
  openFile,
  openRoot,
  type OpenFolder,
  refuseFacts,
} from './file-walk.ts';
import { type FileMode, refuseNames } from './protected-names.ts';

export interface NamedRoot extends FileRoot {
  /** What callers say to choose it; the first root is the default. */
  readonly name: string;
}

export interface FileContent {
  /** At most `maxBytes` from `offset`. */
  readonly bytes: Buffer;
  /** Bytes of the whole file; larger than what was read when it was cut. */
  readonly size: number;
}

export interface ListedFile {
  readonly name: string;
  readonly kind: FileFacts['kind'];
  /** Bytes. */
  readonly size: number;
  /** Milliseconds UTC. */
  readonly modifiedAt: number;
}

export interface Listing {
  readonly entries: readonly ListedFile[];
  /** More entries than `maxEntries` exist. */
  readonly truncated: boolean;
}

interface InRoot {
  /** Name of the root; the first one when absent. */
  readonly root?: string;
}

/** Paths are relative to a root. Every call throws `sandbox-refused` with the reason of the wall, `not-found`, or `permission-denied` of the system. */
export interface GuardedFiles {
  /** Reads a regular file; `maxBytes` is 1 MiB when absent, `offset` in bytes. */
  read(path: string, options?: InRoot & { maxBytes?: number; offset?: number }): Promise<FileContent>;
  /** Replaces or creates a file as a whole, with its folders; throws `limit-reached` above `maxBytes` (1 MiB when absent) and `conflict` when `create` is set and it exists. */
  write(
    path: string,
    bytes: string | Uint8Array,
    options?: InRoot & { maxBytes?: number; create?: boolean },
  ): Promise<void>;
  /** Entries of a folder by name, protected ones left out; at most `maxEntries`, 1,000 when absent. */
  list(path: string, options?: InRoot & { maxEntries?: number }): Promise<Listing>;
  /** Removes a regular file. */
  remove(path: string, options?: InRoot): Promise<void>;
}

type Work<T> = (folder: OpenFolder, name: string, parts: readonly string[]) => Promise<T>;

const MAX_BYTES = 1024 * 1024;
const MAX_ENTRIES = 1_000;

/** Opens nothing yet: each call walks from its root anew. `home` is claw's own, whose files stay closed. */
export function openGuardedFiles(options: { roots: readonly NamedRoot[]; home?: string }): GuardedFiles {
  const within = async <T>(
    request: { path: string; mode: FileMode; root: string | undefined; create?: boolean },
    work: Work<T>,
  ): Promise<T> => {
    const { path, mode } = request;
    const root = options.roots.find(({ name }) => request.root === undefined || name === request.root);
    if (root === undefined) throw refused('no folder is granted under this name');
    const decision = await decideName({
      root,
      mode,
      path,
      ...(options.home === undefined ? {} : { home: options.home }),
    });
    if (decision.decision === 'deny') throw refused(decision.reason);
    const { parts } = decision;
    await using folder = await openRoot(root.folder);
    return await inFolder(folder, parts.slice(0, -1), request.create === true, (inner) =>
      work(inner, parts.at(-1) ?? '.', parts),
    );
  };
  return {
    read: (path, { root, maxBytes = MAX_BYTES, offset = 0 } = {}) =>
      within({ path, mode: 'read', root }, (folder, name) => readFile(folder, name, offset, maxBytes)),
    write: async (path, bytes, { root, maxBytes = MAX_BYTES, create = false } = {}) => {
      if (Buffer.byteLength(bytes) > maxBytes) throw tooLarge(maxBytes);
      await within({ path, mode: 'write', root, create: true }, (folder, name) =>
        writeFile(folder, name, bytes, create),
      );
    },
    // The folder is entered as the parent of a name that is not used; '' is the root, as '.' is.
    list: (path, { root, maxEntries = MAX_ENTRIES } = {}) =>
      within({ path: `${path || '.'}/-`, mode: 'read', root }, (folder, _name, parts) =>
        readEntries(folder, parts.slice(0, -1), maxEntries),
      ),
    remove: (path, { root } = {}) =>
      within({ path, mode: 'write', root }, async (folder, name) => {
        await existing(folder, name);
        await unlink(folder.at(name)).catch((error: unknown) => {
          throw explain(error, name);
        });
      }),
  };
}

async function existing(folder: OpenFolder, name: string): Promise<FileFacts> {
  const facts = await factsAt(folder, name);
  if (facts === undefined) throw new ClawError('not-found', `${JSON.stringify(name)} does not exist`);
  const reason = refuseFacts(facts, name);
  if (reason !== undefined) throw refused(reason);
  return facts;
}

async function readFile(folder: OpenFolder, name: string, offset: number, maxBytes: number): Promise<FileContent> {
  await existing(folder, name);
  await using handle = await openFile(folder, name, constants.O_RDONLY);
  const { size } = await handle.stat();
  return { bytes: await readUpTo(handle, offset, Math.min(maxBytes, Math.max(0, size - offset))), size };
}

async function readUpTo(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Writes beside and renames over: a reader sees the old bytes or the new, and a link at the name is replaced, never followed. */
async function writeFile(folder: OpenFolder, name: string, bytes: string | Uint8Array, create: boolean): Promise<void> {
  const before = await factsAt(folder, name);
  if (before !== undefined && create) throw new ClawError('conflict', `${JSON.stringify(name)} exists already`);
  const reason = before && refuseFacts(before, name);
  if (reason !== undefined) throw refused(reason);
  const draft = `.claw-${randomUUID()}.tmp`;
  const mode = before === undefined ? 0o600 : before.mode & 0o777;
  try {
    await using handle = await openFile(folder, draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    await handle.writeFile(bytes);
    await handle.sync();
    // A second name fails when the first exists, a rename does not.
    if (create) await link(folder.at(draft), folder.at(name));
    else await rename(folder.at(draft), folder.at(name));
  } catch (error) {
    await discard(folder.at(draft));
    throw explain(error, name);
  }
  if (create) await discard(folder.at(draft));
}

async function discard(draft: string): Promise<void> {
  await unlink(draft).catch((error: unknown) => {
    if ((toError(error) as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}

async function readEntries(folder: OpenFolder, parts: readonly string[], maxEntries: number): Promise<Listing> {
  const names = await readdir(folder.at('.'));
  const open = names.filter((name) => refuseNames([...parts, name], 'read') === undefined).toSorted();
  const entries = await Promise.all(
    open.slice(0, maxEntries).map(async (name): Promise<ListedFile[]> => {
      const facts = await factsAt(folder, name);
      return facts === undefined ? [] : [{ name, kind: facts.kind, size: facts.size, modifiedAt: facts.modifiedAt }];
    }),
  );
  return { entries: entries.flat(), truncated: open.length > maxEntries };
}

function refused(reason: string): ClawError {
  return new ClawError('sandbox-refused', reason, { hint: 'Name a plain file inside the granted folder.' });
}

function tooLarge(maxBytes: number): ClawError {
  return new ClawError('limit-reached', `the content is larger than ${maxBytes} bytes`, {
    hint: 'Write a shorter file.',
  });
}
