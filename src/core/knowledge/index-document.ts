/** Owns the writing of a document: only chunks that changed are indexed anew. Long ones go in several transactions; one that was cut off is marked, found as far as it got, and goes on when it is added again. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { DocumentRow } from '../store/knowledge-documents.ts';
import type { ChunkRow, NewChunk } from '../store/knowledge-table.ts';
import type { Store, Tables } from '../store/store.ts';
import { chunkDocument } from './chunk-document.ts';
import type { ReadDocument } from './document.ts';

export interface DocumentIdentity {
  /** Its owner, who adds it. */
  readonly by: Doer;
  readonly source: string;
  /** Given by the caller; else one is made. */
  readonly id?: string;
  readonly title: string;
  readonly provenance: DocumentRow['provenance'];
  /** SHA-256 of the content in hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly stamp: string | null;
}

export interface Indexed {
  readonly id: string;
  readonly outcome: 'added' | 'updated';
  readonly chunks: number;
  /** Chunks that were written; the rest was there already. */
  readonly written: number;
}

/** Chunks a transaction writes at most, so that other writers get their turn. */
const CHUNKS_AT_ONCE = 500;

interface Deps {
  readonly store: Store;
  readonly clock: Clock;
}

interface Item {
  readonly identity: DocumentIdentity;
  readonly document: ReadDocument;
}

export interface WriteControl {
  /** A new document that is only partly written when it aborts is taken back; an update is finished. */
  readonly signal?: AbortSignal;
  readonly onWritten?: (passages: number, of: number) => void;
}

/** Writes one document. Throws `cancelled`. */
export async function indexDocument(
  deps: Deps,
  identity: DocumentIdentity,
  document: ReadDocument,
  control: WriteControl = {},
): Promise<Indexed> {
  const [done] = await indexDocuments(deps, [{ identity, document }], control);
  if (done === undefined) throw new Error('a document that was given was not written');
  return done;
}

/** Writes documents of one owner, the first chunks of all in one transaction, with one row of the audit trail. */
export async function indexDocuments(
  deps: Deps,
  items: readonly Item[],
  control: WriteControl = {},
): Promise<Indexed[]> {
  const { store, clock } = deps;
  if (items.length === 0) return [];
  const begun = await store.transaction(async (tables) => {
    const all: Begun[] = [];
    // Together: the index writes what it holds back each time another table is written to.
    const unwritten: Unwritten[] = [];
    for (const item of items) all.push(await begin(tables, clock, item, unwritten));
    await write(tables, unwritten);
    await record(tables, clock, items, all);
    return all;
  });
  for (const [at, each] of begun.entries()) await writeRest(deps, each, items[at]?.identity, control);
  return begun.map(({ row, isNew, wanted, missing }) => ({
    id: row.id,
    outcome: isNew ? 'added' : 'updated',
    chunks: wanted,
    written: missing.length,
  }));
}

async function writeRest(
  deps: Deps,
  { row, missing, isNew }: Begun,
  identity: DocumentIdentity | undefined,
  { signal, onWritten }: WriteControl,
): Promise<void> {
  if (missing.length <= CHUNKS_AT_ONCE) return;
  const { store } = deps;
  for (let at = CHUNKS_AT_ONCE; at < missing.length; at += CHUNKS_AT_ONCE) {
    onWritten?.(at, missing.length);
    // The store's promises never wait: without this, nothing else runs before the last passage, a stop least of all.
    await setImmediate();
    if (signal?.aborted === true && isNew && identity !== undefined) {
      await removeDocument(deps, identity.by, { ...row, source: identity.source });
      throw new ClawError('cancelled', 'Stopped; what was written of the document was taken back.');
    }
    await store.transaction((tables) => write(tables, ofDocument(row, missing.slice(at, at + CHUNKS_AT_ONCE))));
  }
  await store.transaction((tables) => tables.knowledge.updateDocument(row.seq, { state: 'ready' }));
}

/** One document is told by its id and where it came from, many by their number. */
async function record({ audit }: Tables, clock: Clock, items: readonly Item[], begun: readonly Begun[]): Promise<void> {
  const [item] = items;
  const [first] = begun;
  if (item === undefined || first === undefined) return;
  const { by, source } = item.identity;
  const entry = { at: clock.now(), by: doneBy(by) };
  const added = begun.filter(({ isNew }) => isNew).length;
  if (begun.length === 1) {
    const action = first.isNew ? 'knowledge.add' : 'knowledge.update';
    await audit.append({ ...entry, action, target: first.row.id, detail: { source, passages: first.wanted } });
  } else await audit.append({ ...entry, action: 'knowledge.add', detail: { added, updated: begun.length - added } });
}

interface Begun {
  readonly row: Target;
  readonly isNew: boolean;
  /** How many chunks the document has. */
  readonly wanted: number;
  readonly missing: readonly Wanted[];
}

