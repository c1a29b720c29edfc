import { describe, expect, test } from 'vitest';
import { REDACTED_MARK, anthropicRequest } from '../../../../src/core/llm/anthropic/request.ts';
import { call, requestOf, result, text } from '../../../contracts/language-model-kit.ts';

const TOOL = { name: 'add', description: 'Adds.', inputSchema: { type: 'object' } };

function convert(...args: Parameters<typeof requestOf>) {
  return anthropicRequest(requestOf(...args), 'anthropic', 'claude-test', 100);
}

describe('a request to Anthropic', () => {
  test('has its cache breakpoints on marked system parts, the last tool and the last block, four at most', () => {
    const system = ['one', 'two', 'three', 'four'].map((each, index) => ({ text: each, cacheBreakpoint: index !== 3 }));
    const request = convert([text('user', 'first', 'second')], {
      system,
      tools: [TOOL, { ...TOOL, name: 'multiply' }],
    });
    const cached = { cache_control: { type: 'ephemeral' } };
    expect(request.system).toEqual([
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two', ...cached },
      { type: 'text', text: 'three', ...cached },
      { type: 'text', text: 'four' },
    ]);
    expect(request.tools?.map((tool) => 'cache_control' in tool)).toEqual([false, true]);
    expect(request.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'first' },
          { type: 'text', text: 'second', ...cached },
        ],
      },
    ]);
    expect(JSON.stringify(request).match(/cache_control/g)).toHaveLength(4);
  });

  test('begins with the bytes of the request before it, breakpoints aside', () => {
    const before = [text('user', 'hi')];
    const after = [
      ...before,
      { role: 'assistant' as const, parts: [call('c1')] },
      { role: 'tool' as const, parts: [result('c1', '3')] },
    ];
    const bytes = (messages: typeof after): string =>
      JSON.stringify(convert(messages).messages, (key, value: unknown) =>
        key === 'cache_control' ? undefined : value,
      ).slice(0, -1);
    expect(bytes(after).startsWith(bytes(before))).toBe(true);
  });

  test('gives results and what the user said next as one message, results first', () => {
    const { messages } = convert([
      text('user', 'add'),
      { role: 'assistant', parts: [call('c1')] },
      { role: 'tool', parts: [result('c1', '3', { status: 'timeout' })] },
      text('user', 'hurry'),
    ]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[2]?.content).toMatchObject([
      { type: 'tool_result', tool_use_id: 'c1', content: '3', is_error: true },
      { type: 'text', text: 'hurry' },
    ]);
  });

  test('returns encrypted thinking as such, signed thinking with its signature, and drops what has neither', () => {
    const parts = [
      { type: 'reasoning', text: '', provider: 'anthropic', opaque: `${REDACTED_MARK}abc` },
      { type: 'reasoning', text: 'Hm', provider: 'anthropic', opaque: 'sig' },
      { type: 'reasoning', text: 'unsigned', provider: 'anthropic' },
    ] as const;
    const { messages } = convert([
      text('user', 'a'),
      { role: 'assistant', parts: [...parts, ...text('assistant', 'b').parts] },
      text('user', 'c'),
    ]);
    expect(messages[1]?.content).toEqual([
      { type: 'redacted_thinking', data: 'abc' },
      { type: 'thinking', thinking: 'Hm', signature: 'sig' },
      { type: 'text', text: 'b' },
    ]);
  });
});
