import { expect, test } from 'vitest';
import { normaliseChatId } from '../../../src/core/conversations/chat-id.ts';

test.each([
  ['tg:-100123', 'telegram', 'tg:-100123'],
  ['telegram:42', 'telegram', 'tg:42'],
  ['-100123@telegram', 'telegram', 'tg:-100123'],
  ['dc:123', 'discord', 'dc:123'],
  ['123@discord', 'discord', 'dc:123'],
  ['Discord:123', 'discord', 'dc:123'],
  [' slack:C0123 ', 'slack', 'slack:C0123'],
  ['slack:d0abc', 'slack', 'slack:D0ABC'],
  ['C0123@slack', 'slack', 'slack:C0123'],
])('%j is a chat of %s', (text, channel, jid) => expect(normaliseChatId(text)).toEqual({ channel, jid }));

test.each([
  '',
  '123',
  'tg:',
  'tg:abc',
  'tg:0',
  'dc:-1',
  'dc:1/../2',
  'slack:0123',
  'irc:1',
  '1@irc',
  'tg:1@discord',
  'tg:1\n2',
])('%j is refused', (text) =>
  expect(() => normaliseChatId(text)).toThrow(expect.objectContaining({ code: 'usage-invalid' })),
);
