/** Owns the adding of many documents from lines of JSON, `{id, title, content}` each: small ones together in a transaction. A bad line is told and left out. */
import { z } from 'zod';
import { toError } from '../kernel/errors.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Doer } from '../store/audit-table.ts';
import type { AddDeps } from './add-document.ts';
import type { ReadDocument } from './document.ts';
import { type DocumentIdentity, indexDocuments, sha256 } from './index-document.ts';

const LINE = z.object({
  id: z.union([z.string().min(1).max(200), z.number()]).transform(String),
  title: z.string().max(1000).nullish(),
  content: z.string(),
});

export interface LinesResult {
  added: number;
  updated: number;
  unchanged: number;
  chunks: number;
  readonly failed: { readonly line: number; readonly reason: string }[];
}

export interface LinesOptions {
  readonly onProgress?: (result: LinesResult) => void;
  readonly signal?: AbortSignal;
}

/** Characters of documents that are written together. */
const BATCH_CHARS = 200_000;
const BATCH_DOCUMENTS = 400;

/** Adds each line as a document of that id; one that is there already is brought up to date. */
export async function addLines(
  deps: Pick<AddDeps, 'store' | 'clock' | 'read'> & { readonly maxBytes: number },
  by: Doer,
  lines: AsyncIterable<string> | Iterable<string>,
  { onProgress, signal }: LinesOptions = {},
): Promise<LinesResult> {
  const result: LinesResult = { added: 0, updated: 0, unchanged: 0, chunks: 0, failed: [] };
  let batch: { identity: DocumentIdentity; document: ReadDocument }[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    for (const { outcome, chunks } of await indexDocuments(deps, batch)) {
      result[outcome] += 1;
      result.chunks += chunks;
    }
    batch = [];
    size = 0;
    onProgress?.(result);
  };
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (signal?.aborted === true) break;
    if (line.trim() === '') continue;
    try {
      const item = await readLine(deps, by, line);
      if (item === undefined) result.unchanged += 1;
      else batch.push(item);
      size += item?.identity.bytes ?? 0;
    } catch (error) {
      result.failed.push({ line: number, reason: toError(error).message });
    }
    if (size > BATCH_CHARS || batch.length >= BATCH_DOCUMENTS) await flush();
  }
  await flush();
  if (signal?.aborted === true) throw new ClawError('cancelled', 'Stopped; what was added stays.');
  return result;
}

/** What a line asks to write; undefined when it is there already. Throws what is wrong with it. */
async function readLine(
  deps: Pick<AddDeps, 'store' | 'read'> & { readonly maxBytes: number },
  by: Doer,
  line: string,
): Promise<{ identity: DocumentIdentity; document: ReadDocument } | undefined> {
  const read = LINE.safeParse(parse(line));
  if (!read.success) throw new ClawError('data-invalid', 'not of the form {"id": …, "title": …, "content": …}');
  const { id, title, content } = read.data;
  if (content.length > deps.maxBytes) throw new ClawError('limit-reached', 'longer than KNOWLEDGE_MAX_FILE_MB allows');
  const source = `text:${id}`;
  const hash = sha256(content);
  const same = await deps.store.knowledge.bySource(by.id, source);
  const wantedTitle = title ?? '';
  if (same?.state === 'ready' && same.hash === hash && same.title === wantedTitle) return undefined;
  const bytes = Buffer.from(content);
  const document = await deps.read({ bytes, name: 'text.md' });
  const identity = { by, source, id, title: wantedTitle, provenance: 'user', hash, stamp: null } as const;
  return { identity: { ...identity, bytes: bytes.length }, document };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
