/** How Markdown of models looks on Slack, and that it pings nobody. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMrkdwn } from '../../../src/serve/channels/slack-mrkdwn.ts';

describe('Markdown for Slack', () => {
  it.each([
    ['# Title', '*Title*'],
    ['## A **bold** title', '*A bold title*'],
    ['**bold** and *slanted* and ~~gone~~', '*bold* and _slanted_ and ~gone~'],
    ['see [the page](https://example.com/a?b=1&c=2)', 'see <https://example.com/a?b=1&amp;c=2|the page>'],
    ['<https://example.com>', '<https://example.com>'],
    ['a `x < y && z` b', 'a `x &lt; y &amp;&amp; z` b'],
    ['- one\n- two\n  - inner', '• one\n• two\n    • inner'],
    ['3. three\n4. four', '3. three\n4. four'],
    ['- [x] done\n- [ ] open', '☑ done\n☐ open'],
    ['> said\n> so', '> said\n> so'],
    ['```ts\nif (a < b) {}\n```', '```\nif (a &lt; b) {}\n```'],
    ['one\n\ntwo', 'one\n\ntwo'],
    ['snake_case_name 2 * 3 * 4', 'snake_case_name 2 * 3 * 4'],
    ['a<b & "c"', 'a&lt;b &amp; "c"'],
  ])('renders %j', (markdown, mrkdwn) => expect(renderMrkdwn(markdown)).toBe(mrkdwn));

  it('sets bold apart from a Korean particle, without which Slack shows the stars', () => {
    expect(renderMrkdwn('**굵게**는')).toBe('*굵게*\u200b는');
  });

  it('draws a table as columns of equal width', () => {
    expect(renderMrkdwn('| a | 이름 |\n|---|---|\n| long | b |')).toBe('```\na    | 이름\n-----+-----\nlong | b\n```');
  });

  it('shows a link that is neither web nor mail as words', () => {
    expect(renderMrkdwn('[press](javascript:alert)')).toBe('press (javascript:alert)');
    expect(renderMrkdwn('[x](!channel)')).toBe('x (!channel)');
  });

  it.each([
    '<!channel>',
    '<!here>',
    '<!everyone>',
    '<@U0001>',
    '<!subteam^S0001>',
    '`<!here>`',
    '```\n<!channel>\n```',
  ])('lets %s ping nobody', (text) => expect(renderMrkdwn(text)).not.toMatch(/<[!@#]/));

  it('A10: sets the names that reach everybody apart, except in code', () => {
    expect(renderMrkdwn('@everyone, **@here** [@channel](https://example.com)')).not.toMatch(
      /@(?:everyone|here|channel)/,
    );
    expect(renderMrkdwn('`@here` mail@here.example @hereby')).toContain('`@here`');
    expect(renderMrkdwn('@hereby')).toBe('@hereby');
  });

  it('keeps code from ending its fence early', () => {
    const text = renderMrkdwn('~~~\n```\n<!here>\n```\n~~~');
    expect(text.match(/```/g)).toHaveLength(2);
  });

  it('never lets any text open a mention, whatever it is made of', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '!',
      '@',
      '#',
      'here',
      '[',
      ']',
      '(',
      ')',
      '|',
      '`',
      '*',
      '\n',
      '&lt;',
      'http://a',
      '~',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        expect(renderMrkdwn(pieces.join(''))).not.toMatch(/<(?!https?:\/\/|mailto:)/i);
      }),
      { numRuns: 500 },
    );
  });
});
