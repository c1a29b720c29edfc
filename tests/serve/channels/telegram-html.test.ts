import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderTelegram } from '../../../src/serve/channels/telegram-html.ts';

test('what stands in code is shown as it stands there', () => {
  expect(renderTelegram('`&lt;b&gt;` and &lt;')).toBe('<code>&amp;lt;b&amp;gt;</code> and &lt;');
});

test('whatever a model writes, every tag is one of Telegram and is closed in order', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('\n', '\n\n', '> ', '- ', '1. ', '    ', '*', '**', '_', '~~', '`', '```html\n', '# ', '| a | b |\n|--|--|\n'),
    fc.constantFrom('[x](https://example.com)', '![i](https://example.com/"<)', '<b>', '</pre>', '&amp;', '<!--', '@everyone'),
  ); // oxfmt-ignore
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const html = renderTelegram(pieces.join(''));
      const open: string[] = [];
      const rest = html.replaceAll(
        /<(\/?)(b|i|s|code|pre|blockquote|a)( href="[^"<>]*"| class="language-[\w+#-]+")?>/g,
        (_tag, slash: string, name: string) => {
          if (slash === '') open.push(name);
          else expect(open.pop()).toBe(name);
          return '';
        },
      );
      expect(open).toEqual([]);
      expect(rest).not.toMatch(/[<>]|&(?!(?:lt|gt|amp|quot);)|@everyone(?![a-z0-9])/i);
    }),
    { numRuns: 500 },
  );
});

test('A10: a ping that hides behind a style is disarmed as well', () => {
  expect(renderTelegram('@**everyone** _@here_ @allison')).toBe('@\u200b<b>everyone</b> <i>@\u200bhere</i> @allison');
});

test.each(['*', '_', '[', '`', '> ', '- ', '![', '<', '~~', '|', '**a ', '\\', '&'])(
  '4,000 characters of %j are rendered in no time',
  (mark) => {
    const start = performance.now();
    renderTelegram(mark.repeat(4000 / mark.length));
    expect(performance.now() - start).toBeLessThan(1000);
  },
);
