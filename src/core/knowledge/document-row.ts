/** Owns how a document looks to programs: the same row in `--json` and in the API. */
import type { Knowledge, ListedDocument } from './knowledge-service.ts';

export function documentRow(row: ListedDocument) {
  const { id, title, source, kind, provenance, state, bytes, chunks } = row;
  return {
    id,
    title,
    source,
    kind,
    provenance,
    state,
    bytes,
    chunks,
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}

/** A document with its passages. */
export function shownRow({ document, chunks }: Awaited<ReturnType<Knowledge['show']>>) {
  const passages = chunks.map(({ place, heading, text }) => ({ place, heading, text }));
  return { ...documentRow({ ...document, chunks: chunks.length }), passages };
}
