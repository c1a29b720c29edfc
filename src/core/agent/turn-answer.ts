/** Owns the answer of a turn as its rows tell it, whichever process wrote them. */
import type { Part } from '../kernel/messages.ts';
import type { MessageRow } from '../store/conversations-table.ts';
import { withoutInternal } from './visible-text.ts';

/** What the user may see of the assistant's messages of one turn, `<internal>` text taken out; empty when there is nothing to say. */
export function turnAnswer(rows: readonly MessageRow[], turnId: string): string {
  const own = rows.filter((row) => row.turn_id === turnId && row.role === 'assistant');
  return own
    .filter((row, at) => row.state === 'complete' || at === own.length - 1) // a broken answer that was begun anew is not repeated
    .map((row) => visibleText(JSON.parse(row.parts) as Part[]))
    .filter((text) => text !== '')
    .join('\n\n');
}

function visibleText(parts: readonly Part[]): string {
  return withoutInternal(parts.map((part) => (part.type === 'text' ? part.text : '')).join('')).trim();
}
