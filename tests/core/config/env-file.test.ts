import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEnv, rewriteEnv } from '../../../src/core/config/env-file.ts';
import { setEnvValue } from '../../../src/core/config/env-writer.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const values = (text: string): Record<string, string> =>
  Object.fromEntries(parseEnv(bytes(text)).map(({ name, value }) => [name, value]));
const rewritten = (text: string, name: string, value: string): string =>
  Buffer.from(rewriteEnv(bytes(text), name, value)).toString();

test.each([
  ['A=1', '1'],
  ['A=1\r\nB=2\r\n', '1'],
  ['export A=1', '1'],
  ['  export\tA = 1  ', '1'],
  ['A="a b"', 'a b'],
  ["A='a b'", 'a b'],
  ['A=`a "b"`', 'a "b"'],
  ['A="a b" # note', 'a b'],
  ['A=a # note', 'a'],
  ['A=a#b', 'a#b'],
  ['A=#b', '#b'],
  ['A= # note', ''],
  ['A=', ''],
  ['A=a b c', 'a b c'],
  ['A="x\\ny\\t\\"z\\" \\\\"', 'x\ny\t"z" \\'],
  ["A='x\\ny'", 'x\\ny'],
  ['A="one\ntwo"', 'one\ntwo'],
  ['A="one\r\ntwo"\r\n', 'one\ntwo'],
  ['A=tok$&en', 'tok$&en'],
  ['A="unfinished', '"unfinished'],
  ['A="a"b', '"a"b'],
  ["A=it's", "it's"],
  ['A=한글 à ', '한글 à'],
  ['\ufeffA=1', '1'],
  ['A=1\nA=2', '2'],
])('%j is read as %j', (text, value) => {
  expect(values(text)['A']).toBe(value);
});

test('lines that assign nothing are passed over', () => {
  expect(values('# A=1\n\nexport B\n=3\n1C=4\nD E=5\nF=6')).toEqual({ F: '6' });
});

test('a value tells its line, also after one of several lines', () => {
  const entries = parseEnv(bytes('# note\nA="one\ntwo"\n\nB=2'));
  expect(entries.map(({ name, line }) => [name, line])).toEqual([
    ['A', 2],
    ['B', 5],
  ]);
});

test.each([
  ['A=old # note\r\nB=2\r\n', 'A=new$&tok # note\r\nB=2\r\n'],
  ['export A="old" # note\n', 'export A="new$&tok" # note\n'],
  ["  A = 'old'\n", "  A = 'new$&tok'\n"],
  ['A= # note\n', 'A=new$&tok # note\n'],
  ['A=\n', 'A=new$&tok\n'],
  ['A=1\nA=2\n', 'A=1\nA=new$&tok\n'],
  ['A="one\ntwo" # note', 'A="new$&tok" # note'],
  ['B=1', 'B=1\nA=new$&tok\n'],
  ['B=1\r\n', 'B=1\r\nA=new$&tok\r\n'],
  ['', 'A=new$&tok\n'],
])('A49: in %j only the bytes of the value change', (before, after) => {
  expect(rewritten(before, 'A', 'new$&tok')).toBe(after);
});

test('bytes that are no UTF-8 stay as they are', () => {
  const before = Buffer.from([0x23, 0xff, 0xfe, 0x0a, 0x41, 0x3d, 0x31, 0x0a, 0xc3]);
  const after = Buffer.from(rewriteEnv(before, 'A', '22'));
  expect([...after]).toEqual([0x23, 0xff, 0xfe, 0x0a, 0x41, 0x3d, 0x32, 0x32, 0x0a, 0xc3]);
});

const line = fc.oneof(
  fc.constantFrom(
    '# note',
    '',
    'export B=2 # x',
    "C='a b'",
    'D="x\ny"',
    'E',
    'A=first # a',
    'A="q"',
    'F=`z`',
    "H=it's",
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\n'"`]/.test(text)),
);
const file = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, isClosed]) => lines.join(end) + (isClosed ? end : ''));
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.toWellFormed()),
  fc.string({ unit: fc.constantFrom('"', "'", '`', '\\', '#', ' ', '\n', '\r', '$', '&', 'a', '=') }),
);

test('what was written is read back, and every other assignment stays', () => {
  fc.assert(
    fc.property(file, value, (text, wanted) => {
      const after = rewritten(text, 'A', wanted);
      expect(values(after)).toEqual({ ...values(text), A: wanted });
    }),
    { numRuns: 500 },
  );
});

test('a quote that was left open further up does not swallow what is written', () => {
  const open = "G='open\n";
  expect(values(rewritten(open, 'A', '#'))).toEqual({ G: "'open", A: '#' });
  expect(() => rewritten(open, 'A', "'#")).toThrow('a quote further up is not closed');
});

test('everything outside the value stays byte for byte', () => {
  fc.assert(
    fc.property(file, value, (text, wanted) => {
      const entry = parseEnv(bytes(text)).findLast(({ name }) => name === 'A');
      const before = Buffer.from(text);
      const after = Buffer.from(rewriteEnv(before, 'A', wanted));
      const head = before.subarray(0, entry?.start ?? before.length);
      const tail = before.subarray(entry?.end ?? before.length);
      expect(after.subarray(0, head.length)).toEqual(head);
      if (entry !== undefined) expect(after.subarray(after.length - tail.length)).toEqual(tail);
    }),
    { numRuns: 300 },
  );
});

test('the file keeps its mode and stays behind its link', async () => {
  const home = temporaryHome();
  const real = join(home, 'real.env');
  const link = join(home, '.env');
  writeFileSync(real, 'A=1\n');
  chmodSync(real, 0o640);
  symlinkSync(real, link);
  await setEnvValue(link, join(home, 'lock'), 'A', '2');
  expect(readFileSync(real, 'utf8')).toBe('A=2\n');
  expect(statSync(real).mode & 0o777).toBe(0o640);
});

test('a new file is for its owner only, and writers at once lose nothing', async () => {
  const home = temporaryHome();
  const path = join(home, '.env');
  const names = Array.from({ length: 8 }, (_, index) => `KEY_${index}`);
  await Promise.all(names.map((name) => setEnvValue(path, join(home, 'lock'), name, name)));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(values(readFileSync(path, 'utf8'))).toEqual(Object.fromEntries(names.map((name) => [name, name])));
});

test('a name that could end the line is refused', async () => {
  const home = temporaryHome();
  const writing = setEnvValue(join(home, '.env'), join(home, 'lock'), 'A=1\nB', 'x');
  await expect(writing).rejects.toMatchObject({ code: 'usage-invalid' });
});
