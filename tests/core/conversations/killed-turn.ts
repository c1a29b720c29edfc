/** A child process of resume.test.ts: runs a turn and stops where the test wants to kill it. Arguments: home, place (first-tool, second-tool, stream). Prints one line when it is there. */
import { createChatService } from '../../../src/core/conversations/chat-service.ts';
import { localOwner } from '../../../src/core/access/local-user.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import type { ModelEvent } from '../../../src/core/llm/language-model.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const [home = '', place = ''] = process.argv.slice(2);
const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
const hang = async (line: string): Promise<never> => {
  process.stdout.write(`${line}\n`);
  return new Promise(() => setInterval(() => {}, 1_000));
};
const tool = (name: string, idempotent: boolean) => ({
  name, description: name, inputSchema: {}, version: '1.0.0', origin: 'builtin' as const, parallel: false, idempotent, provenance: 'tool' as const,
}); // oxfmt-ignore
const plain = (text: string): string => text;
const chat = createChatService({
  store,
  clock: systemClock,
  tools: {
    snapshot: async () => ({
      tools: [tool('first', false), tool('second', false), tool('repeatable', true)],
      call: async ({ name }) => {
        appendFileSync(join(home, 'effects'), `${name}\n`);
        return name === place ? hang(name) : { status: 'ok', output: `${name} done` };
      },
    }),
  },
  resolveModel: async () => ({
    ref: 'scripted/model',
    model: {
      provider: 'scripted',
      model: 'model',
      async *stream(): AsyncGenerator<ModelEvent> {
        yield { type: 'text-delta', text: 'half' };
        if (place === 'stream') await hang('stream');
        const call = (callId: string, name: string) => ({ type: 'tool-call' as const, callId, name, input: {} });
        const parts = [call('a', 'first'), call('b', place === 'repeatable' ? 'repeatable' : 'second')];
        yield { type: 'response-end', stopReason: 'tool-calls', parts, usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 0, cacheWriteTokens: 0 } };
      },
    },
    contextTokens: 1e6,
    price: () => 100,
    ceiling: () => 100,
    takeNotices: () => [],
  }),
  policy: {
    limits: { maxOutputTokens: 100, maxToolRounds: 10, maxTokens: 1e6, maxCostMicroUsd: Infinity, maxMs: 60_000, toolTimeoutMs: 30_000, maxHistory: 50 },
    maxMessageChars: 10_000,
    assistantName: 'claw',
    zone: 'UTC',
    text: { mask: plain, maskJson: (value) => value, maskStream: () => ({ push: plain, flush: () => '' }), fit: async (output) => output },
    instruction: async () => '',
  },
});
const { id } = await localOwner(store, systemClock);
for await (const _ of chat.send({ userId: id, text: 'begin', signal: new AbortController().signal })) continue;
