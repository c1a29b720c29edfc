/** Owns the adapter to Anthropic's Messages API. */
import type { LanguageModel, ModelEvent, ModelRequest } from '../language-model.ts';
import { type Connection, streamResponse } from '../stream-response.ts';
import { outputLimit, type WireModelOptions } from '../wire-model.ts';
import { AnthropicResponse } from './events.ts';
import { anthropicRequest } from './request.ts';
import { openMessages } from './sdk.ts';

export function createAnthropicModel(options: WireModelOptions): LanguageModel {
  const { provider, model } = options;
  return {
    provider,
    model,
    stream: (request) => streamResponse({ ...options, request }, (connection) => respond(options, request, connection)),
  };
}

async function* respond(
  options: WireModelOptions,
  request: ModelRequest,
  connection: Connection,
): AsyncGenerator<ModelEvent> {
  const { provider, model, baseUrl } = options;
  const credential = await options.credential();
  const body = anthropicRequest(request, provider, model, outputLimit(options, request.maxOutputTokens));
  const { requestId, events } = await openMessages({ baseUrl, credential }, body, connection);
  yield { type: 'response-start', ...(requestId === undefined ? {} : { requestId }) };
  const response = new AnthropicResponse(provider);
  for await (const event of events) {
    yield* response.read(event);
    if (response.isComplete) return;
  }
}
