/** Owns how documents and passages look: rows for --json, text for people. */
import type { Hit } from '../core/knowledge/search-knowledge.ts';
import type { Knowledge } from '../core/knowledge/knowledge-service.ts';
import { count } from './knowledge-input.ts';

export function hitText({ id, title, text, place, score }: Hit): string {
  const name = title === '' ? id : title;
  return `${name}, ${place} (${id}, ${score.toFixed(2)})\n${text.replaceAll(/^/gm, '  ')}`;
}

type Shown = Awaited<ReturnType<Knowledge['show']>>;

export function shownText({ document, chunks }: Shown): string {
  const head = `${document.title || document.id}\n${document.source}, ${document.kind}, ${count(chunks.length, 'passage')}`;
  return [head, ...chunks.map(({ place, text }) => `[${place}]\n${text}`)].join('\n\n');
}
