/** Owns how documents and passages look: rows for --json, text for people. */
import type { Hit } from '../core/knowledge/search-knowledge.ts';
import type { Knowledge, ListedDocument } from '../core/knowledge/knowledge-service.ts';
import { count } from './knowledge-input.ts';

export function hitText({ id, title, text, place, score }: Hit): string {
  const name = title === '' ? id : title;
  return `${name}, ${place} (${id}, ${score.toFixed(2)})\n${text.replaceAll(/^/gm, '  ')}`;
}

/** A document as commands and the API print it. */
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

type Shown = Awaited<ReturnType<Knowledge['show']>>;

export function shownRow({ document, chunks }: Shown) {
  const passages = chunks.map(({ place, heading, text }) => ({ place, heading, text }));
  return { ...documentRow({ ...document, chunks: chunks.length }), passages };
}

export function shownText({ document, chunks }: Shown): string {
  const head = `${document.title || document.id}\n${document.source}, ${document.kind}, ${count(chunks.length, 'passage')}`;
  return [head, ...chunks.map(({ place, text }) => `[${place}]\n${text}`)].join('\n\n');
}
