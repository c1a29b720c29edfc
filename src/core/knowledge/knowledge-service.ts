/** Owns what one can do with knowledge, for every surface. All of it is about the documents of one owner, who is also the one that changes them; nobody sees another's. */
import { isAbsolute, resolve } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { ChunkRow, DocumentRow, FolderRow } from '../store/knowledge-table.ts';
import { addFile, addFileIn, type Added, type AddDeps, addText, addUrl, type AddOptions } from './add-document.ts';
import { addFolder, type FolderOptions, type FolderResult, removeDocument } from './add-folder.ts';
import { addLines, type LinesOptions, type LinesResult } from './add-lines.ts';
import { checkIndex, type IndexCheck, rebuildIndex } from './check-index.ts';
import { type Hit, searchKnowledge } from './search-knowledge.ts';

export interface ListedDocument extends DocumentRow {
  /** How many passages it was cut into. */
  readonly chunks: number;
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
  list(ownerId: string, page: { limit: number; offset: number }): Promise<ListedDocument[]>;
  /** Throws `not-found`. */
  show(ownerId: string, idOrSource: string): Promise<{ document: DocumentRow; chunks: ChunkRow[] }>;
  search(ownerId: string, question: string, limit: number): Promise<Hit[]>;
  /** Why a search found nothing, as a sentence. */
  explainNothing(ownerId: string, question: string): Promise<string>;
  /** Removes a document, or a folder with all that came from it. Throws `not-found`. */
  remove(by: Doer, idOrSource: string): Promise<number>;
  stats(ownerId: string): Promise<KnowledgeStats & { folders: number }>;
  folders(ownerId?: string): Promise<FolderRow[]>;
  /** Brings one watched folder up to date. */
  syncFolder(folder: FolderRow, options?: FolderOptions): Promise<FolderResult>;
  check(): Promise<IndexCheck>;
  rebuild(by: Doer, options?: { onProgress?: (done: number) => void }): Promise<number>;
}

export function createKnowledge(deps: AddDeps): Knowledge {
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
    async show(ownerId, idOrSource) {
      const document = await find(deps, ownerId, idOrSource);
      return { document, chunks: await table.chunksOf(document.seq) };
    },
    search: (ownerId, question, limit) => searchKnowledge(table, ownerId, question, limit),
    explainNothing: async (ownerId, question) => explain(await statsOf(deps, ownerId), question),
    remove: (by, idOrSource) => remove(deps, by, idOrSource),
    async stats(ownerId) {
      return { ...(await statsOf(deps, ownerId)), folders: (await table.folders(ownerId)).length };
    },
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

async function find({ store }: AddDeps, ownerId: string, idOrSource: string): Promise<DocumentRow> {
  const table = store.knowledge;
  const found =
    (await table.byId(ownerId, idOrSource)) ??
    (await table.bySource(ownerId, idOrSource)) ??
    (await table.bySource(ownerId, `file:${resolve(idOrSource)}`));
  if (found !== undefined) return found;
  throw new ClawError('not-found', `There is no document ${JSON.stringify(idOrSource)}.`, {
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
