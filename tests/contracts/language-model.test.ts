import { createAnthropicModel } from '../../src/core/llm/anthropic/anthropic-model.ts';
import { createGoogleModel } from '../../src/core/llm/google/google-model.ts';
import { createChatModel } from '../../src/core/llm/openai/chat-model.ts';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../fakes/llm/chat-wire.ts';
import { googleWire } from '../fakes/llm/google-wire.ts';
import { languageModelContract } from './language-model.contract.ts';

const credential = async (): Promise<string> => 'test-key';

languageModelContract({
  provider: 'anthropic',
  wire: anthropicWire,
  create: (url, options) => createAnthropicModel({ provider: 'anthropic', model: 'claude-test', baseUrl: url, credential, ...options }),
});

languageModelContract({
  provider: 'openai',
  wire: chatWire,
  create: (url, options) =>
    createChatModel({
      provider: 'openai',
      model: 'gpt-test',
      baseUrl: `${url.replace(/\/v1$/, '')}/v1`,
      credential,
      dialect: { limitField: 'max_completion_tokens' },
      ...options,
    }),
  lacks: { opaque: true },
});

languageModelContract({
  provider: 'google',
  wire: googleWire,
  create: (url, options) =>
    createGoogleModel({ provider: 'google', model: 'gemini-test', baseUrl: url.replace(/\/v1$/, ''), credential, ...options }),
  lacks: { rawInput: true, cacheWrite: true },
});
