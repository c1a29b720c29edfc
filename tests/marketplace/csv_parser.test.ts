import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const csv = openTool('csv_parser');
interface Table {
  columns?: string[];
  rows: unknown[];
  row_count: number;
  delimiter: string;
}
const rows = async (text: string, more: object = {}): Promise<unknown[]> =>
  (await csv<Table>({ text, header: false, ...more })).rows;

test.each([
  [
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\rc,d\r',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['\uFEFFa,b', [['a', 'b']]],
  ['"a ""quoted"" word",x', [['a "quoted" word', 'x']]],
  ['"line 1\r\nline 2",x\r\n', [['line 1\r\nline 2', 'x']]],
  ['"a,b",c', [['a,b', 'c']]],
  [
    'a,,\n,,',
    [
      ['a', '', ''],
      ['', '', ''],
    ],
  ],
  [' a , b ', [[' a ', ' b ']]],
  [
    'a,b\n\n\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['"",""', [['', '']]],
  [
    '한글,값\n가,1',
    [
      ['한글', '값'],
      ['가', '1'],
    ],
  ],
  ['', []],
])('%j is read', async (text, expected) => {
  await expect(rows(text, { delimiter: ',' })).resolves.toEqual(expected);
});

test.each([
  ['a;b;c\n1,5;2;3', ';'],
  ['a\tb\n1\t2', '\t'],
  ['a|b\n1|2', '|'],
  ['a,b\n"x;y;z",2', ','],
  ['one\ntwo', ','],
])('the delimiter of %j is found', async (text, expected) => {
  expect((await csv<Table>({ text, header: false })).delimiter).toBe(expected);
});

test.each([
  ['a,b\nc', {}, /line 2: 1 fields instead of 2; ragged: "fill"/],
  ['a,b\nc,d,e', { ragged: 'fill' }, /line 2: 3 fields instead of 2/],
  ['a,"b\nc,d', {}, /line 1: a field begins with a quote that is never closed/],
  ['a,"b"c', {}, /line 1: "c" follows a closing quote/],
  ['x,y\na,b"c', {}, /line 2: a quote inside a field/],
  ['"x\ny",1\n"z', { delimiter: ',' }, /line 3: a field begins with a quote/],
  ['a,a\n1,2', { header: true }, /two columns are named "a"/],
  ['a', { delimiter: '"' }, /cannot be the delimiter/],
])('%j %j is refused with its line', async (text, more, reason) => {
  await expect(rows(text, more)).rejects.toThrow(reason);
});

test('the header names the columns, values get types when asked, short records are filled', async () => {
  const text = 'id,name,,n\n007,true,x,1.5\n2,,y,12345678901234567890\n3';
  const table = await csv<Table>({ text, types: true, ragged: 'fill' });
  expect(table).toEqual({
    columns: ['id', 'name', 'column_3', 'n'],
    rows: [
      { id: '007', name: true, column_3: 'x', n: 1.5 },
      { id: 2, name: null, column_3: 'y', n: '12345678901234567890' },
      { id: 3, name: null, column_3: null, n: null },
    ],
    row_count: 3,
    delimiter: ',',
  });
});

test('a page of rows is cut out, and the whole is counted', async () => {
  const text = `n\n${Array.from({ length: 500 }, (_, index) => index).join('\n')}\n`;
  const table = await csv<Table>({ text, types: true, offset: 498, limit: 10 });
  expect(table).toMatchObject({ rows: [{ n: 498 }, { n: 499 }], row_count: 500 });
});

test('what was written is read back as it was', async () => {
  const field = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', ';', '한', '\uFEFF'),
    maxLength: 5,
  });
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((width) =>
      fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
    );
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(',', ';', '\t'), async (lines, delimiter) => {
      const text = await csv<string>({ rows: lines, delimiter });
      await expect(rows(text, { delimiter })).resolves.toEqual(lines);
    }),
    { numRuns: 25 },
  );
});

test('rows are written by RFC 4180', async () => {
  await expect(
    csv({
      rows: [
        { a: 1, b: null },
        { b: 'x"y', c: { d: 1 } },
      ],
    }),
  ).resolves.toBe('a,b,c\r\n1,,\r\n,"x""y","{""d"":1}"\r\n');
  await expect(csv({ rows: [['a'], { b: 1 }] })).rejects.toThrow(/all arrays or all objects/);
  await expect(csv({})).rejects.toThrow(/either text to read or rows to write/);
});
