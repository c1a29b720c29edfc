import { describe, expect, test } from 'vitest';
import type { Credential } from '../../../../src/core/llm/credential.ts';
import { createGoogleModel } from '../../../../src/core/llm/google/google-model.ts';
import { call, collect, endOf, requestOf, result, serve, text } from '../../../contracts/language-model-kit.ts';
import { googleWire } from '../../../fakes/llm/google-wire.ts';
import { type ModelServer, plainReply, sse } from '../../../fakes/llm/model-server.ts';
import { spoken } from '../../../fakes/llm/wire.ts';

const ask = requestOf([text('user', 'hi')]);
const credential = async (): Promise<Credential> => ({ kind: 'api-key', value: 'test-key', source: 'test' });

function open({ url }: ModelServer, model = 'gemini-test') {
  return createGoogleModel({ provider: 'google', model, baseUrl: url, credential });
}

describe('the Gemini adapter', () => {
  test('makes up stable ids for calls that come without', async () => {
    const server = await serve(
      spoken(googleWire, {
        calls: [
          { name: 'add', input: { a: 1 } },
          { name: 'add', input: { a: 2 } },
        ],
      }),
    );
    const { parts } = endOf(await collect(open(server).stream(ask)));
    const ids = parts.map((part) => (part.type === 'tool-call' ? part.callId : ''));
    expect(ids).toEqual([expect.stringMatching(/^call_[0-9a-f]{32}$/), expect.stringMatching(/^call_[0-9a-f]{32}$/)]);
    expect(new Set(ids).size).toBe(2);
  });

  test('returns the thought signature of a call with it, and stands in for one that another model made', async () => {
    const server = await serve(
      spoken(googleWire, { calls: [{ name: 'add', input: {} }], opaque: 'c2ln' }),
      spoken(googleWire, { text: ['ok'] }),
    );
    const { parts } = endOf(await collect(open(server).stream(ask)));
    const [own] = parts;
    if (own?.type !== 'tool-call') throw new Error('no call');
    const history = [
      text('user', 'a'),
      { role: 'assistant' as const, parts: [own] },
      { role: 'tool' as const, parts: [result(own.callId, '3')] },
    ];
    await collect(open(server).stream(requestOf(history)));
    expect(server.requests[1] && googleWire.opaques(server.requests[1])).toEqual(['c2ln']);

    const foreign = [
      text('user', 'a'),
      { role: 'assistant' as const, parts: [call('c1'), call('c2')] },
      { role: 'tool' as const, parts: [result('c1', '3'), result('c2', '4')] },
    ];
    await collect(open(server).stream(requestOf(foreign)));
    expect(server.requests[2] && googleWire.opaques(server.requests[2])).toEqual(['skip_thought_signature_validator']);
    await collect(open(server, 'gemini-2.5-flash').stream(requestOf(foreign)));
    expect(server.requests[3] && googleWire.opaques(server.requests[3])).toEqual([]);
  });

  test('counts thoughts as output', async () => {
    const usageMetadata = {
      promptTokenCount: 10,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 20,
      cachedContentTokenCount: 4,
    };
    const server = await serve({
      pieces: [sse({ candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }], usageMetadata })],
    });
    expect(endOf(await collect(open(server).stream(ask))).usage).toEqual({
      inputTokens: 10,
      outputTokens: 25,
      cachedTokens: 4,
      cacheWriteTokens: 0,
    });
  });

  test('takes a blocked prompt as a refusal and a malformed call as a broken stream', async () => {
    const blocked = await serve({
      pieces: [sse({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } })],
    });
    expect(endOf(await collect(open(blocked).stream(ask))).stopReason).toBe('refusal');
    const malformed = await serve({ pieces: [sse({ candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] })] });
    await expect(collect(open(malformed).stream(ask))).rejects.toMatchObject({ kind: 'broken-stream' });
  });

  test('leaves asking again to claw, even where the SDK could go on by itself', async () => {
    const chunk = { candidates: [{ content: { parts: [{ text: 'x' }] }, continuationToken: 'token' }] };
    const server = await serve({ pieces: [sse(chunk)] });
    await expect(collect(open(server).stream(ask))).rejects.toMatchObject({ kind: 'broken-stream' });
    expect(server.requests).toHaveLength(1);
  });

  test('reads the wait that Google puts into the body', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '12.5s' }];
    const server = await serve(
      plainReply(429, { error: { code: 429, message: 'Quota', status: 'RESOURCE_EXHAUSTED', details } }),
    );
    await expect(collect(open(server).stream(ask))).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 12_500,
    });
  });

  test.each(['', '/', '/v1beta', '/v1beta/'])('takes a base URL that ends with %j', async (end) => {
    const server = await serve(spoken(googleWire, { text: ['hi'] }));
    const model = createGoogleModel({
      provider: 'google',
      model: 'gemini-test',
      baseUrl: server.url + end,
      credential,
    });
    await collect(model.stream(ask));
    expect(server.requests[0]?.path).toBe('/v1beta/models/gemini-test:streamGenerateContent?alt=sse');
    expect(server.requests[0]?.headers['x-goog-api-key']).toBe('test-key');
  });
});
