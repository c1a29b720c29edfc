/** A child process of run-turn.test.ts: runs a turn and stops where the test wants to kill it. Arguments: home, place (first, second, repeatable, stream). Prints one line when it is there. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolCallPart } from '../../../src/core/kernel/messages.ts';
import type { ModelEvent } from '../../../src/core/llm/language-model.ts';
import { childChat } from './child-chat.ts';

const [home = '', place = ''] = process.argv.slice(2);

async function hang(line: string): Promise<never> {
  process.stdout.write(`${line}\n`);
  return new Promise(() => setInterval(() => {}, 1_000));
}

function tool(name: string, idempotent: boolean) {
  const fixed = { version: '1.0.0', origin: 'builtin', parallel: false, provenance: 'tool' } as const;
  return { name, description: name, inputSchema: {}, idempotent, ...fixed };
}

async function* stream(): AsyncGenerator<ModelEvent> {
  yield { type: 'text-delta', text: 'half' };
  if (place === 'stream') await hang('stream');
  const call = (callId: string, name: string): ToolCallPart => ({ type: 'tool-call', callId, name, input: {} });
  const parts = [call('a', 'first'), call('b', place === 'repeatable' ? 'repeatable' : 'second')];
  const usage = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, cacheWriteTokens: 0 };
  yield { type: 'response-end', stopReason: 'tool-calls', parts, usage };
}

const { chat, userId } = await childChat(home, stream, {
  snapshot: async () => ({
    tools: [tool('first', false), tool('second', false), tool('repeatable', true)],
    call: async ({ name }) => {
      appendFileSync(join(home, 'effects'), `${name}\n`);
      return name === place ? hang(name) : { status: 'ok', output: `${name} done` };
    },
  }),
});
for await (const _ of chat.send({ userId, text: 'begin', signal: new AbortController().signal })) continue;
