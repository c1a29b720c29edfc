import { expect, test } from 'vitest';
import { renderTelegram } from '../../../src/serve/channels/telegram-html.ts';

test('what stands in code is shown as it stands there', () => {
  expect(renderTelegram('`&lt;b&gt;` and &lt;')).toBe('<code>&amp;lt;b&amp;gt;</code> and &lt;');
});
