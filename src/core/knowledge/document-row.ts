/** Owns how a document looks to programs: the same row in `--json` and in the API. */
import type { ListedDocument } from './knowledge-service.ts';

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
