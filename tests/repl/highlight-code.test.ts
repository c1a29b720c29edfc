import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlightCode } from '../../src/repl/highlight-code.ts';
import { plainText } from '../../src/repl/styled-text.ts';

const styleOf = (code: string, language: string, text: string): readonly string[] =>
  highlightCode(code.split('\n'), language)
    .flat()
    .find((part) => part.text === text)?.styles ?? ['nothing'];

describe('colours of code', () => {
  it('marks keywords, strings, numbers and comments of a C-like language', () => {
    const code = 'const a = "x" + 0x1f; // done';
    expect(styleOf(code, 'ts', 'const')).toEqual(['keyword']);
    expect(styleOf(code, 'ts', '"x"')).toEqual(['string']);
    expect(styleOf(code, 'ts', '0x1f')).toEqual(['number']);
    expect(styleOf(code, 'ts', '// done')).toEqual(['comment']);
    expect(styleOf(code, 'ts', 'a')).toEqual([]);
  });

  it('follows a comment and a string over several lines', () => {
    const lines = highlightCode(['/* one', 'two */ let x'], 'c');
    expect(lines[1]?.[0]).toEqual({ text: 'two */', styles: ['comment'] });
    expect(highlightCode(['x = """one', 'two"""'], 'python')[1]?.[0]?.styles).toEqual(['string']);
  });

  it('takes a lone quote for an apostrophe', () => {
    expect(styleOf("fn f<'a>(x: &'a str)", 'rust', 'fn')).toEqual(['keyword']);
    expect(styleOf("let it's = 1", 'js', '1')).toEqual(['number']);
  });

  it('takes # for a comment only at the start of a word', () => {
    expect(styleOf('a#b # c', 'sh', '# c')).toEqual(['comment']);
  });

  it('colours a diff by line and leaves an unknown language plain', () => {
    expect(highlightCode(['+ new', '- old'], 'diff').map((line) => line[0]?.styles)).toEqual([['ok'], ['error']]);
    expect(highlightCode(['if x'], 'klingon')).toEqual([[{ text: 'if x', styles: [] }]]);
  });

  it('changes no character, whatever the code and the language', () => {
    const language = fc.constantFrom('ts', 'python', 'sh', 'sql', 'json', 'css', 'html', 'ruby', 'diff', '');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), language, (lines, name) => {
        expect(highlightCode(lines, name).map(plainText)).toEqual(lines);
      }),
    );
  });
});
