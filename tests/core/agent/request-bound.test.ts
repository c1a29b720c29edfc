import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestBound } from '../../../src/core/agent/request-bound.ts';
import { systemPrompt } from '../../../src/core/agent/system-prompt.ts';
import { estimateTokens } from '../../../src/core/kernel/estimate-tokens.ts';
import type { Message } from '../../../src/core/kernel/messages.ts';

const tool = (origin: 'builtin' | 'user' | 'ai', text: string) => ({
  name: 'look',
  description: text,
  inputSchema: { type: 'object' },
  origin,
});
const said = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text, provenance: 'user' }] });
const none = { system: [], messages: [], tools: [] };

test('what others wrote is a token a byte, so that no tokenizer makes more of it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' })),
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      (texts, persona, memory) => {
        const bytes = [...texts, persona.trim(), memory.trim()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        const request = { ...none, system: systemPrompt(persona, 'Claw', memory), messages: texts.map(said) };
        const own = requestBound({ ...none, system: systemPrompt('', 'Claw') });
        expect(requestBound(request)).toBeGreaterThanOrEqual(own + bytes);
      },
    ),
  );
});

test("claw's own rules and shipped tools are estimated, tools of a user or the assistant are not", () => {
  const text = 'Reads a page of the web. '.repeat(100);
  const bound = (origin: 'builtin' | 'user' | 'ai'): number => requestBound({ ...none, tools: [tool(origin, text)] });
  expect(bound('builtin')).toBeLessThan(1_200 + estimateTokens(text));
  expect(bound('user')).toBeGreaterThan(1_000 + text.length);
  expect(bound('ai')).toBe(bound('user'));
  const [rules] = systemPrompt('', 'Claw');
  expect(requestBound({ ...none, system: systemPrompt('', 'Claw') })).toBeLessThan((rules?.text.length ?? 0) / 2);
});
