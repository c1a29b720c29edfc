import { describe, expect, test } from 'vitest';
import { chatRequest } from '../../../../src/core/llm/openai/chat-request.ts';
import { call, requestOf, result, text } from '../../../contracts/language-model-kit.ts';

const NAMES = { provider: 'openai', model: 'gpt-test', maxTokens: 100 };

describe('a Chat Completions request', () => {
  test('has the system first, then calls with id and name, and results in the role tool with the same id', () => {
    const { messages } = chatRequest(
      requestOf([
        text('user', 'add'),
        { role: 'assistant', parts: [...text('assistant', 'Adding.').parts, call('call_1', { a: 1 })] },
        { role: 'tool', parts: [result('call_1', '3')] },
      ]),
      NAMES,
      { limitField: 'max_completion_tokens' },
    );
    expect(messages).toEqual([
      { role: 'system', content: 'You are claw.' },
      { role: 'user', content: 'add' },
      {
        role: 'assistant',
        content: 'Adding.',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '3' },
    ]);
  });

  test('names the limit as the server knows it', () => {
    const hi = requestOf([text('user', 'hi')]);
    expect(chatRequest(hi, NAMES, { limitField: 'max_completion_tokens' })).toMatchObject({
      max_completion_tokens: 100,
    });
    expect(chatRequest(hi, NAMES, { limitField: 'max_tokens' })).toMatchObject({ max_tokens: 100 });
  });

  test('switches reasoning off only for models that need it for tools, and only with tools', () => {
    const dialect = { limitField: 'max_completion_tokens', effortWithTools: 'none' } as const;
    const hi = [text('user', 'hi')];
    expect(chatRequest(requestOf(hi), NAMES, dialect).reasoning_effort).toBe('none');
    expect(chatRequest(requestOf(hi, { tools: [] }), NAMES, dialect)).not.toHaveProperty('reasoning_effort');
    expect(chatRequest(requestOf(hi), NAMES, { limitField: 'max_tokens' })).not.toHaveProperty('reasoning_effort');
  });

  test('gives a server its own reasoning back', () => {
    const reasoning = { type: 'reasoning', text: 'Hm', provider: 'openai' } as const;
    const history = [
      text('user', 'a'),
      { role: 'assistant' as const, parts: [reasoning, call('c1')] },
      { role: 'tool' as const, parts: [result('c1', '3')] },
    ];
    const { messages } = chatRequest(requestOf(history), NAMES, { limitField: 'max_tokens' });
    expect(messages[2]).toMatchObject({ role: 'assistant', reasoning_content: 'Hm' });
  });
});
