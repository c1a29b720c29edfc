/** Owns styled lines: spans of text with a style, wrapped to a width by words and graphemes, and written as ANSI. Nothing else builds escape sequences. */
import { graphemes, graphemeWidth, textWidth } from '../core/kernel/text-width.ts';

export type Style =
  | 'accent'
  | 'bold'
  | 'italic'
  | 'dim'
  | 'strike'
  | 'underline'
  | 'heading'
  | 'code'
  | 'link'
  | 'ok'
  | 'warning'
  | 'error'
  | 'keyword'
  | 'string'
  | 'number'
  | 'comment';

export interface Span {
  readonly text: string;
  readonly styles: readonly Style[];
}

export type Line = readonly Span[];

/** SGR parameters (ECMA-48 8.3.117); the sixteen basic colours follow the user's own theme. */
const SGR: Readonly<Record<Style, string>> = {
  accent: '36',
  bold: '1',
  italic: '3',
  dim: '2',
  strike: '9',
  underline: '4',
  heading: '1;36',
  code: '33',
  link: '4;34',
  ok: '32',
  warning: '33',
  error: '31',
  keyword: '35',
  string: '32',
  number: '33',
  comment: '2',
};

/** One span. */
export function span(text: string, ...styles: Style[]): Span {
  return { text, styles };
}

/** `line` for a terminal; plain text when it shows no colours. */
export function toAnsi(line: Line, colors: boolean): string {
  return line
    .map(({ text, styles }) => {
      if (!colors || styles.length === 0 || text === '') return text;
      return `\x1b[${styles.map((style) => SGR[style]).join(';')}m${text}\x1b[0m`;
    })
    .join('');
}

/** Columns of `line`. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** The text of `line` without its styles. */
export function plainText(line: Line): string {
  return line.map(({ text }) => text).join('');
}

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly styles: readonly Style[];
}

/**
 * Wraps `line` to at most `width` columns (at least 1): at spaces, between the characters of scripts that are written
 * without them (Chinese, Japanese), and inside a word, a Korean one too, only when it is longer than a line.
 */
export function wrap(line: Line, width: number): Line[] {
  const room = Math.max(1, width);
  if (lineWidth(line) <= room) return [line];
  const lines: Line[] = [];
  let cells: Cell[] = [];
  let used = 0;
  const breakAt = (at: number): void => {
    lines.push(spansOf(trimEnd(cells.slice(0, at))));
    cells = cells.slice(at);
    used = cells.reduce((sum, { width: columns }) => sum + columns, 0);
  };
  for (const cell of cellsOf(line)) {
    if (used + cell.width > room && cells.length > 0) {
      breakAt(breakPoint(cells, cell.text));
      // Two wide characters may need two breaks where one column is left.
      if (used + cell.width > room && cells.length > 0) breakAt(cells.length);
    }
    // The space that became a break is not drawn; the first line keeps its indent.
    if (cells.length === 0 && lines.length > 0 && cell.text === ' ') continue;
    cells.push(cell);
    used += cell.width;
  }
  if (cells.length > 0 || lines.length === 0) lines.push(spansOf(cells));
  return lines;
}

/** Cuts `line` every `width` columns and drops nothing: for code, where spaces count. */
export function cut(line: Line, width: number): Line[] {
  const room = Math.max(1, width);
  if (lineWidth(line) <= room) return [line];
  const lines: Cell[][] = [[]];
  let used = 0;
  for (const cell of cellsOf(line)) {
    if (used + cell.width > room && used > 0) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(cell);
    used += cell.width;
  }
  return lines.map(spansOf);
}

/** Where to break a full line before `next`: at a space, or beside a character that stands by itself; no line begins with a closing mark. */
function breakPoint(cells: readonly Cell[], next: string): number {
  if (CLOSING.test(next) && cells.length > 1) return cells.length - 1;
  if (next === ' ' || IDEOGRAPH.test(next)) return cells.length;
  for (let at = cells.length; at > 0; at--) {
    const text = cells[at - 1]?.text ?? '';
    if (text === ' ') return cells.slice(0, at).every((cell) => cell.text === ' ') ? cells.length : at;
    if (IDEOGRAPH.test(text)) return at;
  }
  return cells.length;
}

/** Marks that close what stands before them. */
const CLOSING = /[、。，．：；！？」』）】〉》〕]/u;

/** Han, Kana and full-width punctuation; Hangul words keep together. */
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

function cellsOf(line: Line): Cell[] {
  return line.flatMap(({ text, styles }) =>
    graphemes(text.replaceAll('\t', '  ')).map((grapheme) => ({
      text: grapheme,
      width: graphemeWidth(grapheme),
      styles,
    })),
  );
}

function trimEnd(cells: Cell[]): Cell[] {
  let end = cells.length;
  while (end > 0 && cells[end - 1]?.text === ' ') end--;
  return cells.slice(0, end);
}

function spansOf(cells: readonly Cell[]): Line {
  const spans: { text: string; styles: readonly Style[] }[] = [];
  for (const cell of cells) {
    const last = spans.at(-1);
    if (last !== undefined && last.styles === cell.styles) last.text += cell.text;
    else spans.push({ text: cell.text, styles: cell.styles });
  }
  return spans;
}

/** Wraps and puts `first` before the first line and `rest` (or as many spaces) before the others. */
export function wrapWithPrefix(line: Line, width: number, first: Line, rest?: Line): Line[] {
  const indent = lineWidth(first);
  const after = rest ?? [span(' '.repeat(indent))];
  return wrap(line, width - indent).map((part, index) => [...(index === 0 ? first : after), ...part]);
}

/** `line` filled with spaces to `width` columns, by alignment. */
export function pad(line: Line, width: number, align: 'left' | 'center' | 'right' | null): Line {
  const missing = Math.max(0, width - lineWidth(line));
  const left = align === 'right' ? missing : align === 'center' ? Math.floor(missing / 2) : 0;
  return [span(' '.repeat(left)), ...line, span(' '.repeat(missing - left))];
}
