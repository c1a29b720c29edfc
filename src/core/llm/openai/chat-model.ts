/** Owns the adapter to the Chat Completions API: OpenAI, GitHub Copilot's proxies, and any server that speaks it. */
import type { LanguageModel, ModelEvent, ModelRequest } from '../language-model.ts';
import { type Connection, streamResponse } from '../stream-response.ts';
import { outputLimit, type WireModelOptions } from '../wire-model.ts';
import { ChatResponse } from './chat-events.ts';
import { type ChatDialect, chatRequest } from './chat-request.ts';
import { openChat } from './sdk.ts';

export interface ChatModelOptions extends WireModelOptions {
  readonly dialect: ChatDialect;
}

export function createChatModel(options: ChatModelOptions): LanguageModel {
  const { provider, model, baseUrl } = options;
  const otherUrl = (url: string): string | undefined => withVersion(baseUrl, url);
  return {
    provider,
    model,
    stream: (request) =>
      streamResponse({ ...options, request, otherUrl }, (connection) => respond(options, request, connection)),
  };
}

async function* respond(
  options: ChatModelOptions,
  request: ModelRequest,
  connection: Connection,
): AsyncGenerator<ModelEvent> {
  const { provider, model, baseUrl, dialect } = options;
  const credential = await options.credential();
  const maxTokens = outputLimit(options, request.maxOutputTokens);
  const body = chatRequest(request, { provider, model, maxTokens }, dialect);
  const { requestId, events } = await openChat({ baseUrl, credential }, body, connection);
  yield { type: 'response-start', ...(requestId === undefined ? {} : { requestId }) };
  const response = new ChatResponse(provider);
  for await (const chunk of events) yield* response.read(chunk);
  const end = response.end();
  if (end !== undefined) yield end;
}

/** The address with `/v1`, for a base URL that was given as the root of a server; undefined for any other. */
function withVersion(baseUrl: string, url: string): string | undefined {
  const { origin, pathname } = new URL(baseUrl);
  return pathname === '/' ? url.replace(origin, `${origin}/v1`) : undefined;
}
