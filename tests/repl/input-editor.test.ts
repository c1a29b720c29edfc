import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  composeMessage,
  cutText,
  editorWith,
  EMPTY_EDITOR,
  insertPaste,
  insertText,
  moveCursor,
  moveLine,
  pasteLabel,
  replaceBefore,
  yank,
  type Editor,
} from '../../src/repl/input-editor.ts';
import { graphemes } from '../../src/core/kernel/text-width.ts';

/** The editor of a text with the cursor at `|`. */
function at(marked: string): Editor {
  const cursor = marked.indexOf('|');
  return { ...EMPTY_EDITOR, text: marked.replace('|', ''), cursor };
}

const show = ({ text, cursor }: Editor): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe('typed text', () => {
  it('is inserted at the cursor', () => {
    expect(show(insertText(at('a|c'), 'b'))).toBe('ab|c');
  });

  it('moves and deletes by whole graphemes', () => {
    expect(show(moveCursor(at('a👨‍👩‍👧|b'), 'left'))).toBe('a|👨‍👩‍👧b');
    expect(show(cutText(at('한글e\u0301|'), 'back'))).toBe('한글|');
    expect(show(cutText(at('|🇰🇷x'), 'forward'))).toBe('|x');
  });

  it('composes Hangul that comes letter by letter', () => {
    const typed = ['ᄒ', 'ᅡ', 'ᆫ', 'ᄀ', 'ᅳ', 'ᆯ'].reduce(insertText, EMPTY_EDITOR);
    expect(show(typed)).toBe('한글|');
  });

  it('moves and cuts by words, Korean ones too', () => {
    expect(show(moveCursor(at('부산 여행, 2박|'), 'word-left'))).toBe('부산 여행, |2박');
    expect(show(moveCursor(at('one two |three'), 'word-left'))).toBe('one |two three');
    expect(show(moveCursor(at('one| two three'), 'word-right'))).toBe('one two| three');
    expect(show(cutText(at('one two|'), 'word-back'))).toBe('one |');
    expect(show(cutText(at('|one two'), 'word-forward'))).toBe('| two');
  });

  it('goes to the ends of the line, not of the text', () => {
    expect(show(moveCursor(at('a\nbc|d\ne'), 'line-start'))).toBe('a\n|bcd\ne');
    expect(show(moveCursor(at('a\nb|cd\ne'), 'line-end'))).toBe('a\nbcd|\ne');
  });

  it('moves between lines in the same column, and says when there is none', () => {
    expect(show(moveLine(at('한글\nab|c'), -1) ?? at('|'))).toBe('한글|\nabc');
    expect(show(moveLine(at('abc|\nx'), 1) ?? at('|'))).toBe('abc\nx|');
    expect(moveLine(at('abc|'), -1)).toBeUndefined();
    expect(moveLine(at('a|bc'), 1)).toBeUndefined();
  });

  it('puts back what was cut', () => {
    expect(show(yank(cutText(at('one two|'), 'to-line-start')))).toBe('one two|');
    expect(show(yank(cutText(at('one| two'), 'to-line-end')))).toBe('one two|');
  });

  it('joins the next line when the end of a line is cut at its end', () => {
    expect(show(cutText(at('one|\ntwo'), 'to-line-end'))).toBe('one|two');
  });

  it('takes no control characters', () => {
    expect(insertText(EMPTY_EDITOR, 'a\x1b[31mb\x07\r\nc\td').text).toBe('a[31mb\nc    d');
  });

  it('replaces the word that is completed', () => {
    expect(show(replaceBefore(at('see @no|, ok'), 4, '@notes.md '))).toBe('see @notes.md |, ok');
  });

  it('keeps the cursor inside the text and never within a character, whatever is done', () => {
    const step = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => (editor: Editor) => insertText(editor, text)),
      fc.string({ unit: 'binary', maxLength: 900 }).map((text) => (editor: Editor) => insertPaste(editor, text)),
      fc
        .constantFrom('left', 'right', 'word-left', 'word-right', 'line-start', 'line-end')
        .map((move) => (editor: Editor) => moveCursor(editor, move)),
      fc
        .constantFrom('back', 'forward', 'word-back', 'word-forward', 'to-line-end')
        .map((cut) => (editor: Editor) => cutText(editor, cut)),
      fc.constantFrom<-1 | 1>(-1, 1).map((line) => (editor: Editor) => moveLine(editor, line) ?? editor),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const editor = steps.reduce((state, apply) => apply(state), EMPTY_EDITOR);
        expect(editor.cursor).toBeGreaterThanOrEqual(0);
        expect(editor.cursor).toBeLessThanOrEqual(editor.text.length);
        expect(editor.text.slice(0, editor.cursor).isWellFormed()).toBe(true);
        expect(editor.text.slice(editor.cursor).isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a pasted text', () => {
  const long = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');

  it('stays as it is when it is short', () => {
    expect(insertPaste(EMPTY_EDITOR, 'a\nb').text).toBe('a\nb');
  });

  it('is one folded character when it is long, and is sent whole', () => {
    const editor = insertText(insertPaste(editorWith('see '), long), ' ok');
    expect(graphemes(editor.text).length).toBe('see X ok'.length);
    expect(pasteLabel(editor, graphemes(editor.text)[4] ?? '')).toBe('[pasted 40 lines]');
    expect(composeMessage(editor)).toEqual({ text: `see ${long} ok`, typed: 'see   ok', files: [] });
  });

  it('is deleted by one backspace', () => {
    expect(cutText(insertPaste(editorWith('x'), long), 'back').text).toBe('x');
  });

  it('travels as a file when it is too long for a message', () => {
    const huge = 'word '.repeat(4000);
    const { text, files } = composeMessage(insertPaste(editorWith('sum up '), huge));
    expect(text).toBe('sum up [pasted-1.txt]');
    expect(files).toEqual([{ name: 'pasted-1.txt', text: huge }]);
  });

  it('attaches nothing by an @ in it', () => {
    expect(composeMessage(insertPaste(editorWith('fix '), `@secret.txt\n${long}`)).typed).toBe('fix  ');
  });

  it('cannot pose as another paste', () => {
    const first = insertPaste(EMPTY_EDITOR, long);
    const mark = first.text;
    expect(composeMessage(insertText(first, mark)).text).toBe(long);
  });
});
