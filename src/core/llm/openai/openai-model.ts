/** Owns which of OpenAI's two APIs is spoken: Responses with OpenAI itself, whose newer models reason with tools only there; Chat Completions with any other server at the address. */
import type { LanguageModel } from '../language-model.ts';
import type { WireModelOptions } from '../wire-model.ts';
import { createChatModel } from './chat-model.ts';

export interface OpenAIModelOptions extends WireModelOptions {
  readonly effortWithTools?: 'none';
}

export function createOpenAIModel(options: OpenAIModelOptions): LanguageModel {
  const { effortWithTools } = options;
  const dialect = {
    limitField: 'max_completion_tokens',
    ...(effortWithTools === undefined ? {} : { effortWithTools }),
  } as const;
  return createChatModel({ ...options, dialect });
}
