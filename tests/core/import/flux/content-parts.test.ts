import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saidMessages, wordsIn } from '../../../../src/core/import/flux/content-parts.ts';

const said = (role: 'user' | 'assistant', content: unknown, names = new Map<string, string>()) =>
  saidMessages(role, JSON.stringify(content), names);

test('a text is a text, whoever said it, also when it is no JSON', () => {
  expect(said('user', 'hello')).toEqual([
    { role: 'user', parts: [{ type: 'text', text: 'hello', provenance: 'user' }] },
  ]);
  expect(saidMessages('assistant', 'plain {words', new Map())).toMatchObject([
    { parts: [{ text: 'plain {words', provenance: 'assistant' }] },
  ]);
  expect(said('user', '   ')).toEqual([]);
});

test('a call and its result stay a pair, and the result bears the name of its tool', () => {
  const names = new Map<string, string>();
  const call = said(
    'assistant',
    [
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Busan' } },
    ],
    names,
  );
  expect(call[0]?.parts[1]).toEqual({ type: 'tool-call', callId: 't1', name: 'weather', input: { city: 'Busan' } });
  const answer = said(
    'user',
    [
      { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'sunny' }], is_error: true },
      { type: 'text', text: 'thanks' },
    ],
    names,
  );
  expect(answer).toEqual([
    {
      role: 'tool',
      parts: [
        { type: 'tool-result', callId: 't1', name: 'weather', status: 'error', output: 'sunny', provenance: 'tool' },
      ],
    },
    { role: 'user', parts: [{ type: 'text', text: 'thanks', provenance: 'user' }] },
  ]);
});

test('an image is kept when it is one that models take; another is mentioned', () => {
  const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
  expect(said('user', [{ type: 'image', source }])[0]?.parts).toEqual([
    { type: 'image', mediaType: 'image/png', data: 'iVBORw0KGgo=', provenance: 'user' },
  ]);
  const odd = { ...source, media_type: 'image/svg+xml' };
  expect(wordsIn(said('user', [{ type: 'image', source: odd }])[0]?.parts ?? [])).toBe(
    '[An image that was not taken over.]',
  );
});

test('whatever stands there, what comes out can be stored', () => {
  const block = fc.record({
    type: fc.constantFrom('text', 'tool_use', 'tool_result', 'image', 'other'),
    id: fc.anything(),
    name: fc.anything(),
    text: fc.anything(),
    content: fc.anything(),
    input: fc.anything(),
    tool_use_id: fc.anything(),
    source: fc.anything(),
  });
  const content = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.oneof(block, fc.anything())), fc.anything());
  fc.assert(
    fc.property(content, fc.constantFrom('user' as const, 'assistant' as const), (value, role) => {
      let raw: string | undefined;
      try {
        raw = JSON.stringify(value);
      } catch {
        return; // no JSON, such as a bigint
      }
      for (const message of saidMessages(role, raw ?? 'undefined', new Map())) {
        expect(message.parts.length).toBeGreaterThan(0);
        const text = JSON.stringify(message);
        expect(text.isWellFormed()).toBe(true);
        expect(JSON.parse(text)).toEqual(message);
        expect(text).not.toContain('\\u0000');
      }
    }),
    { numRuns: 100 },
  );
});
