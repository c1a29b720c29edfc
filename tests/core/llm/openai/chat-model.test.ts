import { describe, expect, test } from 'vitest';
import { createChatModel } from '../../../../src/core/llm/openai/chat-model.ts';
import type { LanguageModel } from '../../../../src/core/llm/language-model.ts';
import { collect, endOf, requestOf, serve, text } from '../../../contracts/language-model-kit.ts';
import { chatWire } from '../../../fakes/llm/chat-wire.ts';
import { plainReply, sse } from '../../../fakes/llm/model-server.ts';
import { spoken } from '../../../fakes/llm/wire.ts';

const ask = requestOf([text('user', 'hi')]);

function open(baseUrl: string, key: string | undefined = 'test-key'): LanguageModel {
  const options = {
    provider: 'openai-compatible',
    model: 'm',
    baseUrl,
    credential: async () =>
      key === undefined ? undefined : ({ kind: 'api-key', value: key, source: 'test' } as const),
  };
  return createChatModel({ ...options, dialect: { limitField: 'max_tokens' } });
}

describe('the Chat Completions adapter', () => {
  test.each([
    ['', '/v1/chat/completions'],
    ['/', '/v1/chat/completions'],
    ['/v1', '/v1/chat/completions'],
    ['/v1/', '/v1/chat/completions'],
    ['/api/v2', '/api/v2/chat/completions'],
    ['', '/chat/completions'],
  ])('with the base URL path %j finds a server at %s', async (path, servedAt) => {
    const server = await serve((request) =>
      request.path === servedAt ? spoken(chatWire, { text: ['hi'] }) : plainReply(404, { error: 'not here' }),
    );
    expect(endOf(await collect(open(server.url + path).stream(ask))).stopReason).toBe('complete');
  });

  test('takes the answer of a server that does not stream', async () => {
    const calls = [
      { id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } },
      { id: 'call_2', type: 'function', function: { name: 'add', arguments: '{"a":2}' } },
    ];
    const message = { role: 'assistant', content: 'Adding.', tool_calls: calls };
    const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
    const server = await serve(
      plainReply(200, {
        id: 'x',
        object: 'chat.completion',
        choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
        usage,
      }),
    );
    const end = endOf(await collect(open(`${server.url}/v1`).stream(ask)));
    expect(end).toMatchObject({ stopReason: 'tool-calls', usage: { inputTokens: 11, outputTokens: 7 } });
    expect(end.parts).toMatchObject([
      { text: 'Adding.' },
      { callId: 'call_1', input: { a: 1 } },
      { callId: 'call_2', input: { a: 2 } },
    ]);
  });

  test('takes an error that came with status 200 as the failure it is', async () => {
    const server = await serve(plainReply(200, { error: { message: 'Upstream is down', code: 502 } }));
    await expect(collect(open(`${server.url}/v1`).stream(ask))).rejects.toMatchObject({ kind: 'server', status: 502 });
  });

  test('keeps parallel calls apart that a server numbers alike', async () => {
    const delta = (id: string, a: number) =>
      sse({
        choices: [
          {
            index: 0,
            delta: { tool_calls: [{ index: 0, id, function: { name: 'add', arguments: `{"a":${a}}` } }] },
            finish_reason: null,
          },
        ],
      });
    const end = sse({
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    });
    const server = await serve({ pieces: [delta('a', 1), delta('b', 2), end, sse('[DONE]')] });
    const { parts, stopReason } = endOf(await collect(open(`${server.url}/v1`).stream(ask)));
    expect(parts).toMatchObject([
      { callId: 'a', input: { a: 1 } },
      { callId: 'b', input: { a: 2 } },
    ]);
    expect(stopReason).toBe('tool-calls');
  });

  test('sends no authorization without a key', async () => {
    const server = await serve(spoken(chatWire, { text: ['hi'] }));
    const model = createChatModel({
      provider: 'openai-compatible',
      model: 'm',
      baseUrl: `${server.url}/v1`,
      credential: async () => undefined,
      dialect: { limitField: 'max_tokens' },
    });
    await collect(model.stream(ask));
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});
