import { expect, test } from 'vitest';
import { pointOf, wordsOfAssistant, wordsOfPeople } from '../../../src/core/import/bare-words.ts';

const facts = (label: string, value: unknown): string =>
  `${label} (untrusted metadata):\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n\n`;

test('blocks of facts and times before the words are taken off, and tell who said it', () => {
  const sender = facts('Sender', { label: 'Bo (8001)', id: '8001', name: 'Bo' });
  const info = facts('Conversation info', { message_id: '2780', sender: '8001' });
  expect(wordsOfPeople(`${info}${sender}읽어 줘`)).toEqual([{ author: 'Bo', text: '읽어 줘' }]);
  expect(wordsOfPeople(`[Wed 2026-03-11 23:51 PDT] ${info}hello`)).toEqual([{ author: '8001', text: 'hello' }]);
  expect(wordsOfPeople('[Thu 2026-04-09 14:48 GMT+8] hello\n[message_id: 77]')).toEqual([
    { author: undefined, text: 'hello' },
  ]);
});

test('words that only look like a wrapper stay as they are', () => {
  for (const text of [
    '[note] hello',
    'Sender (untrusted metadata): none',
    'see [message_id: 7] above',
    '  indented',
    '- [x] done',
  ]) {
    expect(wordsOfPeople(text).map((words) => words.text.trim())).toEqual([text.trim()]);
  }
});

test('calls of the program to its agent, and answers that say nothing, are no words', () => {
  expect(wordsOfPeople('Read HEARTBEAT.md if it exists (workspace context). Follow it strictly.')).toEqual([]);
  expect(wordsOfPeople('<environment_context>\n</environment_context>')).toEqual([]);
  expect(wordsOfAssistant('HEARTBEAT_OK')).toBeUndefined();
  expect(wordsOfAssistant('NO_REPLY\n')).toBeUndefined();
  expect(wordsOfAssistant('[[reply_to_current]] 문제없습니다.')).toBe('문제없습니다.');
  expect(wordsOfAssistant('I answer HEARTBEAT_OK when all is well.')).toBe('I answer HEARTBEAT_OK when all is well.');
});

test('people of a room that were put together are apart again', () => {
  const text =
    '<messages>\n<message sender="A" time="x">1 &lt; 2</message>\n<message sender="B" time="y">2</message>\n</messages>';
  expect(wordsOfPeople(text)).toEqual([
    { author: 'A', text: '1 < 2' },
    { author: 'B', text: '2' },
  ]);
  expect(wordsOfPeople('<messages> of nobody')).toEqual([{ author: undefined, text: '<messages> of nobody' }]);
});

test('damaged and endless wrappers end', () => {
  expect(wordsOfPeople(`Sender (untrusted metadata):\n\`\`\`json\n{ damaged\n\`\`\`\nhi`)).toEqual([
    { author: undefined, text: 'hi' },
  ]);
  expect(wordsOfPeople(facts('Sender', { name: 'Bo' }).repeat(50))).toHaveLength(1);
  expect(wordsOfPeople(`Sender (untrusted metadata):\n\`\`\`json\n${'x'.repeat(200_000)}`)).toHaveLength(1);
});

test('a line of a megabyte is read in one look, whatever is opened and not closed', () => {
  const opened = '<message '.repeat(110_000);
  const begun = performance.now();
  expect(wordsOfPeople(`<messages>${opened}`)).toEqual([{ author: undefined, text: expect.any(String) as string }]);
  expect(wordsOfPeople(`${'<messages>'.repeat(100_000)}<message sender="Ann">hi</message>`)).toEqual([
    { author: 'Ann', text: 'hi' },
  ]);
  expect(pointOf(`- ${' '.repeat(1_000_000)}\u2028x`)).toBe('x');
  expect(pointOf(' '.repeat(1_000_000))).toBeUndefined();
  // Seconds, on a machine that does much else; it took minutes.
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test('a point of a list is told from other lines', () => {
  expect(pointOf('  *  **likes** tea ')).toBe('**likes** tea');
  expect(pointOf('-tea')).toBeUndefined();
  expect(pointOf('tea - hot')).toBeUndefined();
  expect(pointOf('-')).toBeUndefined();
});
