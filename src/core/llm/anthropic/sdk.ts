/** Owns the door to Anthropic's SDK: its types, and a client that leaves retrying and logging to claw. The package is loaded at the first call. */
import type Anthropic from '@anthropic-ai/sdk';
import type { Stream } from '@anthropic-ai/sdk/streaming';
import { lazy } from '../../kernel/lazy.ts';
import type { Credential } from '../credential.ts';
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
  readonly credential: Credential | undefined;
}

/** Without it the API refuses the token of a subscription. */
const BEARER_BETA = 'oauth-2025-04-20';

export interface OpenedMessages {
  readonly requestId: string | undefined;
  readonly events: AsyncIterable<AnthropicEvent>;
}

/** Sends one request and gives its events. */
export async function openMessages(
  { baseUrl, credential }: Access,
  request: AnthropicRequest,
  connection: Connection,
): Promise<OpenedMessages> {
  const Client = await loadClient();
  const client = new Client({
    // Not undefined: the SDK would look into the environment.
    apiKey: null,
    authToken: null,
    baseURL: withoutVersion(baseUrl, 'v1'),
    webhookKey: null,
    // One proof and never two: the SDK itself would send a key as a bearer token.
    defaultHeaders: { ...credential?.headers, ...proofOf(credential) },
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

/** A client that knows only what it is given. */
const loadClient = lazy(async () => {
  const { default: Client } = await import('@anthropic-ai/sdk');
  return class extends Client {
    /** Given no key, the SDK would read another program's profile from the disk, at each call, say its workspace, and fail when its token has run out. */
    protected override _shouldResolveDefaultCredentials(): boolean {
      return false;
    }
  };
});

function proofOf(credential: Credential | undefined): Record<string, string | null> {
  if (credential?.kind === 'bearer')
    return { authorization: `Bearer ${credential.value}`, 'anthropic-beta': BEARER_BETA, 'x-api-key': null };
  return { 'x-api-key': credential?.value ?? '', authorization: null };
}
