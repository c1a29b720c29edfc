/** How Slack's message text becomes words. */
import { describe, expect, it } from 'vitest';
import { mentions, readSlackText } from '../../../src/serve/channels/slack-text.ts';

const names = {
  user: async (id: string) => (id === 'U0001' ? 'Ada' : id),
  channel: async (id: string) => (id === 'C0001' ? 'general' : undefined),
};

describe('text of Slack', () => {
  it.each([
    ['<@U0001> hi', '@Ada hi'],
    ['<@U0009|bob> hi', '@bob hi'],
    ['<@U0404> hi', '@U0404 hi'],
    ['in <#C0001|general> and <#C0001> and <#C0404|>', 'in #general and #general and #C0404'],
    ['<!here> <!subteam^S0001|@ops> <!subteam^S0001>', '@here @ops @S0001'],
    ['<!date^1700000000^{date}|14 November>', '14 November'],
    ['<https://example.com/a?b=1&amp;c=2>', 'https://example.com/a?b=1&c=2'],
    ['<https://example.com|example.com>', 'example.com'],
    ['<https://example.com|the page>', 'the page (https://example.com)'],
    ['<mailto:ada@example.com|ada@example.com>', 'ada@example.com'],
    ['a&lt;b &amp;&amp; c&gt;d &amp;lt;', 'a<b && c>d &lt;'],
    ['&lt;@U0001&gt; is text', '<@U0001> is text'],
  ])('reads %j', async (text, words) => expect(await readSlackText(text, names)).toBe(words));

  it('sees a mention with and without a name, and no other', () => {
    expect(mentions('hi <@U0001>', 'U0001')).toBe(true);
    expect(mentions('hi <@U0001|claw>', 'U0001')).toBe(true);
    expect(mentions('hi <@U00011>', 'U0001')).toBe(false);
    expect(mentions('hi &lt;@U0001&gt;', 'U0001')).toBe(false);
  });
});
