/** Owns the door to Anthropic's SDK: its types, and a client that leaves retrying and logging to claw. The package is loaded at the first call. */
import type Anthropic from '@anthropic-ai/sdk';
import type { Stream } from '@anthropic-ai/sdk/streaming';
import type { Connection } from '../stream-response.ts';
import { SDK_TIMEOUT_MS, withoutVersion } from '../wire-model.ts';

export type AnthropicRequest = Anthropic.MessageCreateParamsStreaming;
export type AnthropicMessage = Anthropic.MessageParam;
export type AnthropicBlock = Anthropic.ContentBlockParam;
export type AnthropicTool = Anthropic.Tool;
export type AnthropicSystemBlock = Anthropic.TextBlockParam;
export type AnthropicEvent = Anthropic.RawMessageStreamEvent;
export type AnthropicStopReason = Anthropic.StopReason;

interface Access {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export interface OpenedMessages {
  readonly requestId: string | undefined;
  readonly events: AsyncIterable<AnthropicEvent>;
}

/** Sends one request and gives its events. */
export async function openMessages(
  { baseUrl, apiKey }: Access,
  request: AnthropicRequest,
  connection: Connection,
): Promise<OpenedMessages> {
  const { default: Client } = await import('@anthropic-ai/sdk');
  const client = new Client({
    apiKey,
    baseURL: withoutVersion(baseUrl, 'v1'),
    webhookKey: null,
    // The documented header of API keys; the SDK itself sends a bearer token.
    defaultHeaders: { 'x-api-key': apiKey },
    fetch: connection.fetch,
    maxRetries: 0,
    timeout: SDK_TIMEOUT_MS,
    logLevel: 'off',
    openTelemetry: false,
  });
  // Not `messages.create`: that writes about ageing models to the terminal.
  const { data, request_id } = await client
    .post<Stream<AnthropicEvent>>('/v1/messages', {
      body: request,
      stream: true,
      signal: connection.signal,
    })
    .withResponse();
  return { requestId: request_id ?? undefined, events: data };
}
