/** Owns the reading of plain text and code: paragraphs at blank lines, and blocks that begin at the margin. */
import type { Block, ReadDocument } from '../document.ts';

/** A paragraph ends at a blank line. */
export function readPlain(text: string): ReadDocument {
  return { title: '', kind: 'text', blocks: cut(text, 'prose', () => true) };
}

/** A block ends at a blank line before a line that is not indented. */
export function readCode(text: string): ReadDocument {
  return { title: '', kind: 'code', blocks: cut(text, 'lines', (next) => /^[^\s})\]]/.test(next)) };
}

function cut(text: string, shape: Block['shape'], endsBefore: (next: string) => boolean): Block[] {
  const lines = text.split(/\r\n?|\n/);
  const blocks: Block[] = [];
  let open: string[] = [];
  let openedAt = 1;
  const end = (): void => {
    const body = open.join('\n').trimEnd();
    if (body.trim() !== '') blocks.push({ text: body, heading: '', place: `line ${openedAt}`, shape, group: '' });
    open = [];
  };
  lines.forEach((line, index) => {
    const isBlank = line.trim() === '';
    const isAfterBlank = index > 0 && (lines[index - 1] ?? '').trim() === '';
    if (open.length > 0 && !isBlank && isAfterBlank && endsBefore(line)) end();
    if (open.length === 0 && isBlank) return;
    if (open.length === 0) openedAt = index + 1;
    open.push(line);
  });
  end();
  return blocks;
}
