/** Owns keeping a folder's documents in step: new and changed files are added, files that are gone leave the base. Files that have not changed by time and size are not opened. */
import { basename, join, resolve } from 'node:path';
import { ClawError, toError } from '../kernel/errors.ts';
import type { GuardedFiles } from '../sandbox/files.ts';
import type { Doer } from '../store/audit-table.ts';
import type { DocumentRow } from '../store/knowledge-documents.ts';
import { type AddDeps, addFileBytes } from './add-document.ts';
import { removeDocument } from './index-document.ts';
import { refusalOf, tooLarge } from './read/read-bytes.ts';

export interface FolderResult {
  added: number;
  updated: number;
  unchanged: number;
  duplicate: number;
  removed: number;
  chunks: number;
  /** Files that look like documents and could not be read. */
  readonly failed: { readonly source: string; readonly reason: string }[];
}

export interface FolderOptions {
  readonly onProgress?: (result: FolderResult) => void;
  readonly signal?: AbortSignal;
}

const MAX_FILES = 20_000;
const MAX_DEPTH = 20;
/** Folders of programs, not of people. */
const LEFT_OUT = new Set(['node_modules', '__pycache__', 'venv', 'dist', 'build', 'target', 'vendor']);

/** Adds what lies in the folder and below; hidden files and files that are no documents are left out. */
export async function addFolder(
  deps: AddDeps,
  by: Doer,
  folder: string,
  { onProgress, signal }: FolderOptions = {},
): Promise<FolderResult> {
  const root = resolve(folder);
  const files = deps.outside.files(root);
  const result: FolderResult = { added: 0, updated: 0, unchanged: 0, duplicate: 0, removed: 0, chunks: 0, failed: [] };
  const known = new Map(
    (await deps.store.knowledge.under(by.id, `file:${root}/`)).map((row) => [row.source, row] as const),
  );
  const there = new Set<string>();
  for await (const file of walk(files, '.', 0)) {
    if (signal?.aborted === true) throw new ClawError('cancelled', 'Stopped; what was added stays.');
    if (there.size >= MAX_FILES) {
      result.failed.push({ source: root, reason: `more than ${MAX_FILES} files; the rest was left out` });
      break;
    }
    there.add(`file:${join(root, file.path)}`);
    await addOne(deps, by, { root, files, ...file, known }, result, signal);
    onProgress?.(result);
  }
  for (const [source, row] of known) {
    if (there.has(source) || there.size >= MAX_FILES) continue;
    await removeDocument(deps, by, row);
    result.removed += 1;
  }
  return result;
}

interface FoundFile {
  /** Below the folder. */
  readonly path: string;
  readonly size: number;
  readonly stamp: string;
}

async function addOne(
  deps: AddDeps,
  by: Doer,
  place: FoundFile & {
    readonly root: string;
    readonly files: GuardedFiles;
    readonly known: ReadonlyMap<string, DocumentRow>;
  },
  result: FolderResult,
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = join(place.root, place.path);
  const { stamp } = place;
  const before = place.known.get(`file:${path}`);
  if (before?.state === 'ready' && before.stamp === stamp) {
    result.unchanged += 1;
    return;
  }
  const { maxBytes } = deps.outside;
  try {
    if (place.size > maxBytes) throw tooLarge(place.path, place.size, maxBytes);
    const { bytes } = await place.files.read(place.path, { maxBytes });
    const { outcome, chunks } = await addFileBytes(deps, by, { path, bytes, stamp }, signal ? { signal } : {});
    if (outcome === 'unchanged' && before !== undefined)
      await deps.store.knowledge.updateDocument(before.seq, { stamp });
    result[outcome] += 1;
    result.chunks += chunks;
  } catch (error) {
    if (error instanceof ClawError && error.code === 'cancelled') throw error;
    result.failed.push({ source: path, reason: toError(error).message });
  }
}

async function* walk(files: GuardedFiles, folder: string, depth: number): AsyncGenerator<FoundFile> {
  const { entries } = await files.list(folder, { maxEntries: MAX_FILES });
  for (const { name, kind, size, modifiedAt } of entries) {
    if (name.startsWith('.')) continue;
    const path = folder === '.' ? name : join(folder, name);
    if (kind === 'folder') {
      if (depth < MAX_DEPTH && !LEFT_OUT.has(name)) yield* walk(files, path, depth + 1);
    } else if (kind === 'file' && refusalOf(basename(name)) === undefined)
      yield { path, size, stamp: `${Math.round(modifiedAt)}:${size}` };
  }
}
