/** Owns which of OpenAI's two APIs is spoken: Responses with OpenAI itself, whose newer models reason with tools only there; Chat Completions with any other server at the address. */
import type { LanguageModel } from '../language-model.ts';
import type { WireModelOptions } from '../wire-model.ts';
import { createChatModel } from './chat-model.ts';
import { createResponsesModel } from './responses-model.ts';

export interface OpenAIModelOptions extends WireModelOptions {
  readonly effortWithTools?: 'none';
  readonly isPlain?: true;
}

const OPENAI_HOST = 'api.openai.com';

export function createOpenAIModel(options: OpenAIModelOptions): LanguageModel {
  if (new URL(options.baseUrl).hostname === OPENAI_HOST) return createResponsesModel(options);
  const { effortWithTools } = options;
  const effort = effortWithTools === undefined ? {} : { effortWithTools };
  return createChatModel({ ...options, dialect: { limitField: 'max_completion_tokens', ...effort } });
}
