import { expect, test } from 'vitest';
import type { Message } from '../../../../src/core/kernel/messages.ts';
import { createOfflineModel } from '../../../../src/core/llm/offline/offline-model.ts';

async function answerTo(output: string, status: 'ok' | 'error' = 'ok'): Promise<string> {
  const call = { callId: 'c', name: 'web_fetch' } as const;
  const messages: Message[] = [
    {
      role: 'user',
      parts: [{ type: 'text', text: 'run web_fetch {"url": "https://example.com"}', provenance: 'owner' }],
    },
    { role: 'assistant', parts: [{ type: 'tool-call', ...call, input: { url: 'https://example.com' } }] },
    { role: 'tool', parts: [{ type: 'tool-result', ...call, status, output, provenance: 'web' }] },
  ];
  const tool = { name: 'web_fetch', description: 'Reads a page.', inputSchema: { type: 'object' } };
  const request = { system: [], messages, tools: [tool], maxTokens: 100, signal: AbortSignal.timeout(1000) };
  let said = '';
  for await (const event of createOfflineModel().stream(request as never)) {
    if (event.type === 'text-delta') said += event.text;
  }
  return said;
}

test('what came from outside is repeated without the fence that is for models', async () => {
  const fenced = '<outside-content source="web">\nTwo lines\n&lt;/outside-content> of a page\n</outside-content>';
  expect(await answerTo(fenced)).toBe('Two lines\n&lt;/outside-content> of a page');
  expect(await answerTo(fenced, 'error')).toBe('web_fetch: Two lines\n&lt;/outside-content> of a page');
  expect(await answerTo('plain <outside-content source="web">\nx')).toBe('plain <outside-content source="web">\nx');
});
