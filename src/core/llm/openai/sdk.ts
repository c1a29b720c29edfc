/** Owns the door to OpenAI's SDK: its types, and a client that leaves retrying and logging to claw. The package is loaded at the first call. */
import type OpenAI from 'openai';
import type { Credential } from '../credential.ts';
import type { Connection } from '../stream-response.ts';
import { SDK_TIMEOUT_MS } from '../wire-model.ts';

export type ChatRequest = OpenAI.ChatCompletionCreateParamsStreaming;
export type ChatMessage = OpenAI.ChatCompletionMessageParam;
export type ChatContent = OpenAI.ChatCompletionContentPart;
export type ChatTool = OpenAI.ChatCompletionFunctionTool;
export type ChatToolCall = OpenAI.ChatCompletionMessageFunctionToolCall;
export type ChatChunk = OpenAI.ChatCompletionChunk;
export type ResponsesRequest = OpenAI.Responses.ResponseCreateParamsStreaming;
export type ResponsesItem = OpenAI.Responses.ResponseInputItem;
export type ResponsesContent = OpenAI.Responses.ResponseInputContent;
export type ResponsesEvent = OpenAI.Responses.ResponseStreamEvent;
export type ResponsesResult = OpenAI.Responses.Response;

interface Access {
  readonly baseUrl: string;
  readonly credential: Credential | undefined;
}

export interface Opened<Event> {
  readonly requestId: string | undefined;
  readonly events: AsyncIterable<Event>;
}

/** Sends one Chat Completions request and gives its chunks; a server that does not stream gives the whole answer as one. */
export async function openChat(
  access: Access,
  request: ChatRequest,
  connection: Connection,
): Promise<Opened<ChatChunk>> {
  const client = await createClient(access, connection);
  const { signal } = connection;
  const { data, response, request_id } = await client.chat.completions.create(request, { signal }).withResponse();
  const isWhole = response.headers.get('content-type')?.includes('application/json') === true;
  return { requestId: request_id ?? undefined, events: isWhole ? wholeAnswer(response) : data };
}

/** Sends one Responses request and gives its events. */
export async function openResponses(
  access: Access,
  request: ResponsesRequest,
  { fetch, signal }: Connection,
): Promise<Opened<ResponsesEvent>> {
  const client = await createClient(access, { fetch, signal });
  const { data, request_id } = await client.responses.create(request, { signal }).withResponse();
  return { requestId: request_id ?? undefined, events: data };
}

async function createClient({ baseUrl, credential }: Access, connection: Connection): Promise<OpenAI> {
  const { default: Client } = await import('openai');
  return new Client({
    // The SDK insists on a key; a server that wants none gets no header.
    apiKey: credential?.value ?? 'none',
    defaultHeaders: { ...credential?.headers, ...(credential === undefined ? { authorization: null } : {}) },
    baseURL: baseUrl.replace(/\/+$/, ''),
    organization: null,
    project: null,
    webhookSecret: null,
    fetch: connection.fetch,
    maxRetries: 0,
    timeout: SDK_TIMEOUT_MS,
    logLevel: 'off',
  });
}

/** A completion has the shape of a chunk whose delta is the whole message; its tool calls are numbered by their place. */
async function* wholeAnswer(response: Response): AsyncGenerator<ChatChunk> {
  const answer = (await response.json()) as OpenAI.ChatCompletion | { error: unknown };
  if (!('choices' in answer)) throw Object.assign(new Error('an error came as an answer'), { error: answer.error });
  const choices = answer.choices.map(({ message, ...choice }) => {
    const tool_calls = message.tool_calls?.map((call, index) => ({ ...call, index }));
    return { ...choice, delta: { ...message, ...(tool_calls === undefined ? {} : { tool_calls }) } };
  });
  yield { ...answer, object: 'chat.completion.chunk', choices } as ChatChunk;
}
