/** Owns the text being typed: pure edits by grapheme and word over one or more lines. A big paste is one character of its own until it is sent whole. */
import { graphemes } from '../core/kernel/text-width.ts';

export interface Editor {
  readonly text: string;
  /** Index into `text` (UTF-16), always between graphemes. */
  readonly cursor: number;
  /** Big pastes by the private-use character that stands for them. */
  readonly pastes: Readonly<Record<string, string>>;
  /** What Ctrl-K, Ctrl-U or Ctrl-W took last, for Ctrl-Y. */
  readonly killed: string;
}

export const EMPTY_EDITOR: Editor = { text: '', cursor: 0, pastes: {}, killed: '' };

/** A paste with more lines or characters than this is folded. */
const FOLD_LINES = 8;
const FOLD_CHARACTERS = 600;
/** First of the private-use characters (plane 16) that stand for pastes. */
const FIRST_MARK = 0x10f000;

export type EditMove = 'left' | 'right' | 'word-left' | 'word-right' | 'line-start' | 'line-end' | 'start' | 'end';
export type EditCut = 'back' | 'forward' | 'word-back' | 'word-forward' | 'to-line-start' | 'to-line-end';

/** An editor that holds `text`, the cursor at its end. */
export function editorWith(text: string): Editor {
  return insertText(EMPTY_EDITOR, text);
}

/** Inserts typed text; syllables that came in pieces (decomposed Hangul, accents) are composed with what stands before. */
export function insertText(editor: Editor, typed: string): Editor {
  return insertClean(editor, cleanInput(typed));
}

function insertClean(editor: Editor, text: string): Editor {
  const before = (editor.text.slice(0, editor.cursor) + text).normalize('NFC');
  return { ...editor, text: before + editor.text.slice(editor.cursor), cursor: before.length };
}

/** Inserts pasted text: a big one as a mark that `expandText` replaces. */
export function insertPaste(editor: Editor, pasted: string): Editor {
  const text = cleanInput(pasted).normalize('NFC');
  if (text.length <= FOLD_CHARACTERS && text.split('\n').length <= FOLD_LINES) return insertText(editor, text);
  const mark = String.fromCodePoint(FIRST_MARK + Object.keys(editor.pastes).length);
  return insertClean({ ...editor, pastes: { ...editor.pastes, [mark]: text } }, mark);
}

/** A message ready to go: `text` is sent, `typed` is what the user wrote by hand (only there does `@` attach), `files` are pastes too long for a message. */
export interface ComposedMessage {
  readonly text: string;
  readonly typed: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** Characters; a message that pastes make longer carries them as files. */
const MAX_INLINE = 8000;

/** The message in `editor`, its folded pastes in full. */
export function composeMessage(editor: Editor): ComposedMessage {
  const pastes = Object.entries(editor.pastes).filter(([mark]) => editor.text.includes(mark));
  const whole = pastes.reduce((text, [mark, paste]) => text.replaceAll(mark, () => paste), editor.text);
  const typed = pastes.reduce((text, [mark]) => text.replaceAll(mark, ' '), editor.text);
  if (whole.length <= MAX_INLINE || pastes.length === 0) return { text: whole, typed, files: [] };
  const files = pastes.map(([, text], index) => ({ name: `pasted-${index + 1}.txt`, text }));
  const text = pastes.reduce((rest, [mark], index) => rest.replaceAll(mark, `[pasted-${index + 1}.txt]`), editor.text);
  return { text, typed, files };
}

/** How a folded paste is shown; undefined for any other character. */
export function pasteLabel(editor: Editor, character: string): string | undefined {
  const paste = editor.pastes[character];
  if (paste === undefined) return undefined;
  const lines = paste.split('\n').length;
  return lines > 1 ? `[pasted ${lines} lines]` : `[pasted ${paste.length} characters]`;
}

export function moveCursor(editor: Editor, move: EditMove): Editor {
  return { ...editor, cursor: target(editor, move) };
}

/** Moves to the line above or below, keeping the place in it; undefined when there is none. */
export function moveLine(editor: Editor, step: -1 | 1): Editor | undefined {
  const start = lineStart(editor.text, editor.cursor);
  const column = graphemes(editor.text.slice(start, editor.cursor)).length;
  const end = lineEnd(editor.text, editor.cursor);
  if (step === -1 ? start === 0 : end === editor.text.length) return undefined;
  const from = step === -1 ? lineStart(editor.text, start - 1) : end + 1;
  const line = editor.text.slice(from, lineEnd(editor.text, from));
  return { ...editor, cursor: from + graphemes(line).slice(0, column).join('').length };
}

/** Deletes; what a word or line cut took can be put back with `yank`. */
export function cutText(editor: Editor, cut: EditCut): Editor {
  const moves: Readonly<Record<EditCut, EditMove>> = {
    back: 'left',
    forward: 'right',
    'word-back': 'word-left',
    'word-forward': 'word-right',
    'to-line-start': 'line-start',
    'to-line-end': 'line-end',
  };
  let to = target(editor, moves[cut]);
  // At the end of a line, Ctrl-K joins the next one.
  if (cut === 'to-line-end' && to === editor.cursor && to < editor.text.length) to++;
  const [from, end] = to < editor.cursor ? [to, editor.cursor] : [editor.cursor, to];
  const taken = editor.text.slice(from, end);
  const isSmall = cut === 'back' || cut === 'forward';
  return {
    ...editor,
    text: editor.text.slice(0, from) + editor.text.slice(end),
    cursor: from,
    killed: isSmall || taken === '' ? editor.killed : taken,
  };
}

export function yank(editor: Editor): Editor {
  return insertClean(editor, editor.killed);
}

/** Replaces `from`…cursor with `text`; for completions. */
export function replaceBefore(editor: Editor, from: number, text: string): Editor {
  return insertText(
    { ...editor, text: editor.text.slice(0, from) + editor.text.slice(editor.cursor), cursor: from },
    text,
  );
}

function target(editor: Editor, move: EditMove): number {
  const { text, cursor } = editor;
  switch (move) {
    case 'left':
      return cursor - (graphemes(text.slice(0, cursor)).at(-1)?.length ?? 0);
    case 'right':
      return cursor + (graphemes(text.slice(cursor))[0]?.length ?? 0);
    case 'word-left':
      return text.slice(0, cursor).replace(/[\p{L}\p{N}\p{M}_]+[^\p{L}\p{N}\p{M}_]*$|[^\p{L}\p{N}\p{M}_]+$/u, '')
        .length;
    case 'word-right':
      return cursor + (/^[^\p{L}\p{N}\p{M}_]*[\p{L}\p{N}\p{M}_]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
    case 'line-start':
      return lineStart(text, cursor);
    case 'line-end':
      return lineEnd(text, cursor);
    case 'start':
      return 0;
    case 'end':
      return text.length;
  }
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** Control characters are no text, and the marks of pastes cannot be typed. */
function cleanInput(text: string): string {
  return (
    text
      .replaceAll(/\r\n?/g, '\n')
      .replaceAll('\t', '    ')
      // eslint-disable-next-line no-control-regex -- control characters are what this removes
      .replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, '')
      .replaceAll(/[\u{10f000}-\u{10ffff}]/gu, '')
  );
}
