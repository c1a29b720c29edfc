import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReadDocument } from '../../../../src/core/knowledge/document.ts';
import { readBytes } from '../../../../src/core/knowledge/read/read-bytes.ts';
import { createDocumentReader } from '../../../../src/core/sandbox/document-reader.ts';
import { docx, pdf, pdfBomb, zip } from './sample-files.ts';

const reader = createDocumentReader({ folder: join(import.meta.dirname, '../../../../dist/sandbox') });

function read(name: string, bytes: Uint8Array | string, mediaType?: string): Promise<ReadDocument> {
  const source = { name, bytes: Buffer.from(bytes), ...(mediaType === undefined ? {} : { mediaType }) };
  return readBytes({ reader, maxBytes: 1024 * 1024 }, source);
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
    await expect(read('a.docx', bytes)).rejects.toMatchObject({
      code: 'data-invalid',
      message: 'a.docx cannot be added: it unpacks to more than 64 MB.',
    });
});

test.each([
  ['a page that unpacks to gigabytes', 'a.pdf', pdfBomb(), 'memory or time'],
  ['JSON nested a million deep', 'a.json', '[{"a":'.repeat(50_000) + '1' + '}]'.repeat(50_000), 'more than 200 deep'],
  [
    'a long key before a million values',
    'a.json',
    `{"${'k'.repeat(5_000)}": [${'1,'.repeat(300_000)}1]}`,
    'too much text',
  ],
  [
    'a long column before many cells',
    'a.csv',
    `${`${'n'.repeat(300)},`.repeat(1_000)}\n${`${'1,'.repeat(1_000)}\n`.repeat(300)}`,
    'too much text',
  ],
])('%s is refused with a plain reason', { timeout: 90_000 }, async (_, name, bytes, reason) => {
  await expect(read(name, bytes)).rejects.toMatchObject({
    code: 'data-invalid',
    message: expect.stringContaining(reason) as string,
  });
});

test('a page that keeps its reader busy is given up at the deadline', async () => {
  const source = { name: 'a.html', bytes: Buffer.from('<div>'.repeat(180_000)) };
  await expect(readBytes({ reader, maxBytes: 1024 * 1024, timeoutMs: 1_500 }, source)).rejects.toMatchObject({
    code: 'data-invalid',
    message: 'a.html cannot be added: it took more than 1.5 s to read.',
  });
});

test('a row of a million characters is cut into passages', async () => {
  const { blocks } = await read('a.csv', `name,city\n${'x'.repeat(900_000)},Seoul\n`);
  expect(blocks).toHaveLength(1);
  expect(blocks[0]?.text.length).toBeLessThan(21_000);
  expect(blocks[0]?.text.endsWith('city: Seoul')).toBe(true);
});

test('a line made to keep a reader of headings busy is read at once', async () => {
  const started = performance.now();
  await read('a.md', `#${' '.repeat(900_000)}x${' '.repeat(100_000)}y`);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('entities of a document type are not resolved, neither files nor ones that multiply', async () => {
  const types = '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]>';
  const page = await read('a.html', `${types}<html><body><p>Before &f; &b; after.</p></body></html>`);
  expect(texts(page).join()).toContain('after');
  expect(texts(page).join()).not.toMatch(/root:|haha/);
  const body = `<?xml version="1.0"?>${types}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Before &f; &b; after.</w:t></w:r></w:p></w:body></w:document>`;
  const word = await read('a.docx', docx([], body)).then(texts, () => []);
  expect(word.join()).not.toMatch(/root:|haha/);
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
    code: 'too-large',
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
