import { describe, expect, it } from 'vitest';
import type { AttachmentFiles } from '../../src/repl/attachments.ts';
import { applyCompletion, completeAt } from '../../src/repl/completion.ts';
import { editorWith } from '../../src/repl/input-editor.ts';

const files: AttachmentFiles = {
  read: () => Promise.reject(new Error('not read')),
  list: async (folder) =>
    folder === 'docs/'
      ? [{ name: 'guide.md', isFolder: false }]
      : [
          { name: 'docs', isFolder: true },
          { name: 'my notes.txt', isFolder: false },
          { name: '.hidden', isFolder: false },
        ],
};
const commands = [
  { name: 'help', summary: 'h' },
  { name: 'resume', summary: 'r' },
];
const complete = (text: string) => completeAt(editorWith(text), commands, files);
const finish = async (text: string): Promise<string | undefined> => {
  const completion = await complete(text);
  return completion && applyCompletion(editorWith(text), completion).text;
};

describe('completion', () => {
  it('offers commands at the start of the input only', async () => {
    expect((await complete('/'))?.options.map(({ text }) => text)).toEqual(['/help', '/resume']);
    expect(await finish('/re')).toBe('/resume');
    expect(await complete('see /re')).toBeUndefined();
    expect(await complete('/zzz')).toBeUndefined();
  });

  it('offers files after an @ at the start of a word', async () => {
    expect(await finish('see @do')).toBe('see @docs/');
    expect(await finish('see @docs/g')).toBe('see @docs/guide.md ');
    expect(await complete('me@do')).toBeUndefined();
  });

  it('quotes a name with spaces', async () => {
    expect(await finish('@my')).toBe('@"my notes.txt" ');
    expect(await finish('@"my n')).toBe('@"my notes.txt" ');
  });

  it('offers hidden files only when a dot is typed', async () => {
    expect((await complete('@'))?.options.length).toBe(2);
    expect(await finish('@.h')).toBe('@.hidden ');
  });
});
