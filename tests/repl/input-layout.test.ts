import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editorWith, insertPaste, moveCursor } from '../../src/repl/input-editor.ts';
import { layoutInput } from '../../src/repl/input-layout.ts';
import { textWidth } from '../../src/core/kernel/text-width.ts';
import { lineWidth, plainText } from '../../src/repl/styled-text.ts';

describe('the input on the screen', () => {
  it('wraps by columns, so that no Hangul syllable is cut in half', () => {
    const { lines, row, column } = layoutInput(editorWith('가나다라'), 5, 10);
    expect(lines.map(plainText)).toEqual(['가나', '다라']);
    expect([row, column]).toEqual([1, 4]);
  });

  it('gives the cursor a row of its own after a full one', () => {
    expect(layoutInput(editorWith('abcd'), 4, 10)).toMatchObject({ row: 1, column: 0 });
  });

  it('puts the cursor before the character it stands on', () => {
    expect(layoutInput(moveCursor(editorWith('a한b'), 'left'), 10, 10)).toMatchObject({ row: 0, column: 3 });
  });

  it('shows the rows around the cursor when there are more than fit', () => {
    const { lines, row } = layoutInput(editorWith('1\n2\n3\n4\n5'), 10, 3);
    expect(lines.map(plainText)).toEqual(['3', '4', '5']);
    expect(row).toBe(2);
  });

  it('shows a folded paste by what it holds', () => {
    const editor = insertPaste(editorWith('a'), 'x\n'.repeat(20));
    expect(layoutInput(editor, 40, 3).lines.map(plainText)).toEqual(['a[pasted 21 lines]']);
  });

  it('never leaves its columns and rows', () => {
    fc.assert(
      fc.property(
        fc
          .array(
            fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((each) => textWidth(each) <= 2),
            { maxLength: 200 },
          )
          .map((each) => each.join('')),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        (text, width, height) => {
          const { lines, row, column } = layoutInput(editorWith(text), width, height);
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(width);
          expect(row).toBeGreaterThanOrEqual(0);
          expect(row).toBeLessThan(lines.length);
          expect(column).toBeLessThan(width + 1);
        },
      ),
    );
  });
});
