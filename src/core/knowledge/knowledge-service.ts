/** Owns what one can do with knowledge, for every surface. All of it is about the documents of one owner, who is also the one that changes them; nobody sees another's. */
import { isAbsolute, resolve } from 'node:path';
import { ClawError, toError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { DocumentPage, DocumentRow } from '../store/knowledge-documents.ts';
import type { ChunkRow, FolderRow } from '../store/knowledge-table.ts';
import { addFile, addFileIn, type Added, type AddDeps, addText, addUrl, type AddOptions } from './add-document.ts';
import { addFolder, type FolderOptions, type FolderResult } from './add-folder.ts';
import { addLines, type LinesOptions, type LinesResult } from './add-lines.ts';
import { checkIndex, type IndexCheck, rebuildIndex } from './check-index.ts';
import { removeDocument } from './index-document.ts';
import { embedChunks, type EmbedOptions, type EmbedResult } from './embed-chunks.ts';
import { type Meaning, searchHybrid, type SearchOptions } from './search-hybrid.ts';
import { type Hit, searchKnowledge } from './search-knowledge.ts';

export interface ListedDocument extends DocumentRow {
  /** How many passages it was cut into. */
  readonly chunks: number;
}

/** What the search by meaning is made of. */
export interface Meanings extends Meaning {
  /** Taken by the one process that makes vectors; undefined when another has it. */
  readonly hold: () => { release(): void } | undefined;
}

export interface KnowledgeDeps extends AddDeps {
  /** Undefined: there is no embedding model, only words are looked for. Throws when it cannot be used. */
  readonly meanings: (() => Promise<Meanings>) | undefined;
}

export interface KnowledgeStats {
  readonly documents: number;
  readonly chunks: number;
  /** Of the documents as they were read. */
  readonly bytes: number;
}

export interface Knowledge {
  addText(by: Doer, text: Parameters<typeof addText>[2]): Promise<Added>;
  /** An absolute path. */
  addFile(by: Doer, path: string, options?: AddOptions): Promise<Added>;
  /** A path below a folder that is open already. */
  addFileIn(by: Doer, place: Parameters<typeof addFileIn>[2], path: string, options?: AddOptions): Promise<Added>;
  addUrl(by: Doer, url: string, options?: AddOptions): Promise<Added>;
  /** With `watch`, the server keeps it in step from now on. */
  addFolder(by: Doer, path: string, options?: FolderOptions & { watch?: boolean }): Promise<FolderResult>;
  addLines(by: Doer, lines: AsyncIterable<string>, options?: LinesOptions): Promise<LinesResult>;
  list(ownerId: string, page: DocumentPage): Promise<ListedDocument[]>;
  /** How many documents there are of each kind. */
  kinds(ownerId: string): Promise<{ kind: string; documents: number }[]>;
  /** The most that is read of one document, in bytes. */
  readonly maxBytes: number;
  /** Throws `not-found`. */
  show(ownerId: string, idOrSource: string): Promise<{ document: DocumentRow; chunks: ChunkRow[] }>;
  search(ownerId: string, question: string, limit: number, options?: SearchOptions): Promise<Hit[]>;
  /** Why a search found nothing, as a sentence. */
  explainNothing(ownerId: string, question: string): Promise<string>;
  /** Removes a document, or a folder with all that came from it. Throws `not-found`. */
  remove(by: Doer, idOrSource: string): Promise<number>;
  /** `vectors`: how many passages have one of the present embedding model; null without one. */
  stats(ownerId: string): Promise<KnowledgeStats & { folders: number; vectors: number | null }>;
  /** Gives passages without a vector one. Undefined without an embedding model. Throws what it fails with; what was made stays. */
  embed(options: EmbedOptions & { retryRefused?: boolean }): Promise<EmbedResult | undefined>;
  folders(ownerId?: string): Promise<FolderRow[]>;
  /** Brings one watched folder up to date. */
  syncFolder(folder: FolderRow, options?: FolderOptions): Promise<FolderResult>;
  check(): Promise<IndexCheck>;
  rebuild(by: Doer, options?: { onProgress?: (done: number) => void }): Promise<number>;
}

export function createKnowledge(deps: KnowledgeDeps): Knowledge {
  const { store, clock } = deps;
  const table = store.knowledge;
  return {
    addText: (...args) => addText(deps, ...args),
    addFile: (...args) => addFile(deps, ...args),
    addFileIn: (...args) => addFileIn(deps, ...args),
    addUrl: (...args) => addUrl(deps, ...args),
    async addFolder(by, path, options = {}) {
      const full = resolve(path);
      if (options.watch === true) await watch(deps, by, full);
      return addFolder(deps, by, full, options);
    },
    addLines: (by, lines, options) => addLines({ ...deps, maxBytes: deps.outside.maxBytes }, by, lines, options),
    list: async (ownerId, page) =>
      (await table.list(ownerId, page)).map((row) => ({ ...row, chunks: row.chunks ?? 0 })),
    kinds: (ownerId) => table.kinds(ownerId),
    maxBytes: deps.outside.maxBytes,
    async show(ownerId, idOrSource) {
      const document = await find(deps, ownerId, idOrSource);
      return { document, chunks: await table.chunksOf(document.seq) };
    },
    search: (...args) => search(deps, ...args),
    explainNothing: async (ownerId, question) => explain(await statsOf(deps, ownerId), question),
    remove: (by, idOrSource) => remove(deps, by, idOrSource),
    async stats(ownerId) {
      const meanings = await deps.meanings?.().catch(() => undefined);
      const space = meanings?.embedder.space;
      return {
        ...(await statsOf(deps, ownerId)),
        folders: (await table.folders(ownerId)).length,
        vectors: space === undefined ? null : await table.vectors.vectorCount(ownerId, space),
      };
    },
    embed: (options) => embed(deps, options),
    folders: (ownerId) => table.folders(ownerId),
    async syncFolder(folder, options) {
      const by = { id: folder.owner_id, via: 'folder', from: folder.path };
      const result = await addFolder(deps, by, folder.path, options);
      await table.checkedFolder(folder.id, clock.now());
      return result;
    },
    check: () => checkIndex(store),
    rebuild: (by, options) => rebuildIndex(deps, by, options),
  };
}

async function search(
  { store, meanings }: KnowledgeDeps,
  ownerId: string,
  question: string,
  limit: number,
  options: SearchOptions = {},
): Promise<Hit[]> {
  const meaning = await meanings?.().catch((error: unknown) => {
    options.onNote?.(`Only words were looked for, not their meaning: ${toError(error).message}`);
    return undefined;
  });
  if (meaning === undefined) return searchKnowledge(store.knowledge, ownerId, question, limit);
  return searchHybrid(store.knowledge, meaning, { ownerId, question, limit }, options);
}

async function embed(
  { store, meanings }: KnowledgeDeps,
  { retryRefused = false, ...options }: EmbedOptions & { retryRefused?: boolean },
): Promise<EmbedResult | undefined> {
  const meaning = await meanings?.();
  if (meaning === undefined) return undefined;
  const lock = meaning.hold();
  if (lock === undefined) return { embedded: 0, refused: 0, problems: ['Another process of this home makes vectors.'] };
  try {
    if (retryRefused) await store.knowledge.vectors.retryVectors();
    return await embedChunks({ store, embedder: meaning.embedder }, options);
  } finally {
    lock.release();
  }
}

async function find({ store }: AddDeps, ownerId: string, idOrSource: string): Promise<DocumentRow> {
  const table = store.knowledge;
  const found =
    (await table.byId(ownerId, idOrSource)) ??
    (await table.bySource(ownerId, idOrSource)) ??
    (await table.bySource(ownerId, `file:${resolve(idOrSource)}`));
  if (found !== undefined) return found;
  throw new ClawError('not-found', phrase('noDocument', JSON.stringify(idOrSource)), {
    hint: 'claw knowledge list',
  });
}

async function watch({ store, clock }: AddDeps, by: Doer, path: string): Promise<void> {
  const now = clock.now();
  await store.transaction(async ({ knowledge, audit }) => {
    const row = { id: newId(now), owner_id: by.id, path, created_at: now, checked_at: null };
    if (!(await knowledge.putFolder(row))) return;
    await audit.append({ at: now, by: doneBy(by), action: 'knowledge.watch', target: path });
  });
}

async function unwatch({ store, clock }: AddDeps, by: Doer, path: string): Promise<boolean> {
  return store.transaction(async ({ knowledge, audit }) => {
    const wasWatched = await knowledge.deleteFolder(by.id, path);
    if (wasWatched) await audit.append({ at: clock.now(), by: doneBy(by), action: 'knowledge.unwatch', target: path });
    return wasWatched;
  });
}

async function remove(deps: AddDeps, by: Doer, idOrSource: string): Promise<number> {
  const table = deps.store.knowledge;
  const folder = isAbsolute(idOrSource) || idOrSource.includes('/') ? resolve(idOrSource) : undefined;
  if (folder !== undefined) {
    const wasWatched = await unwatch(deps, by, folder);
    const below = await table.under(by.id, `file:${folder}/`);
    for (const row of below) await removeDocument(deps, by, row);
    if (wasWatched || below.length > 0) return below.length;
  }
  await removeDocument(deps, by, await find(deps, by.id, idOrSource));
  return 1;
}

async function statsOf({ store }: AddDeps, ownerId: string): Promise<KnowledgeStats> {
  const { knowledge } = store;
  return { ...(await knowledge.documentStats(ownerId)), chunks: await knowledge.chunkCount(ownerId) };
}

function explain({ documents, chunks }: KnowledgeStats, question: string): string {
  if (question.trim() === '') return 'Nothing was asked.';
  if (documents === 0) return 'There are no documents yet. Add some with `claw knowledge add FILE`.';
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(question))
    return 'There is no word in what was asked: only letters, digits and emoji are looked for.';
  return `None of these words is in your ${documents} documents (${chunks} passages).`;
}
