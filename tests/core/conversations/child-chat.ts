/** Owns the chat service as the child processes of the tests run it: real store, a model and tools given by the program. */
import { join } from 'node:path';
import { localOwner } from '../../../src/core/access/local-user.ts';
import { createContext } from '../../../src/core/agent/turn-context.ts';
import { createChatService } from '../../../src/core/conversations/chat-service.ts';
import type { ChatDeps } from '../../../src/core/conversations/prepare-turn.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import type { ModelEvent } from '../../../src/core/llm/language-model.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { ENGLISH } from '../../../src/core/kernel/language/catalogue.ts';

const plain = (text: string): string => text;
const LIMITS = {
  maxOutputTokens: 100,
  maxToolRounds: 10,
  maxTokens: 1e6,
  maxCostMicroUsd: Infinity,
  maxMs: 60_000,
  toolTimeoutMs: 30_000,
  maxHistory: 50,
};

export async function childChat(home: string, stream: () => AsyncIterable<ModelEvent>, tools: ChatDeps['tools']) {
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
  const chat = createChatService({
    store,
    clock: systemClock,
    tools,
    resolveModel: async () => ({
      ref: 'scripted/model',
      model: { provider: 'scripted', model: 'model', stream },
      contextTokens: 1e6,
      price: () => 100,
      ceiling: () => 100,
      takeNotices: () => [],
    }),
    policy: {
      limits: LIMITS,
      maxMessageChars: 10_000,
      assistantName: 'claw',
      catalogue: ENGLISH,
      zone: 'UTC',
      context: createContext('UTC'),
      text: {
        mask: plain,
        maskJson: (value) => value,
        maskStream: () => ({ push: plain, flush: () => '' }),
        fit: async (output) => output,
      },
      instruction: async () => '',
    },
  });
  const userId = (await localOwner(store, systemClock)).id;
  return { store, chat, userId };
}
