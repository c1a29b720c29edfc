import { describe, expect, test } from 'vitest';
import type { Credential } from '../../../../src/core/llm/credential.ts';
import { createOpenAIModel } from '../../../../src/core/llm/openai/openai-model.ts';
import { createResponsesModel } from '../../../../src/core/llm/openai/responses-model.ts';
import { responsesRequest } from '../../../../src/core/llm/openai/responses-request.ts';
import { collect, requestOf, serve, text } from '../../../contracts/language-model-kit.ts';
import { chatWire } from '../../../fakes/llm/chat-wire.ts';
import { sse } from '../../../fakes/llm/model-server.ts';
import { spoken } from '../../../fakes/llm/wire.ts';

const ask = requestOf([text('user', 'hi')]);
const credential = async (): Promise<Credential> => ({ kind: 'api-key', value: 'test-key', source: 'test' });

describe('the OpenAI adapter', () => {
  test('speaks Chat Completions to any address but OpenAI’s own', async () => {
    const server = await serve(spoken(chatWire, { text: ['hi'] }));
    const model = createOpenAIModel({ provider: 'openai', model: 'gpt-5', baseUrl: `${server.url}/v1`, credential });
    await collect(model.stream(ask));
    expect(server.requests[0]?.path).toBe('/v1/chat/completions');
  });

  test('asks a model that does not reason for no reasoning', () => {
    const names = { provider: 'openai', model: 'm', maxTokens: 1 };
    expect(responsesRequest(ask, { ...names, isPlain: true })).not.toHaveProperty('include');
    expect(responsesRequest(ask, { ...names, isPlain: false })).toMatchObject({
      include: ['reasoning.encrypted_content'],
      store: false,
      max_output_tokens: 16,
    });
  });

  test('takes a response that failed in its course as the failure it is', async () => {
    const error = { code: 'rate_limit_exceeded', message: 'Too many tokens.' };
    const server = await serve({
      pieces: [sse({ type: 'response.failed', response: { status: 'failed', error } }, 'response.failed')],
    });
    const model = createResponsesModel({ provider: 'openai', model: 'gpt-5', baseUrl: server.url, credential });
    await expect(collect(model.stream(ask))).rejects.toMatchObject({ kind: 'rate-limited' });
  });
});
