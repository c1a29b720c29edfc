/** Owns tables in a terminal: columns as wide as they need, narrowed until the table fits, and a list of records where no table fits. */
import type { Token, Tokens } from 'marked';
import { lineWidth, pad, span, wrap, wrapWithPrefix, type Line, type Span } from './styled-text.ts';

/** Columns a cell keeps when the table is narrowed; with less, records read better. */
const MIN_COLUMN = 8;
const GAP = 3;

/** A table as lines of at most `width` columns; `inline` draws a cell's text. */
export function renderTable(table: Tokens.Table, width: number, inline: (tokens: readonly Token[]) => Span[]): Line[] {
  const header = table.header.map((cell) => inline(cell.tokens));
  const rows = table.rows.map((row) => row.map((cell) => inline(cell.tokens)));
  const widths = columnWidths([header, ...rows], width);
  if (widths === undefined) return renderRecords(header, rows, width);
  const drawRow = (cells: readonly Line[]): Line[] => drawCells(cells, widths, table.align);
  const bold = header.map((cell) => cell.map(({ text, styles }): Span => ({ text, styles: ['bold', ...styles] })));
  const rule: Line = [span(widths.map((columns) => '─'.repeat(columns)).join('─┼─'), 'dim')];
  return [...drawRow(bold), rule, ...rows.flatMap(drawRow)];
}

/** A width per column, together at most `width`; undefined when that leaves too little to read. */
function columnWidths(rows: readonly (readonly Line[])[], width: number): number[] | undefined {
  const count = rows[0]?.length ?? 0;
  const room = width - GAP * (count - 1);
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...rows.map((row) => lineWidth(row[column] ?? []))),
  );
  if (room < widths.reduce((sum, columns) => sum + Math.min(columns, MIN_COLUMN), 0)) return undefined;
  // The widest column gives way first.
  let excess = widths.reduce((sum, columns) => sum + columns, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    const at = widths.indexOf(widest);
    const next = Math.max(MIN_COLUMN, ...widths.filter((columns) => columns < widest));
    const step = Math.min(excess, Math.max(1, widest - next));
    widths[at] = widest - step;
    excess -= step;
  }
  return widths;
}

function drawCells(cells: readonly Line[], widths: readonly number[], align: Tokens.Table['align']): Line[] {
  const wrapped = widths.map((columns, column) => wrap(cells[column] ?? [], columns));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    widths.flatMap((columns, column): Line => {
      const cell = pad(wrapped[column]?.[row] ?? [], columns, align[column] ?? null);
      return column === 0 ? cell : [span(' │ ', 'dim'), ...cell];
    }),
  );
}

function renderRecords(header: readonly Line[], rows: readonly (readonly Line[])[], width: number): Line[] {
  return rows.flatMap((row, index) => {
    const lines = row.flatMap((cell, column) => {
      const name: Line = [...(header[column] ?? []).map(({ text }) => span(text, 'bold')), span(': ')];
      return lineWidth(name) < width / 2
        ? wrapWithPrefix(cell, width, name, [span('  ')])
        : [...wrap(name, width), ...wrap(cell, width)];
    });
    return index === 0 ? lines : [[], ...lines];
  });
}
