/** Owns the syntax of `.env` files. It reads what dotenv and python-dotenv agree on, and rewrites one value byte for byte. Pure: files are read and written elsewhere. */

import { ClawError } from '../kernel/errors.ts';

/** One assignment. Offsets are bytes; the value's span includes its quotes. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly quote: Quote;
  /** Counted from 1. */
  readonly line: number;
}

type Quote = '' | "'" | '"' | '`';

/** `export NAME = ` with the byte order mark that some editors leave at the start of a file. */
const ASSIGNMENT = /^(?:\xef\xbb\xbf)?[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=([ \t]*)/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** The assignments of a file in the order they stand; of two with one name the last counts. */
export function parseEnv(bytes: Uint8Array): readonly EnvEntry[] {
  // One character a byte, so that offsets are bytes and what is no UTF-8 survives.
  const text = Buffer.from(bytes).toString('latin1');
  const entries: EnvEntry[] = [];
  let at = 0;
  for (let line = 1; at < text.length; line += 1) {
    const lineEnd = endOfLine(text, at);
    const match = ASSIGNMENT.exec(text.slice(at, lineEnd));
    let next = lineEnd;
    if (match !== null) {
      const start = at + match[0].length;
      const value = readQuoted(text, start) ?? readPlain(text, start, lineEnd, match[2]?.length ?? 0);
      entries.push({ name: match[1] ?? '', line, ...value });
      next = endOfLine(text, value.end);
    }
    line += text.slice(at, next).split('\n').length - 1;
    at = text.indexOf('\n', next) + 1 || text.length;
  }
  return entries;
}

/** The file with `name` set to `value`: only the bytes of that value change; a missing name is appended in the file's own line endings. Throws `data-invalid` when quotes left open above make that impossible. */
export function rewriteEnv(bytes: Uint8Array, name: string, value: string): Uint8Array {
  const file = Buffer.from(bytes);
  const before = parseEnv(file);
  const entry = before.findLast((each) => each.name === name);
  for (const quote of quotesFor(value, entry?.quote ?? '')) {
    const written = quoted(value, quote);
    const after = entry === undefined ? append(file, `${name}=${written}`) : splice(file, entry, written);
    // A quote that was left open further up would end at one that is written here.
    if (isOnlyChange(before, parseEnv(after), { name, value, isNew: entry === undefined })) return after;
  }
  throw new ClawError(
    'data-invalid',
    `${name} cannot be written into the .env file: a quote further up is not closed.`,
    {
      hint: 'Close the quote by hand.',
    },
  );
}

function splice(file: Buffer, entry: EnvEntry, written: string): Buffer {
  return Buffer.concat([file.subarray(0, entry.start), Buffer.from(written), file.subarray(entry.end)]);
}

function append(file: Buffer, line: string): Buffer {
  const lineEnd = file.includes('\r\n') ? '\r\n' : '\n';
  const gap = file.length === 0 || file.at(-1) === 0x0a ? '' : lineEnd;
  return Buffer.concat([file, Buffer.from(gap + line + lineEnd)]);
}

interface Change {
  readonly name: string;
  readonly value: string;
  readonly isNew: boolean;
}

function isOnlyChange(
  before: readonly EnvEntry[],
  after: readonly EnvEntry[],
  { name, value, isNew }: Change,
): boolean {
  const at = isNew ? before.length : before.findLastIndex((entry) => entry.name === name);
  const wanted = before.map((entry) => [entry.name, entry.value]);
  wanted[at] = [name, value];
  return JSON.stringify(wanted) === JSON.stringify(after.map((entry) => [entry.name, entry.value]));
}

/** End of the line that holds `at`: the offset of its CR LF or LF, or the end of the text. */
function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  if (newline === -1) return text.length;
  return newline > at && text[newline - 1] === '\r' ? newline - 1 : newline;
}

type Value = Omit<EnvEntry, 'name' | 'line'>;

/** The quoted value at `start`, over several lines if need be; undefined when there is none or more follows it than a comment. */
function readQuoted(text: string, start: number): Value | undefined {
  const quote = text[start];
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  let close = start + 1;
  while (close < text.length && text[close] !== quote) close += quote === '"' && text[close] === '\\' ? 2 : 1;
  if (close >= text.length) return undefined;
  const end = close + 1;
  if (!/^[ \t]*(?:#.*)?$/.test(text.slice(end, endOfLine(text, end)))) return undefined;
  const inside = text.slice(start + 1, close).replaceAll('\r\n', '\n');
  const plain =
    quote === '"' ? inside.replaceAll(/\\([nrt"\\])/g, (_, letter: string) => ESCAPES[letter] ?? '') : inside;
  return { value: fromBytes(plain), start, end, quote };
}

/** A value without quotes: up to the end of the line or a comment, which a blank sets off. `blanks` stand between it and the `=`. */
function readPlain(text: string, start: number, lineEnd: number, blanks: number): Value {
  const rest = text.slice(start, lineEnd);
  if (blanks > 0 && rest.startsWith('#')) {
    // An empty value before a comment: what is written here later must keep the blank that sets the comment off.
    return { value: '', start: start - blanks, end: start - blanks, quote: '' };
  }
  const comment = /[ \t]#/.exec(rest)?.index ?? rest.length;
  let length = comment;
  // Not trimEnd: a byte of a letter beyond ASCII may look like a blank.
  while (length > 0 && ' \t\r'.includes(rest[length - 1] ?? '-')) length -= 1;
  return { value: fromBytes(rest.slice(0, length)), start, end: start + length, quote: '' };
}

function fromBytes(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/** The quotes that can hold `value`, first those it had, then the plainest. */
function quotesFor(value: string, own: Quote): readonly Quote[] {
  const order: readonly Quote[] = [own, '', "'", '"'];
  return [...new Set(order)].filter((quote) => canStandIn(value, quote));
}

function quoted(value: string, quote: Quote): string {
  if (quote !== '"') return `${quote}${value}${quote}`;
  const escaped = value.replaceAll(/[\n\r\t"\\]/g, (letter) => {
    const name = Object.keys(ESCAPES).find((each) => ESCAPES[each] === letter) ?? letter;
    return `\\${name}`;
  });
  return `"${escaped}"`;
}

function canStandIn(value: string, quote: Quote): boolean {
  if (quote === '"') return true;
  if (quote === '') return !/[\s#'"`\\\0]/.test(value);
  // Other readers unescape inside single quotes, so a backslash is not left to them.
  return !value.includes(quote) && !/[\r\n\\]/.test(value);
}
