import { defineTool, z } from 'claw/tool';

interface Record_ {
  fields: string[];
  /** Of its first character. */
  line: number;
}

const DELIMITERS: readonly string[] = [',', ';', '\t', '|'];

/** RFC 4180 with any one delimiter; lines end with CRLF, LF or CR. Blank lines are no records. */
function readRecords(text: string, delimiter: string): Record_[] {
  const records: Record_[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const fields: string[] = [];
    const isBlank = text[at] === '\n' || text[at] === '\r';
    for (;;) {
      const field = text[at] === '"' ? quoted(text, at, line) : plain(text, at, delimiter, line);
      fields.push(field.value);
      at = field.end;
      line = field.line;
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (at < text.length && text[at] !== '\n' && text[at] !== '\r')
      throw new Error(
        `line ${line}: ${JSON.stringify(text[at])} follows a closing quote; a quote inside a field is written twice`,
      );
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (!isBlank) records.push({ fields, line: start });
  }
  return records;
}

interface Field {
  value: string;
  end: number;
  line: number;
}

function quoted(text: string, start: number, line: number): Field {
  let at = start + 1;
  let value = '';
  for (;;) {
    const close = text.indexOf('"', at);
    if (close === -1) throw new Error(`line ${line}: a field begins with a quote that is never closed`);
    value += text.slice(at, close);
    at = close + 1;
    if (text[at] !== '"') break;
    value += '"';
    at += 1;
  }
  return { value, end: at, line: line + (value.match(/\r\n|\r|\n/g)?.length ?? 0) };
}

function plain(text: string, start: number, delimiter: string, line: number): Field {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') {
    if (text[end] === '"') throw new Error(`line ${line}: a quote inside a field that does not begin with one`);
    end += 1;
  }
  return { value: text.slice(start, end), end, line };
}

/** The delimiter that gives every record of the beginning the same number of fields, the most of them. */
function guessDelimiter(text: string): string {
  const score = (delimiter: string): number => {
    try {
      const head = readRecords(text.slice(0, 20_000), delimiter).slice(0, 20);
      // The last record of a piece may be cut.
      const whole = text.length > 20_000 && head.length > 1 ? head.slice(0, -1) : head;
      const [first = 0, ...others] = whole.map(({ fields }) => fields.length);
      const alike = others.filter((count) => count === first).length;
      return first < 2 ? 0 : (alike + 1) / (others.length + 1) + first / 1e6;
    } catch {
      return 0;
    }
  };
  const scores = DELIMITERS.map(score);
  const best = Math.max(...scores);
  return best === 0 ? ',' : (DELIMITERS[scores.indexOf(best)] ?? ',');
}

/** Numbers as JSON writes them and no longer than a number holds; 007 and 1e999 stay text. */
function typed(value: string): string | number | boolean | null {
  if (value === '') return null;
  if (value === 'true' || value === 'false') return value === 'true';
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)) return value;
  const number = Number(value);
  const digits = value
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '').length;
  return Number.isFinite(number) && digits <= 15 ? number : value;
}

function columnNames(fields: readonly string[]): string[] {
  const names = fields.map((field, index) => (field.trim() === '' ? `column_${index + 1}` : field.trim()));
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new Error(`two columns are named ${JSON.stringify(double)}; use header: false`);
  return names;
}

function written(value: unknown, delimiter: string): string {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const needsQuotes = /["\r\n\uFEFF]/.test(text) || text.includes(delimiter) || text !== text.trim();
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 text of rows: arrays, or objects whose keys become the header. */
function writeCsv(rows: readonly unknown[], delimiter: string): string {
  const objects = rows.filter((row) => typeof row === 'object' && row !== null && !Array.isArray(row)) as Record<
    string,
    unknown
  >[];
  if (objects.length > 0 && objects.length < rows.length) throw new Error('rows are either all arrays or all objects');
  const columns = [...new Set(objects.flatMap((row) => Object.keys(row)))];
  const lines: (readonly unknown[])[] =
    objects.length > 0
      ? [columns, ...objects.map((row) => columns.map((name) => row[name]))]
      : rows.map((row) => (Array.isArray(row) ? row : [row]));
  // A lone empty field would be a blank line.
  return (
    lines
      .map((line) =>
        line.length === 1 && written(line[0], delimiter) === ''
          ? '""'
          : line.map((value) => written(value, delimiter)).join(delimiter),
      )
      .join('\r\n') + (lines.length > 0 ? '\r\n' : '')
  );
}

export default defineTool({
  name: 'csv_parser',
  description: 'Reads CSV text into rows (quotes, line breaks in fields, any delimiter), or writes rows as CSV.',
  input: z.object({
    text: z.string().max(200_000).optional().describe('CSV to read.'),
    rows: z.array(z.any()).max(2000).optional().describe('Rows to write instead: arrays or objects.'),
    delimiter: z.string().min(1).max(1).optional().describe('Found out by itself when absent.'),
    header: z.boolean().default(true).describe('The first record names the columns.'),
    types: z.boolean().default(false).describe('Numbers, true, false and empty fields become values.'),
    ragged: z.enum(['error', 'fill']).default('error').describe('What to do with records of another length.'),
    offset: z.int().min(0).default(0),
    limit: z.int().min(1).max(1000).default(100).describe('Rows returned at most.'),
  }),
  idempotent: true,
  examples: [
    {
      input: { text: 'name,age\r\n"Kim, Min",31\r\n"say ""hi""",7\r\n', types: true },
      output: {
        columns: ['name', 'age'],
        rows: [
          { name: 'Kim, Min', age: 31 },
          { name: 'say "hi"', age: 7 },
        ],
        row_count: 2,
        delimiter: ',',
      },
    },
    {
      input: { text: 'a;b\n1;2', header: false },
      output: {
        rows: [
          ['a', 'b'],
          ['1', '2'],
        ],
        row_count: 2,
        delimiter: ';',
      },
    },
    { input: { rows: [{ a: 'x,y', b: 1 }, { a: 'z' }] }, output: 'a,b\r\n"x,y",1\r\nz,\r\n' },
  ],
  run({ text, rows, delimiter, header: hasHeader, types: isTyped, ragged, offset, limit }) {
    if ((text === undefined) === (rows === undefined)) throw new Error('give either text to read or rows to write');
    if (delimiter === '"' || delimiter === '\n' || delimiter === '\r')
      throw new Error('a quote or a line end cannot be the delimiter');
    if (rows !== undefined) return writeCsv(rows, delimiter ?? ',');
    const source = text ?? '';
    const used = delimiter ?? guessDelimiter(source);
    const records = readRecords(source, used);
    const width = records[0]?.fields.length ?? 0;
    const odd = records.find(({ fields }) => fields.length !== width);
    if (odd !== undefined && (ragged === 'error' || odd.fields.length > width))
      throw new Error(
        `line ${odd.line}: ${odd.fields.length} fields instead of ${width}${ragged === 'error' ? '; ragged: "fill" takes short ones' : ''}`,
      );
    const columns = hasHeader ? columnNames(records[0]?.fields ?? []) : [];
    const body = hasHeader ? records.slice(1) : records;
    const values = body.slice(offset, offset + limit).map(({ fields }) => {
      const full = [...fields, ...Array.from({ length: width - fields.length }, () => '')];
      return isTyped ? full.map(typed) : full;
    });
    const shown = hasHeader
      ? values.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])))
      : values;
    return { ...(hasHeader ? { columns } : {}), rows: shown, row_count: body.length, delimiter: used };
  },
});
