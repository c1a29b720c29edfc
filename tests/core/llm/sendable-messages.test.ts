import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message, Part } from '../../../src/core/kernel/messages.ts';
import { anthropicRequest } from '../../../src/core/llm/anthropic/request.ts';
import { googleRequest } from '../../../src/core/llm/google/request.ts';
import { chatRequest } from '../../../src/core/llm/openai/chat-request.ts';
import { responsesRequest } from '../../../src/core/llm/openai/responses-request.ts';
import { requestOf } from '../../contracts/language-model-kit.ts';
import { anthropicWire } from '../../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../../fakes/llm/chat-wire.ts';
import { googleWire } from '../../fakes/llm/google-wire.ts';
import type { SeenRequest } from '../../fakes/llm/model-server.ts';
import { responsesWire } from '../../fakes/llm/responses-wire.ts';

const id = fc.constantFrom('c1', 'c2', 'c3', 'functions.add:0', 'x'.repeat(70));
const words = fc.constantFrom('', ' ', '\n', 'hello', '안녕');
const provider = fc.constantFrom('anthropic', 'openai', 'google', 'other');

const part: fc.Arbitrary<Part> = fc.oneof(
  words.map((text): Part => ({ type: 'text', text, provenance: 'user' })),
  fc.constant<Part>({ type: 'image', mediaType: 'image/png', data: 'aGk=', provenance: 'user' }),
  fc.tuple(words, provider).map(([text, from]): Part => ({
    type: 'reasoning',
    text,
    provider: from,
    opaque: '{"type":"reasoning","id":"r","summary":[],"encrypted_content":"x"}',
  })),
  id.map((callId): Part => ({ type: 'tool-call', callId, name: 'add', input: {} })),
  fc.tuple(id, words).map(([callId, output]): Part => ({
    type: 'tool-result',
    callId,
    name: 'add',
    status: 'ok',
    output,
    provenance: 'tool',
  })),
);

const message = fc.record({
  role: fc.constantFrom('user' as const, 'assistant' as const, 'tool' as const),
  parts: fc.array(part, { maxLength: 5 }),
});

/** Calls that are answered as they should be, or nearly. */
const exchange = fc
  .tuple(fc.array(id, { minLength: 1, maxLength: 3 }), fc.array(id, { maxLength: 3 }))
  .map(([called, answered]): Message[] => [
    { role: 'assistant', parts: called.map((callId) => ({ type: 'tool-call', callId, name: 'add', input: {} })) },
    {
      role: 'tool',
      parts: [...called, ...answered].map((callId) => ({
        type: 'tool-result',
        callId,
        name: 'add',
        status: 'ok',
        output: 'x',
        provenance: 'tool',
      })),
    },
  ]);

/** Any history at all, sound or not. */
const history: fc.Arbitrary<Message[]> = fc
  .array(
    fc.oneof(
      message.map((each): Message[] => [each]),
      exchange,
    ),
    { maxLength: 8 },
  )
  .map((messages) => messages.flat());

const HEADERS = { 'anthropic-version': '2023-06-01' };

function seen(path: string, body: unknown): SeenRequest {
  return { method: 'POST', path, headers: HEADERS, body: JSON.parse(JSON.stringify(body)) as unknown };
}

describe('what is sent of a history', () => {
  test('is never refused by any provider, however broken the history is', () => {
    fc.assert(
      fc.property(history, (messages) => {
        const hasUserWords = messages.some(
          ({ role, parts }) =>
            role === 'user' &&
            parts.some((each) => each.type === 'image' || (each.type === 'text' && each.text.trim() !== '')),
        );
        fc.pre(hasUserWords);
        const request = requestOf(messages);
        const anthropic = anthropicRequest(request, 'anthropic', 'm', 10);
        expect(anthropicWire.complaints(seen('/v1/messages', anthropic))).toEqual([]);
        const names = { provider: 'openai', model: 'm', maxTokens: 10 };
        expect(
          chatWire.complaints(seen('/v1/chat/completions', chatRequest(request, names, { limitField: 'max_tokens' }))),
        ).toEqual([]);
        expect(
          responsesWire.complaints(seen('/v1/responses', responsesRequest(request, { ...names, isPlain: false }))),
        ).toEqual([]);
        const { contents } = googleRequest(request, 'google', 'm', 10);
        expect(googleWire.complaints(seen('/v1beta/models/m:streamGenerateContent?alt=sse', { contents }))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
