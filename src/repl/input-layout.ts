/** Owns where typed text stands on the screen: rows of at most the given columns, and the cell of the cursor. */
import { pasteLabel, type Editor } from './input-editor.ts';
import { span, type Line, type Span } from './styled-text.ts';
import { graphemes, graphemeWidth, textWidth } from '../core/kernel/text-width.ts';

export interface InputLayout {
  readonly lines: readonly Line[];
  /** Row and column of the cursor, from 0. */
  readonly row: number;
  readonly column: number;
}

/** Lays `editor` out in `width` columns and at most `height` rows; with more, the rows around the cursor. */
export function layoutInput(editor: Editor, width: number, height: number): InputLayout {
  const room = Math.max(2, width);
  const rows: Span[][] = [[]];
  let used = 0;
  let at = 0;
  let cursor = { row: 0, column: 0 };
  const nextRow = (): void => {
    rows.push([]);
    used = 0;
  };
  for (const grapheme of graphemes(editor.text)) {
    const label = pasteLabel(editor, grapheme);
    const columns =
      grapheme === '\n' ? 0 : label === undefined ? graphemeWidth(grapheme) : Math.min(room, textWidth(label));
    if (used + columns > room) nextRow();
    if (at === editor.cursor) cursor = { row: rows.length - 1, column: used };
    at += grapheme.length;
    if (grapheme === '\n') {
      nextRow();
      continue;
    }
    push(rows, label === undefined ? span(visible(grapheme)) : span(label.slice(0, room), 'accent'));
    used += columns;
  }
  if (at === editor.cursor) {
    // The cursor needs a cell of its own after a full row.
    if (used >= room) nextRow();
    cursor = { row: rows.length - 1, column: used };
  }
  const first = Math.max(0, Math.min(cursor.row - height + 1, rows.length - height));
  return { lines: rows.slice(first, first + height), row: cursor.row - first, column: cursor.column };
}

function push(rows: Span[][], next: Span): void {
  const row = rows.at(-1);
  const last = row?.at(-1);
  if (row === undefined) return;
  if (last !== undefined && last.styles.length === 0 && next.styles.length === 0)
    row[row.length - 1] = span(last.text + next.text);
  else row.push(next);
}

/** Direction marks in typed text are shown, not obeyed. */
function visible(grapheme: string): string {
  return grapheme.replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}
