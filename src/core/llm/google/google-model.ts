/** Owns the adapter to the Gemini API. */
import type { LanguageModel, ModelEvent, ModelRequest } from '../language-model.ts';
import { type Connection, streamResponse } from '../stream-response.ts';
import { outputLimit, type WireModelOptions } from '../wire-model.ts';
import { GoogleResponse } from './events.ts';
import { googleRequest } from './request.ts';
import { openGemini } from './sdk.ts';

export function createGoogleModel(options: WireModelOptions): LanguageModel {
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
  const body = googleRequest(request, provider, model, outputLimit(options, request.maxOutputTokens));
  const chunks = await openGemini({ baseUrl, credential }, body, connection);
  yield { type: 'response-start' };
  const response = new GoogleResponse(provider);
  for await (const chunk of chunks) yield* response.read(chunk);
  const end = response.end();
  if (end !== undefined) yield end;
}
