/** A child process of claim-turn.test.ts: sends messages to one conversation, as fast as it can. Arguments: home, conversation, name, count. */
import type { ModelEvent } from '../../../src/core/llm/language-model.ts';
import { childChat } from './child-chat.ts';

const [home = '', conversationId = '', name = '', count = '0'] = process.argv.slice(2);

async function* stream(): AsyncGenerator<ModelEvent> {
  await new Promise((resolve) => setImmediate(resolve));
  const usage = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, cacheWriteTokens: 0 };
  yield { type: 'text-delta', text: name };
  yield {
    type: 'response-end',
    stopReason: 'complete',
    parts: [{ type: 'text', text: name, provenance: 'assistant' }],
    usage,
  };
}

const { chat, store, userId } = await childChat(home, stream, {
  snapshot: async () => ({ tools: [], call: async () => ({ status: 'error', output: 'none' }) }),
});
for (let index = 0; index < Number(count); index += 1) {
  const request = { userId, conversationId, text: `${name} ${index}`, signal: new AbortController().signal };
  for await (const _ of chat.send(request)) continue;
}
await store.close();
