import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/repl/markdown.ts';
import { lineWidth, plainText } from '../../src/repl/styled-text.ts';

const draw = (source: string, width = 80): string[] =>
  renderMarkdown(source, width).map((line) => plainText(line).trimEnd());
const stylesOf = (source: string, text: string): readonly string[] =>
  renderMarkdown(source, 80)
    .flat()
    .find((part) => part.text === text)?.styles ?? [];

describe('Markdown on a terminal', () => {
  it('keeps plain text as it is', () => {
    expect(draw('just text')).toEqual(['just text']);
  });

  it('styles headings, bold, italic, code and strike-through', () => {
    expect(stylesOf('# Title', 'Title')).toContain('heading');
    expect(stylesOf('a **b**', 'b')).toEqual(['bold']);
    expect(stylesOf('a *b*', 'b')).toEqual(['italic']);
    expect(stylesOf('a `b`', 'b')).toEqual(['code']);
    expect(stylesOf('a ~~b~~', 'b')).toEqual(['strike']);
  });

  it('shows the address of a link once', () => {
    expect(draw('see [docs](https://example.com/a)')).toEqual(['see docs (https://example.com/a)']);
    expect(draw('see https://example.com/a now')).toEqual(['see https://example.com/a now']);
  });

  it('draws lists with their numbers, nested lists and check boxes', () => {
    expect(draw('3. three\n4. four\n   - inner\n- [x] done\n- [ ] open')).toEqual([
      '3. three',
      '4. four',
      '   • inner',
      '',
      '• [x] done',
      '• [ ] open',
    ]);
  });

  it('indents the lines of a list item below its text', () => {
    expect(draw('- one two three four', 12)).toEqual(['• one two', '  three four']);
  });

  it('aligns table columns by the width of the characters, not by their number', () => {
    expect(draw('| 이름 | n |\n|---|--:|\n| 사과 | 1 |\n| banana | 20 |')).toEqual([
      '이름   │  n',
      '───────┼───',
      '사과   │  1',
      'banana │ 20',
    ]);
  });

  it('shows a table as records where it does not fit', () => {
    const table = '| name | price | note |\n|---|---|---|\n| apple | 12000 | a red fruit |\n| pear | 5 | - |';
    expect(draw(table, 20)).toEqual([
      'name: apple',
      'price: 12000',
      'note: a red fruit',
      '',
      'name: pear',
      'price: 5',
      'note: -',
    ]);
  });

  it('cuts code at the edge and drops none of it', () => {
    const lines = draw('```js\nconst  a = 1;   // tail\n```', 12);
    expect(lines.join('')).toBe('const  a = 1;   // tail'.replace(/^/, 'js'));
  });

  it('takes apart words of Chinese and Japanese, but keeps Korean words together', () => {
    expect(draw('漢字漢字漢字', 6)).toEqual(['漢字漢', '字漢字']);
    expect(draw('漢字abc', 6)).toEqual(['漢字', 'abc']);
    expect(draw('ab漢字漢', 6)).toEqual(['ab漢字', '漢']);
    expect(draw('漢字漢。終', 6)).toEqual(['漢字', '漢。終']);
    expect(draw('한국어 문장은 짧다', 10)).toEqual(['한국어', '문장은', '짧다']);
  });

  it('shows entities as the characters they mean', () => {
    expect(draw('a &lt; b &amp;&amp; c &gt; d')).toEqual(['a < b && c > d']);
  });

  it('shows absurdly nested text as it is instead of failing', () => {
    expect(draw('>'.repeat(20_000), 80).length).toBe(250);
  });

  it('never draws a line wider than the window, whatever comes', () => {
    const block = fc.constantFrom(
      '# 제목',
      '- a\n- b 나',
      '1. x\n   - y',
      '> quote 인용',
      '| a | 나 |\n|---|---|\n| 1 | 긴 칸의 글 |',
      '```ts\nconst 가 = 1; // x\n```',
      '---',
      'text **bold** `code` 한글 漢字 😀',
    );
    const source = fc
      .array(fc.oneof(block, fc.string({ unit: 'grapheme', maxLength: 60 })), { maxLength: 8 })
      .map((parts) => parts.join('\n\n'));
    fc.assert(
      fc.property(source, fc.integer({ min: 20, max: 100 }), (text, width) => {
        for (const line of renderMarkdown(text, width)) expect(lineWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
