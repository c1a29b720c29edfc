/** Owns plain tables for people: columns by the widest cell, Korean and CJK counted as two. */
import { type Catalogue, ENGLISH } from '../core/kernel/language/catalogue.ts';
import { textWidth } from '../core/kernel/text-width.ts';

type Cell = string | number | boolean | null | undefined;

/** Rows of the same keys as aligned columns; the keys, in the words of `texts` or with spaces, are the header. Numbers align right. */
export function table(rows: readonly Readonly<Record<string, Cell>>[], { headings }: Catalogue = ENGLISH): string {
  const keys = Object.keys(rows[0] ?? {});
  const lines = [
    keys.map((key) => headings[key] ?? key.replaceAll('_', ' ')),
    ...rows.map((row) => keys.map((key) => String(row[key] ?? ''))),
  ];
  const widths = keys.map((_, column) => Math.max(...lines.map((line) => textWidth(line[column] ?? ''))));
  const isNumeric = keys.map((key) => rows.every((row) => typeof row[key] === 'number'));
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0, isNumeric[column] === true))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return isRight ? space + text : text + space;
}
