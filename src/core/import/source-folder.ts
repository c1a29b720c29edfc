/** Owns reading files of the folder that is imported: only regular files inside it, never through a link, each within a cap. What may not be read is told as a remark and left out; nothing is ever written. */
import { constants } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { ClawError } from '../kernel/errors.ts';
import { factsAt, inFolder, openFile, openRoot, type FileFacts, type OpenFolder } from '../sandbox/file-walk.ts';

/** Tells what was left out, and why: a path inside the folder, and a sentence. */
export type TellLeftOut = (path: string, why: string) => void;

export interface SourceEntry {
  readonly name: string;
  /** Relative to the folder that is imported. */
  readonly path: string;
  readonly kind: FileFacts['kind'];
  /** Bytes. */
  readonly size: number;
  /** Milliseconds UTC. */
  readonly modifiedAt: number;
}

/** Paths are relative, with `/`. What is not there is undefined, or no entries. */
export interface SourceFolder extends AsyncDisposable {
  /** UTF-8 text of at most `maxBytes` bytes, without a byte order mark; a larger file is left out. */
  text(path: string, maxBytes: number): Promise<string | undefined>;
  /** The files and folders of a folder by name, at most `MAX_ENTRIES`; links and devices are left out. */
  list(path: string): Promise<readonly SourceEntry[]>;
  /** What stands there, without following it. */
  facts(path: string): Promise<FileFacts | undefined>;
}

const MAX_ENTRIES = 20_000;

/** Opens the folder itself. Throws `sandbox-refused` when it is none. */
export async function openSourceFolder(folder: string, tell: TellLeftOut): Promise<SourceFolder> {
  const root = await openRoot(folder);
  /** Runs `work` in the folder that holds `path`; what the walls refuse becomes a remark, what is missing nothing. */
  const at = async <T>(
    path: string,
    work: (parent: OpenFolder, name: string) => Promise<T>,
  ): Promise<T | undefined> => {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const name = parts.pop() ?? '.';
    if (parts.includes('..') || name === '..' || path.includes('\0')) return undefined;
    try {
      return await inFolder(root, parts, false, (parent) => work(parent, name));
    } catch (error) {
      if (!(error instanceof ClawError)) throw error;
      if (error.code !== 'not-found') tell(path, error.message);
      return undefined;
    }
  };
  return {
    text: (path, maxBytes) =>
      at(path, async (parent, name) => {
        const found = await factsAt(parent, name);
        if (found === undefined) return undefined;
        await using handle = await openFile(parent, name, constants.O_RDONLY);
        const { size } = await handle.stat();
        if (size <= maxBytes) return new TextDecoder().decode(await handle.readFile());
        tell(path, `it has ${size} bytes, more than ${maxBytes}`);
        return undefined;
      }),
    async list(path) {
      const entries = await at(path === '' ? '.' : path, (parent, name) =>
        name === '.'
          ? entriesOf(parent, '', tell)
          : inFolder(parent, [name], false, (folder) => entriesOf(folder, `${path}/`, tell)),
      );
      return entries ?? [];
    },
    facts: (path) => at(path, factsAt),
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}

async function entriesOf(folder: OpenFolder, prefix: string, tell: TellLeftOut): Promise<SourceEntry[]> {
  const names = (await readdir(folder.at('.'))).toSorted();
  if (names.length > MAX_ENTRIES) tell(prefix, `it has ${names.length} entries, more than ${MAX_ENTRIES}`);
  const entries: SourceEntry[] = [];
  for (const name of names.slice(0, MAX_ENTRIES)) {
    const facts = await factsAt(folder, name);
    if (facts === undefined) continue;
    const path = `${prefix}${name}`;
    if (facts.kind === 'link') tell(path, 'it is a symbolic link, and none is followed');
    if (facts.kind === 'file' || facts.kind === 'folder') {
      entries.push({ name, path, kind: facts.kind, size: facts.size, modifiedAt: Math.floor(facts.modifiedAt) });
    }
  }
  return entries;
}
