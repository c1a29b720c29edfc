import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReadDocument } from '../../../../src/core/knowledge/document.ts';
import { readBytes } from '../../../../src/core/knowledge/read/read-bytes.ts';
import { docx, pdf, zip } from './sample-files.ts';

const PROGRAM = join(import.meta.dirname, '../../../../src/core/knowledge/read/read-document-main.ts');

function read(name: string, bytes: Uint8Array | string, mediaType?: string): Promise<ReadDocument> {
  const source = { name, bytes: Buffer.from(bytes), ...(mediaType === undefined ? {} : { mediaType }) };
  return readBytes({ program: PROGRAM, maxBytes: 1024 * 1024 }, source);
}

const places = ({ blocks }: ReadDocument): string[] => blocks.map(({ place }) => place);
const texts = ({ blocks }: ReadDocument): string[] => blocks.map(({ text }) => text);

test('a PDF is read page by page', async () => {
  const document = await read('a.pdf', pdf(['The first page.', 'The second page.']));
  expect(document.kind).toBe('pdf');
  expect(texts(document)).toEqual(['The first page.', 'The second page.']);
  expect(places(document)).toEqual(['page 1', 'page 2']);
});

test('a Word document is read with its headings', async () => {
  const document = await read('a.docx', docx(['# 계약', '기간은 2년이다.', 'The rent is due monthly.']));
  expect(texts(document)).toEqual(['기간은 2년이다.', 'The rent is due monthly.']);
  expect(document.blocks[0]).toMatchObject({ heading: '계약', place: '# 계약' });
});

test('a page is read without its scripts, whatever it calls itself', async () => {
  const html =
    '<html><head><title>Guide</title></head><body><script>alert(1)</script><h1>Setup</h1><p>Press the button.</p></body></html>';
  for (const document of [await read('a.html', html), await read('/guide', html, 'text/html; charset=utf-8')]) {
    expect(document.title).toBe('Guide');
    expect(texts(document).join('\n')).toContain('Press the button.');
    expect(texts(document).join('\n')).not.toContain('alert');
  }
});

test('an archive that would burst is refused, also when it lies about its size', async () => {
  const bomb = Buffer.alloc(70 * 1024 * 1024);
  for (const bytes of [zip({ 'word/document.xml': bomb }), zip({ 'word/document.xml': bomb }, 100)])
    await expect(read('a.docx', bytes)).rejects.toMatchObject({ code: 'data-invalid' });
});

test.each([
  ['a damaged PDF', 'a.pdf', '%PDF-1.4\ngarbage'],
  ['a damaged archive', 'a.docx', 'PK\u0003\u0004garbage'],
  ['a program by its content', 'a.txt', Buffer.from('MZ\u0090\u0000')],
  ['a program by its name', 'setup.exe', 'text'],
  ['bytes that are no text', 'a.txt', Buffer.from([65, 0, 66, 0, 1, 2, 3])],
])('%s is refused with a reason', async (_, name, bytes) => {
  await expect(read(name, bytes)).rejects.toMatchObject({ code: 'data-invalid' });
});

test('more than may be read is refused with its size', async () => {
  await expect(read('a.txt', 'a'.repeat(1024 * 1024 + 1))).rejects.toMatchObject({
    code: 'limit-reached',
    message: 'a.txt has 1.0 MB; at most 1.0 MB are read.',
  });
});

test.each([
  ['UTF-8 with a mark', [0xef, 0xbb, 0xbf, 0xed, 0x95, 0x9c]],
  ['UTF-16, little end first', [0xff, 0xfe, 0x5c, 0xd5]],
  ['UTF-16, big end first', [0xfe, 0xff, 0xd5, 0x5c]],
  ['CP949', [0xc7, 0xd1]],
  ['decomposed UTF-8', [...Buffer.from('한'.normalize('NFD'))]],
])('%s is understood', async (_, bytes) => {
  expect(texts(await read('a.txt', Buffer.from(bytes)))).toEqual(['한']);
});

test('Markdown keeps code whole, carries headings along and knows its title', async () => {
  const document = await read(
    'a.md',
    '---\ntitle: Manual\n---\n# One\n\nIntro.\n\n## Two\n\n```\na\n\nb # no heading\n```\nText\n====\n\nEnd.',
  );
  expect(document.title).toBe('Manual');
  expect(document.blocks.map(({ text, heading, place }) => [text, heading, place])).toEqual([
    ['Intro.', 'One', '# One'],
    ['```\na\n\nb # no heading\n```', 'One > Two', '## Two'],
    ['End.', 'Text', '# Text'],
  ]);
});

test('rows of a CSV carry their header', async () => {
  const document = await read('a.csv', 'name;city\r\n"Kim; Min";서울\r\nLee;"Bu""san"\r\n');
  expect(texts(document)).toEqual(['name: Kim; Min, city: 서울', 'name: Lee, city: Bu"san']);
  expect(places(document)).toEqual(['line 2', 'line 3']);
});

test('JSON is read by paths', async () => {
  const document = await read('a.json', '{"title": "T", "users": [{"name": "Kim"}, {"name": "Lee"}], "x": {"y": 1}}');
  expect(document.title).toBe('T');
  expect(places(document)).toEqual(['$.title', '$.users', '$.x']);
  expect(texts(document)[1]).toBe('users[0].name: Kim\nusers[1].name: Lee');
  expect(places(await read('a.jsonl', '{"a": 1}\n{"a": 2}\n'))).toEqual(['$[0]', '$[1]']);
});

test('code is cut where a block begins at the margin', async () => {
  const document = await read('a.ts', 'function a() {\n  one();\n\n  two();\n}\n\nfunction b() {}\n');
  expect(document.kind).toBe('code');
  expect(document.blocks.map(({ text, place }) => [text, place])).toEqual([
    ['function a() {\n  one();\n\n  two();\n}', 'line 1'],
    ['function b() {}', 'line 7'],
  ]);
});
