import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_FILTER, filterChunk, safeLine, safeText } from '../../../src/core/kernel/terminal-text.ts';

// eslint-disable-next-line no-control-regex -- what must never pass
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** The text of chunks that come one after the other. */
function stream(chunks: readonly string[]): string {
  let filter = EMPTY_FILTER;
  return chunks
    .map((chunk) => {
      const next = filterChunk(filter, chunk);
      filter = next.filter;
      return next.text;
    })
    .join('');
}

describe('text on its way to a terminal', () => {
  it('stays as it is when it is plain, in any language', () => {
    const text = 'Hello, 세계 漢字 😀\n\tnext line — “quoted”';
    expect(safeText(text)).toBe(text);
  });

  it.each([
    ['colour', 'a\x1b[1;31mb', 'ab'],
    ['cursor movement', 'a\x1b[2J\x1b[Hb', 'ab'],
    ['a window title', 'a\x1b]0;pwned\x07b', 'ab'],
    ['a link', '\x1b]8;;http://example.com\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['the clipboard', 'a\x1b]52;c;aGk=\x07b', 'ab'],
    ['a device string', 'a\x1bPq#0\x1b\\b', 'ab'],
    ['C1 forms', 'a\x9b31mb\x9d0;t\x9cc', 'abc'],
    ['a reset', 'a\x1bcb', 'ab'],
    ['bell, backspace and delete', 'a\x07\x08\x7fb', 'ab'],
    ['the beginning of an unfinished sequence', 'a\x1b]0;never ends', 'a]0;never ends'],
  ])('loses %s', (_what, text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  it('shows direction marks instead of obeying them', () => {
    expect(safeText('user\u202etxt.exe\u2066')).toBe('user<U+202E>txt.exe<U+2066>');
  });

  it('has one kind of line end, and composed characters', () => {
    expect(safeText('a\r\nb\rc\u2028d')).toBe('a\nb\nc\nd');
    expect(safeText('\u1112\u1161\u11ab')).toBe('한');
  });

  it('is one line where one line is asked for', () => {
    expect(safeLine('a\nb\tc')).toBe('a⏎b c');
  });

  it('is safe when a sequence is cut between chunks', () => {
    expect(stream(['a\x1b', '[31', 'mb\x1b]0;ti', 'tle\x07c\r', '\nd'])).toBe('abc\nd');
  });

  it('never passes a control character, however it is cut', () => {
    const nasty = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '0;x',
      '\x07',
      '\x9b',
      '\x9d',
      '31m',
      '\x1b\\',
      '\r',
      '\n',
      '\u202e',
      'P',
      'abc',
      '한',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 40 }),
        (chunks) => {
          expect(stream(chunks)).not.toMatch(UNSAFE);
          expect(safeText(chunks.join(''))).not.toMatch(UNSAFE);
        },
      ),
    );
  });

  it('is filtered in linear time', () => {
    const started = performance.now();
    for (const evil of ['\x1b]', '\x1b[1', '\x1b', '\x9d', '\x1b[ ']) safeText(evil.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
