import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_MARKDOWN, endMarkdown, pushMarkdown, type MarkdownPiece } from '../../src/repl/markdown-stream.ts';
import { renderMarkdown } from '../../src/repl/markdown.ts';
import { plainText } from '../../src/repl/styled-text.ts';

/** Feeds `chunks` and returns what became final, in order. */
function stream(chunks: readonly string[]): MarkdownPiece[] {
  let state = EMPTY_MARKDOWN;
  const pieces: MarkdownPiece[] = [];
  for (const chunk of chunks) {
    const next = pushMarkdown(state, chunk);
    state = next.stream;
    pieces.push(...next.pieces);
  }
  return [...pieces, ...endMarkdown(state)];
}

function drawPieces(pieces: readonly MarkdownPiece[]): string[] {
  return pieces.flatMap(({ source, continuesAt }, index) => {
    const lines = renderMarkdown(source, 60, continuesAt).map(plainText);
    return index === 0 || continuesAt !== undefined ? lines : ['', ...lines];
  });
}

describe('a growing Markdown text', () => {
  it('gives a paragraph away when the next block begins', () => {
    expect(stream(['one\n\ntwo\n\n', 'three']).map(({ source }) => source.trim())).toEqual(['one', 'two', 'three']);
  });

  it('gives list items away one by one, as one list', () => {
    const pieces = stream(['1. a\n', '2. b\n', '3. c\n']);
    expect(pieces.map(({ continuesAt }) => continuesAt)).toEqual([undefined, 2, 3]);
    expect(drawPieces(pieces)).toEqual(['1. a', '2. b', '3. c']);
  });

  it('counts the items of a list whose source says 1 for each', () => {
    expect(drawPieces(stream(['1. a\n', '1. b\n', '1. c']))).toEqual(['1. a', '2. b', '3. c']);
  });

  it('gives lines of an open code block away, as one block', () => {
    const pieces = stream(['```ts\nlet a;\nlet b;\n', 'let c;\n', '```\n']);
    expect(pieces.length).toBeGreaterThan(1);
    expect(drawPieces(pieces)).toEqual(['  ts', '  let a;', '  let b;', '  let c;']);
  });

  it('does not take a fence inside a longer fence for the end', () => {
    expect(drawPieces(stream(['````md\n```\n', 'x\n', '```\n', 'y\n', '````\n', 'after']))).toEqual([
      '  md',
      '  ```',
      '  x',
      '  ```',
      '  y',
      '',
      'after',
    ]);
  });

  it('keeps a heading that is still being underlined', () => {
    expect(drawPieces(stream(['Title\n', '=====\n', '\ntext']))).toEqual(['Title', '', 'text']);
  });

  it('draws the same in pieces as whole, however it is cut', () => {
    const block = fc.constantFrom(
      '# 제목',
      'A paragraph\nof two lines',
      '- a\n- b 나\n- c',
      '1. x\n   - y\n2. z',
      '> quote 인용\n> more',
      '| a | 나 |\n|---|---|\n| 1 | 2 |',
      '```ts\nconst 가 = 1;\n\n// x\nlet y;\n```',
      '~~~\n```\n~~~',
      '---',
      '**bold** and `code`',
    );
    const source = fc.array(block, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('\n\n'));
    fc.assert(
      fc.property(source, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 }), (text, sizes) => {
        const chunks: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(text.slice(at, at + size));
          at += size;
        }
        expect(drawPieces(stream(chunks))).toEqual(renderMarkdown(text, 60).map(plainText));
      }),
      { numRuns: 300 },
    );
  });
});
