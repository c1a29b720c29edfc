import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAttachmentFiles, readAttachments } from '../../src/repl/attachments.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function folder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const cwd = temporaryHome();
  mkdirSync(join(cwd, 'docs'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return cwd;
}

const read = (text: string, cwd: string, home = join(cwd, '.claw')) =>
  readAttachments(text, openAttachmentFiles(cwd, home));

describe('@file in a message', () => {
  it('attaches text files by name, from folders and with spaces', async () => {
    const cwd = folder({ 'a.md': 'A', 'docs/b.md': 'B', 'my notes.txt': 'C' });
    const { files } = await read('compare @a.md, @docs/b.md and @"my notes.txt"', cwd);
    expect(files).toEqual([
      { name: 'a.md', text: 'A' },
      { name: 'docs/b.md', text: 'B' },
      { name: 'my notes.txt', text: 'C' },
    ]);
  });

  it('attaches a file by its whole path', async () => {
    const [cwd, elsewhere] = [folder(), folder({ 'x.txt': 'X' })];
    expect((await read(`see @${join(elsewhere, 'x.txt')}`, cwd)).files[0]?.text).toBe('X');
  });

  it('takes a Korean particle or a full stop for no part of the name', async () => {
    const cwd = folder({ '노트.md': '내용', 'a.md': 'A' });
    expect((await read('@노트.md를 요약해', cwd)).files[0]?.text).toBe('내용');
    expect((await read('look at @a.md.', cwd)).files[0]?.text).toBe('A');
  });

  it('attaches an image by what it is, not by what it is called', async () => {
    const cwd = folder({ 'picture.txt': PNG });
    const { images, files } = await read('@picture.txt', cwd);
    expect(files).toEqual([]);
    expect(images).toEqual([
      { type: 'image', mediaType: 'image/png', name: 'picture.txt', data: PNG.toString('base64'), provenance: 'file' },
    ]);
  });

  it('attaches a file once', async () => {
    expect((await read('@a.md and again @a.md', folder({ 'a.md': 'A' }))).files.length).toBe(1);
  });

  it('names what looks like a file and is none, and leaves people and addresses alone', async () => {
    const { files, missing } = await read('ask @alice and me@example.com about @nothing.md', folder());
    expect(files).toEqual([]);
    expect(missing).toEqual(['nothing.md']);
  });

  it.each([
    ['a file of secrets', '.env', 'KEY=1', /protected/],
    ['a private key', 'id_rsa', 'x', /protected/],
    ['a binary', 'a.bin', Buffer.from([1, 0, 2]), /neither UTF-8 text nor/],
    ['text in another encoding', 'latin.txt', Buffer.from([0x63, 0xe9]), /neither UTF-8 text nor/],
    ['more than 256 kB', 'big.txt', 'x'.repeat(300 * 1024), /at most 256 kB, this one has 300 kB/],
  ])('refuses %s and says why', async (_what, name, content, reason) => {
    const cwd = folder({ [name]: content });
    await expect(read(`read @${name}`, cwd)).rejects.toThrow(reason);
    await expect(read(`read @${name}`, cwd)).rejects.toMatchObject({ code: 'usage-invalid' });
  });

  it('refuses a folder, a link, and the files of claw itself', async () => {
    const cwd = folder({ 'real.txt': 'x', 'claw.db': 'x' });
    symlinkSync(join(cwd, 'real.txt'), join(cwd, 'link.txt'));
    for (const name of ['docs', 'link.txt', 'claw.db'])
      await expect(read(`@${name}`, cwd, cwd)).rejects.toThrow(/cannot be attached/);
  });

  it('offers no protected names', async () => {
    const cwd = folder({ 'a.md': 'A', '.env': 'KEY=1' });
    const files = openAttachmentFiles(cwd, join(cwd, '.claw'));
    expect(await files.list('')).toEqual([
      { name: 'a.md', isFolder: false },
      { name: 'docs', isFolder: true },
    ]);
    expect(await files.list('nowhere/')).toEqual([]);
    expect(await files.list(`${cwd}/`)).toEqual(await files.list(''));
  });
});