type Wanted = Omit<NewChunk, 'document_seq' | 'seq'>;
type Target = Pick<DocumentRow, 'seq' | 'id' | 'title' | 'owner_id'>;

interface Unwritten {
  readonly document: Target;
  readonly chunk: Wanted;
}

function chunkRows({ by, title }: DocumentIdentity, { blocks }: ReadDocument): Wanted[] {
  return chunkDocument(blocks).map((chunk, position) => ({
    ...chunk,
    owner_id: by.id,
    position,
    hash: sha256(`${title}\n${chunk.heading}\n${chunk.text}`),
  }));
}

/** The document's row, what is no longer wanted removed, and the first chunks, which are left to be written. */
async function begin(tables: Tables, clock: Clock, item: Item, unwritten: Unwritten[]): Promise<Begun> {
  const { knowledge } = tables;
  const { source, title, provenance, hash, bytes, stamp, by, ...identity } = item.identity;
  const ownerId = by.id;
  const wanted = chunkRows(item.identity, item.document);
  const now = clock.now();
  const found = await knowledge.bySource(ownerId, source);
  // What it had may be from earlier in this transaction.
  if (found !== undefined) await write(tables, unwritten.splice(0));
  const missing = found === undefined ? wanted : await dropOld(tables, await knowledge.chunksOf(found.seq), wanted);
  const state = missing.length > CHUNKS_AT_ONCE ? ('indexing' as const) : ('ready' as const);
  const set = { title, kind: item.document.kind, provenance, hash, bytes, stamp, state, updated_at: now };
  const id = found?.id ?? identity.id ?? newId(now);
  let seq = found?.seq;
  if (seq === undefined)
    seq = await knowledge.insertDocument({ ...set, id, owner_id: ownerId, source, created_at: now });
  else await knowledge.updateDocument(seq, set);
  const row = { seq, id, title, owner_id: ownerId };
  unwritten.push(...ofDocument(row, missing.slice(0, CHUNKS_AT_ONCE)));
  return { row, isNew: found === undefined, wanted: wanted.length, missing };
}

/** Removes chunks that are not wanted any more, moves those that are, and returns those that are missing. */
async function dropOld({ knowledge }: Tables, old: readonly ChunkRow[], wanted: readonly Wanted[]): Promise<Wanted[]> {
  const byHash = new Map<string, ChunkRow[]>();
  for (const chunk of old) byHash.set(chunk.hash, [...(byHash.get(chunk.hash) ?? []), chunk]);
  const missing: Wanted[] = [];
  for (const chunk of wanted) {
    const same = byHash.get(chunk.hash)?.shift();
    if (same === undefined) missing.push(chunk);
    else if (same.position !== chunk.position || same.section !== chunk.section || same.place !== chunk.place)
      await knowledge.moveChunk(same.seq, { position: chunk.position, section: chunk.section, place: chunk.place });
  }
  await removeChunks(
    { knowledge },
    [...byHash.values()].flat().map(({ seq }) => seq),
  );
  return missing;
}

/** Takes chunks out of the index and the store. */
async function removeChunks({ knowledge }: Pick<Tables, 'knowledge'>, seqs: readonly number[]): Promise<void> {
  await knowledge.index.remove(seqs);
  await knowledge.deleteChunks(seqs);
}

/** Takes a document out with everything that belongs to it. */
export async function removeDocument(
  { store, clock }: Deps,
  by: Doer,
  row: Pick<DocumentRow, 'seq' | 'id' | 'source'>,
): Promise<void> {
  await store.transaction(async (tables) => {
    const chunks = await tables.knowledge.chunksOf(row.seq);
    await removeChunks(
      tables,
      chunks.map(({ seq }) => seq),
    );
    await tables.knowledge.deleteDocument(row.seq);
    const entry = { at: clock.now(), by: doneBy(by), action: 'knowledge.remove', target: row.id };
    await tables.audit.append({ ...entry, detail: { source: row.source, passages: chunks.length } });
  });
}

const ofDocument = (document: Target, chunks: readonly Wanted[]): Unwritten[] =>
  chunks.map((chunk) => ({ document, chunk }));

/** Writes chunks of one owner, and indexes them. */
async function write({ knowledge }: Tables, unwritten: readonly Unwritten[]): Promise<void> {
  const [first] = unwritten;
  if (first === undefined) return;
  const seqs = await knowledge.insertChunks(
    unwritten.map(({ document, chunk }) => ({ ...chunk, document_seq: document.seq })),
  );
  const texts = unwritten.map(({ document: { title }, chunk: { heading, text } }, at) => ({
    seq: seqs[at] ?? 0,
    title: `${title} ${heading}`,
    text,
  }));
  await knowledge.index.insert(first.document.owner_id, texts);
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
