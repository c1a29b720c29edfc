/** Owns the adapter to OpenAI's Responses API. */
import type { LanguageModel, ModelEvent, ModelRequest } from '../language-model.ts';
import { type Connection, streamResponse } from '../stream-response.ts';
import { outputLimit, type WireModelOptions } from '../wire-model.ts';
import { ResponsesAnswer } from './responses-events.ts';
import { responsesRequest } from './responses-request.ts';
import { openResponses } from './sdk.ts';

export interface ResponsesModelOptions extends WireModelOptions {
  /** The model does not reason and refuses to be asked for its reasoning. */
  readonly isPlain?: true;
}

export function createResponsesModel(options: ResponsesModelOptions): LanguageModel {
  const { provider, model } = options;
  return {
    provider,
    model,
    stream: (request) => streamResponse({ ...options, request }, (connection) => respond(options, request, connection)),
  };
}

async function* respond(
  options: ResponsesModelOptions,
  request: ModelRequest,
  connection: Connection,
): AsyncGenerator<ModelEvent> {
  const { provider, model, isPlain = false } = options;
  const credential = await options.credential();
  const baseUrl = withVersion(options.baseUrl);
  const maxTokens = outputLimit(options, request.maxOutputTokens);
  const body = responsesRequest(request, { provider, model, maxTokens, isPlain });
  const { requestId, events } = await openResponses({ baseUrl, credential }, body, connection);
  yield { type: 'response-start', ...(requestId === undefined ? {} : { requestId }) };
  const answer = new ResponsesAnswer(provider);
  for await (const event of events) {
    for (const each of answer.read(event)) {
      yield each;
      if (each.type === 'response-end') return;
    }
  }
}

/** The address with its `/v1`, which a base URL may leave out. */
function withVersion(baseUrl: string): string {
  const bare = baseUrl.replace(/\/+$/, '');
  return new URL(bare).pathname === '/' ? `${bare}/v1` : bare;
}
