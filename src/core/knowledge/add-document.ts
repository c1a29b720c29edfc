/** Owns the way of one document into the base: fetched or opened, read, told apart from what is there, indexed. */
import { basename, dirname, resolve } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { GuardedFetch } from '../net/guarded-fetch.ts';
import type { GuardedFiles } from '../sandbox/files.ts';
import type { Doer } from '../store/audit-table.ts';
import type { DocumentRow } from '../store/knowledge-documents.ts';
import type { Store } from '../store/store.ts';
import type { ReadDocument } from './document.ts';
import { type DocumentIdentity, indexDocument, sha256 } from './index-document.ts';
import { type Readable, refusalOf, tooLarge } from './read/read-bytes.ts';

export interface AddDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly read: (source: Readable, signal?: AbortSignal) => Promise<ReadDocument>;
  readonly outside: Outside;
}

/** Where documents come from. */
export interface Outside {
  readonly fetch: GuardedFetch;
  /** Files of that folder, through the guarded opener. */
  readonly files: (folder: string) => GuardedFiles;
  /** The most that is read of one document, in bytes. */
  readonly maxBytes: number;
}

export interface Added {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** `duplicate`: the same content is there under `id`, from another source. */
  readonly outcome: 'added' | 'updated' | 'unchanged' | 'duplicate';
  readonly chunks: number;
}

export interface AddOptions {
  /** Instead of the document's own. */
  readonly title?: string;
  readonly signal?: AbortSignal;
  /** Told while a long document is written. */
  readonly onWritten?: (passages: number, of: number) => void;
}

const FETCH_TIMEOUT_MS = 30_000;

/** Adds a text, or the bytes of a file that was handed over. `name` tells its kind by its ending (`note.md`); `id` is the caller's, and adding it again updates. */
export async function addText(
  deps: AddDeps,
  by: Doer,
  text: AddOptions & {
    readonly content: string | Uint8Array;
    readonly name?: string;
    readonly id?: string;
    /** `user` when absent. */
    readonly provenance?: DocumentRow['provenance'];
  },
): Promise<Added> {
  const { content, name = 'text.md', provenance = 'user', ...options } = text;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (bytes.length > deps.outside.maxBytes) throw tooLarge(name, bytes.length, deps.outside.maxBytes);
  const hash = sha256(bytes);
  const source = `text:${text.id ?? hash.slice(0, 16)}`;
  return add(deps, { by, source, provenance, hash, stamp: null }, { bytes, name }, options);
}

/** Adds a file by its absolute path. Throws `sandbox-refused` for one that is protected. */
export async function addFile(deps: AddDeps, by: Doer, path: string, options: AddOptions = {}): Promise<Added> {
  const full = resolve(path);
  const refusal = refusalOf(full);
  if (refusal !== undefined) throw new ClawError('data-invalid', `${basename(full)} cannot be added: ${refusal}.`);
  const { maxBytes, files } = deps.outside;
  const { bytes, size } = await files(dirname(full)).read(basename(full), { maxBytes: maxBytes + 1 });
  if (size > maxBytes) throw tooLarge(basename(full), size, maxBytes);
  return addFileBytes(deps, by, { path: full, bytes, stamp: null }, options);
}

/** Adds a file by its path below a folder that is open already. */
export async function addFileIn(
  deps: AddDeps,
  by: Doer,
  place: { readonly folder: string; readonly files: GuardedFiles; readonly maxBytes: number },
  path: string,
  options: AddOptions = {},
): Promise<Added> {
  const { bytes, size } = await place.files.read(path, { maxBytes: place.maxBytes });
  if (size > place.maxBytes) throw tooLarge(path, size, place.maxBytes);
  return addFileBytes(deps, by, { path: resolve(place.folder, path), bytes, stamp: null }, options);
}

export async function addFileBytes(
  deps: AddDeps,
  by: Doer,
  file: { readonly path: string; readonly bytes: Uint8Array; readonly stamp: string | null },
  options: AddOptions = {},
): Promise<Added> {
  const { path, bytes, stamp } = file;
  const identity = { by, source: `file:${path}`, provenance: 'file' as const, hash: sha256(bytes), stamp };
  return add(deps, identity, { bytes, name: path }, options);
}

/** Adds what a URL answers. Throws `upstream-failed` for an answer that is no success, `sandbox-refused` for an address that may not be reached. */
export async function addUrl(deps: AddDeps, by: Doer, url: string, options: AddOptions = {}): Promise<Added> {
  const { signal } = options;
  const answer = await deps.outside.fetch({
    url,
    timeoutMs: FETCH_TIMEOUT_MS,
    maxBytes: deps.outside.maxBytes,
    headers: { accept: 'text/html, text/markdown, text/plain, application/pdf, application/json;q=0.9, */*;q=0.5' },
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.status < 200 || answer.status > 299)
    throw new ClawError('upstream-failed', `${url} answered with status ${answer.status}.`);
  const bytes = answer.body;
  const mediaType = answer.headers['content-type'] ?? '';
  const identity = { by, source: url, provenance: 'web' as const, hash: sha256(bytes), stamp: null };
  return add(deps, identity, { bytes, name: new URL(answer.url).pathname, mediaType, url: answer.url }, options);
}

type Known = Omit<DocumentIdentity, 'title' | 'bytes' | 'id'>;

async function add(
  deps: AddDeps,
  known: Known,
  readable: Readable,
  options: AddOptions & { readonly id?: string },
): Promise<Added> {
  const { store } = deps;
  const { by, source, hash } = known;
  const same = await store.knowledge.bySource(by.id, source);
  const isSameTitle = options.title === undefined || options.title === same?.title;
  if (same?.state === 'ready' && same.hash === hash && isSameTitle) return untouched(same, 'unchanged');
  const twin = options.id === undefined ? await store.knowledge.byHash(by.id, hash) : undefined;
  if (twin !== undefined && twin.source !== source && same === undefined) return untouched(twin, 'duplicate');
  const document = await deps.read(readable, options.signal);
  if (document.blocks.length === 0)
    throw new ClawError('data-invalid', `There is no text in ${readable.name}.`, { hint: 'Nothing was added.' });
  const title = options.title ?? (document.title.trim().slice(0, 300) || (options.id ?? nameOf(source, document)));
  const { id, outcome, chunks } = await indexDocument(
    deps,
    { ...known, title, bytes: readable.bytes.length, ...(options.id === undefined ? {} : { id: options.id }) },
    document,
    options,
  );
  return { id, title, source, outcome, chunks };
}

function untouched({ id, title, source }: DocumentRow, outcome: 'unchanged' | 'duplicate'): Added {
  return { id, title, source, outcome, chunks: 0 };
}

/** File name, address, or the first words. */
function nameOf(source: string, { blocks }: ReadDocument): string {
  if (source.startsWith('file:')) return basename(source);
  if (!source.startsWith('text:')) return source;
  const [first = ''] = (blocks[0]?.text ?? '').split('\n', 1);
  return first.slice(0, 60);
}
