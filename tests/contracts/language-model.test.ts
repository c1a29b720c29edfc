import type { Credential } from '../../src/core/llm/credential.ts';
import { createAnthropicModel } from '../../src/core/llm/anthropic/anthropic-model.ts';
import { createGoogleModel } from '../../src/core/llm/google/google-model.ts';
import { createChatModel } from '../../src/core/llm/openai/chat-model.ts';
import { createResponsesModel } from '../../src/core/llm/openai/responses-model.ts';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../fakes/llm/chat-wire.ts';
import { googleWire } from '../fakes/llm/google-wire.ts';
import { responsesWire } from '../fakes/llm/responses-wire.ts';
import { languageModelFailuresContract } from './language-model-failures.contract.ts';
import type { ContractKit } from './language-model-kit.ts';
import { languageModelContract } from './language-model.contract.ts';

const credential = async (): Promise<Credential> => ({ kind: 'api-key', value: 'test-key', source: 'test' });

/** Base URLs come with and without their version; each adapter takes both. */
const KITS: readonly ContractKit[] = [
  {
    provider: 'anthropic',
    wire: anthropicWire,
    create: (url, options) =>
      createAnthropicModel({ provider: 'anthropic', model: 'claude-test', baseUrl: url, credential, ...options }),
  },
  {
    provider: 'openai',
    wire: responsesWire,
    create: (url, options) =>
      createResponsesModel({ provider: 'openai', model: 'gpt-test', baseUrl: url, credential, ...options }),
  },
  {
    provider: 'openai-compatible',
    wire: chatWire,
    create: (url, options) =>
      createChatModel({
        provider: 'openai-compatible',
        model: 'gpt-test',
        baseUrl: `${url}/v1`,
        credential,
        dialect: { limitField: 'max_tokens' },
        ...options,
      }),
    lacks: { opaque: true },
  },
  {
    provider: 'google',
    wire: googleWire,
    create: (url, options) =>
      createGoogleModel({ provider: 'google', model: 'gemini-test', baseUrl: url, credential, ...options }),
    lacks: { rawInput: true, cacheWrite: true },
  },
];

for (const kit of KITS) {
  languageModelContract(kit);
  languageModelFailuresContract(kit);
}
