/** Owns the reading of data: CSV by rows with their header (RFC 4180), JSON by paths. */
import { ClawError } from '../../kernel/errors.ts';
import type { Block, ReadDocument } from '../document.ts';
import { readPlain } from './read-plain.ts';

/** Characters of one value that are kept. */
const MAX_VALUE = 20_000;
/** Characters of a column's name, and of a path, that are repeated with each value. */
const MAX_NAME = 200;
const MAX_DEPTH = 200;
/** Characters that names and values may come to: a name is repeated with each of its values. */
const MAX_TEXT = 32_000_000;

export function readCsv(text: string): ReadDocument {
  const delimiter = chooseDelimiter(text.slice(0, text.search(/\r|\n|$/)));
  const rows = parseRows(text, delimiter).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const [header, ...body] = rows;
  if (header === undefined || body.length === 0) return { ...readPlain(text), kind: 'csv' };
  const names = header.cells.map((name) => name.trim().slice(0, MAX_NAME));
  const room = createRoom();
  const blocks = body.map(({ cells, line }) => ({
    text: room.take(
      cells
        .map((cell, column) => field(names[column], cell))
        .filter((each) => each !== '')
        .join(', '),
    ),
    heading: '',
    place: `line ${line}`,
    shape: 'lines' as const,
    group: '',
  }));
  return { title: '', kind: 'csv', blocks };
}

function field(name: string | undefined, cell: string): string {
  const value = cell.trim().slice(0, MAX_VALUE);
  if (value === '') return '';
  return name === undefined || name === '' ? value : `${name}: ${value}`;
}

/** Counts the text that a document grows to. Throws `data-invalid` when that is too much. */
function createRoom(): { take(text: string): string } {
  let left = MAX_TEXT;
  return {
    take(text) {
      left -= text.length;
      if (left >= 0) return text;
      throw new ClawError('data-invalid', 'It cannot be added: with their names, its values are too much text.', {
        hint: 'Split it, or shorten the names of its columns or keys.',
      });
    },
  };
}

function chooseDelimiter(firstLine: string): string {
  const count = (each: string): number => firstLine.split(each).length;
  return [',', '\t', ';', '|'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

interface Row {
  readonly cells: string[];
  readonly line: number;
}

function parseRows(text: string, delimiter: string): Row[] {
  const rows: Row[] = [];
  let row: Row = { cells: [], line: 1 };
  let cell = '';
  let isQuoted = false;
  let line = 1;
  const endCell = (): void => {
    row.cells.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (letter === '\n') line += 1;
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (letter === delimiter) endCell();
    else if (letter === '\n') {
      endCell();
      rows.push(row);
      row = { cells: [], line };
    } else if (letter !== '\r') cell += letter;
  }
  endCell();
  return [...rows, row];
}

/** A block for each value below the top one, `path: value` a line. What is no JSON is read as plain text. */
export function readJson(text: string): ReadDocument {
  const value = parse(text);
  if (value === undefined) return { ...readPlain(text), kind: 'json' };
  const isArray = Array.isArray(value);
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (children.length === 0) return { title: '', kind: 'json', blocks: [block('$', [`$: ${JSON.stringify(value)}`])] };
  const room = createRoom();
  const blocks = children.map(([key, child]) => {
    const lines: string[] = [];
    const name = isArray ? '' : key;
    flatten(child as unknown, name.slice(0, MAX_NAME), (line) => lines.push(room.take(line)), 0);
    return block(isArray ? `$[${key}]` : `$.${key.slice(0, MAX_NAME)}`, lines);
  });
  const title: unknown = isArray ? undefined : (value as Record<string, unknown>)['title'];
  return { title: typeof title === 'string' ? title : '', kind: 'json', blocks };
}

function block(place: string, lines: readonly string[]): Block {
  return { text: lines.join('\n'), heading: '', place, shape: 'lines', group: place };
}

function flatten(value: unknown, path: string, tell: (line: string) => void, depth: number): void {
  if (typeof value !== 'object' || value === null) {
    const text = (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, MAX_VALUE);
    tell(path === '' ? text : `${path}: ${text}`);
    return;
  }
  if (depth > MAX_DEPTH)
    throw new ClawError('data-invalid', `It cannot be added: it is nested more than ${MAX_DEPTH} deep.`);
  const isArray = Array.isArray(value);
  for (const [key, child] of Object.entries(value)) {
    const below = isArray ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    flatten(child as unknown, below.slice(0, MAX_NAME), tell, depth + 1);
  }
}

/** One JSON value, or one a line as an array; undefined for anything else. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      return lines.length > 1 ? lines.map((line) => JSON.parse(line) as unknown) : undefined;
    } catch {
      return undefined;
    }
  }
}
