/** How each adapter proves its right on the wire: one proof, in the header its provider documents, and never two. */
import { describe, expect, test } from 'vitest';
import { createAnthropicModel } from '../../src/core/llm/anthropic/anthropic-model.ts';
import type { Credential } from '../../src/core/llm/credential.ts';
import { createGoogleModel } from '../../src/core/llm/google/google-model.ts';
import type { LanguageModel } from '../../src/core/llm/language-model.ts';
import { createChatModel } from '../../src/core/llm/openai/chat-model.ts';
import { createResponsesModel } from '../../src/core/llm/openai/responses-model.ts';
import type { WireModelOptions } from '../../src/core/llm/wire-model.ts';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../fakes/llm/chat-wire.ts';
import { googleWire } from '../fakes/llm/google-wire.ts';
import { plainReply } from '../fakes/llm/model-server.ts';
import { responsesWire } from '../fakes/llm/responses-wire.ts';
import { spoken, type Wire } from '../fakes/llm/wire.ts';
import { collect, failureOf, requestOf, serve, text } from './language-model-kit.ts';

const KEY: Credential = { kind: 'api-key', value: 'the-key', source: 'secret:KEY' };
const BEARER: Credential = { kind: 'bearer', value: 'the-token', source: 'account:one' };

type Create = (options: WireModelOptions) => LanguageModel;
const chat: Create = (options) => createChatModel({ ...options, dialect: { limitField: 'max_tokens' } });

const CASES: readonly (readonly [string, Wire, Create, Credential, Readonly<Record<string, string | undefined>>])[] = [
  ['anthropic', anthropicWire, createAnthropicModel, KEY, { 'x-api-key': 'the-key', authorization: undefined }],
  [
    'anthropic',
    anthropicWire,
    createAnthropicModel,
    BEARER,
    { authorization: 'Bearer the-token', 'anthropic-beta': 'oauth-2025-04-20', 'x-api-key': undefined },
  ],
  ['openai', responsesWire, createResponsesModel, KEY, { authorization: 'Bearer the-key' }],
  ['openai-compatible', chatWire, chat, KEY, { authorization: 'Bearer the-key' }],
  ['copilot', chatWire, chat, BEARER, { authorization: 'Bearer the-token' }],
  ['google', googleWire, createGoogleModel, KEY, { 'x-goog-api-key': 'the-key', authorization: undefined }],
];

describe('the credential on the wire', () => {
  test.each(CASES)('%s', async (provider, wire, create, credential, expected) => {
    const server = await serve(spoken(wire, { text: ['hi'] }));
    const model = create({ provider, model: 'm', baseUrl: server.url, credential: async () => credential });
    await collect(model.stream(requestOf([text('user', 'hi')])));
    const headers = server.requests[0]?.headers ?? {};
    for (const [name, value] of Object.entries(expected)) expect([name, headers[name]]).toEqual([name, value]);
    const proofs = Object.values(headers).filter((value) => String(value).includes(credential.value));
    expect(proofs).toHaveLength(1);
  });

  test.each(CASES)('%s sends the headers that go with it', async (provider, wire, create, credential) => {
    const server = await serve(spoken(wire, { text: ['hi'] }));
    const headers = { 'x-integration': 'claw' };
    const proof = async (): Promise<Credential> => ({ ...credential, headers });
    await collect(
      create({ provider, model: 'm', baseUrl: server.url, credential: proof }).stream(requestOf([text('user', 'hi')])),
    );
    expect(server.requests[0]?.headers).toMatchObject(headers);
  });

  test('the environment of the process is no credential', async () => {
    const server = await serve(spoken(anthropicWire, { text: ['hi'] }));
    const model = createAnthropicModel({
      provider: 'anthropic',
      model: 'm',
      baseUrl: server.url,
      credential: async () => BEARER,
    });
    process.env['ANTHROPIC_API_KEY'] = 'of-the-environment';
    try {
      await collect(model.stream(requestOf([text('user', 'hi')])));
    } finally {
      delete process.env['ANTHROPIC_API_KEY'];
    }
    expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('of-the-environment');
  });

  test('Anthropic says by a header that the allowance of a subscription is used up, and until when', async () => {
    const reset = Math.floor(Date.now() / 1000) + 3600;
    const server = await serve(
      plainReply(429, anthropicWire.errorBody(429, 'Limited.'), {
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-reset': String(reset),
      }),
    );
    const credential = async (): Promise<Credential> => BEARER;
    const model = createAnthropicModel({ provider: 'anthropic', model: 'm', baseUrl: server.url, credential });
    const { failure } = await failureOf(model.stream(requestOf([text('user', 'hi')])));
    expect(failure.kind).toBe('usage-limit');
    expect(failure.retryAfterMs).toBeGreaterThan(3_590_000);
    expect(failure.retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });
});
