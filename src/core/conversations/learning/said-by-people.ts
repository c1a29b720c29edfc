/** Owns which words of a conversation are somebody's own: what they typed, without what they pasted or quoted, and nothing of files, tools, the web or claw. */
import type { Part } from '../../kernel/messages.ts';
import { normalizeText } from '../../kernel/search-text.ts';
import type { MessageRow } from '../../store/conversations-table.ts';

export interface Said {
  readonly seq: number;
  /** Milliseconds UTC. */
  readonly at: number;
  /** In a room: who said it. */
  readonly sender?: string;
  readonly text: string;
}

/** Messages of people, oldest first; those of a room that were not meant for the assistant are left out. */
export function saidByPeople(rows: readonly MessageRow[]): Said[] {
  return rows.flatMap((row) => {
    if (row.role !== 'user') return [];
    const parts = JSON.parse(row.parts) as Part[];
    const own = parts.flatMap((part) =>
      part.type === 'text' && (part.provenance === 'user' || part.provenance === 'owner') ? [part.text] : [],
    );
    return own.flatMap((text) => {
      const { sender, words } = read(normalizeText(text));
      const kept = withoutQuotes(words);
      if (kept === '') return [];
      return [{ seq: row.seq, at: row.created_at, text: kept, ...(sender === undefined ? {} : { sender }) }];
    });
  });
}

/** A message of a room is an element with its sender; see format-room-messages.ts. */
function read(text: string): { readonly sender?: string; readonly words: string } {
  const [, attributes, body] = /^<message((?: [a-z-]+="[^"]*")*)>([^<]*)<\/message>$/.exec(text) ?? [];
  if (attributes === undefined || body === undefined) return { words: text };
  if (attributes.includes(' context="true"')) return { words: '' };
  const sender = plain(/ sender="([^"]*)"/.exec(attributes)?.[1] ?? '');
  return { sender, words: plain(body) };
}

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
const plain = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);

/** Without fenced blocks, quoted lines and elements: somebody pasted them, and they need not be theirs. */
function withoutQuotes(text: string): string {
  return text
    .replaceAll(/(```|~~~)[\s\S]*?(?:\1|$)/g, '\n')
    .replaceAll(/<([a-z][\w-]*)\b[^>]*>[\s\S]*?<\/\1>/gi, '\n')
    .split('\n')
    .filter((line) => !/^\s*>/.test(line))
    .join('\n')
    .trim();
}

/** Words, for counting: runs of letters and digits. */
export function countWords(said: readonly Said[]): number {
  return said.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu)?.length ?? 0), 0);
}
