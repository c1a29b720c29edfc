/** A provider for the crash tests (Messages API of Anthropic, public wire format): it answers every message it has not answered, by name, after a tool call where the message asks for one. What it says depends on the request alone. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly tool_use_id?: string;
}

interface WireMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly Block[];
}

export interface ModelStandIn {
  readonly url: string;
  /** Requests so far. */
  readonly count: () => number;
  /** Resolves when the next request has come in. */
  nextRequest(): Promise<void>;
  close(): Promise<void>;
}

/** `message:CHAT:N` or `message:CHAT:N:tool` in a user's text is answered by `reply:CHAT:N`. */
const MARK = /\bmessage:(\w+):(\d+)(:tool)?\b/g;

/** Starts it on a free port; every answer takes `delayMs`. */
export async function startModel(delayMs = 0): Promise<ModelStandIn> {
  let count = 0;
  let arrived: () => void = () => {};
  const server = createServer((request, response) => {
    count += 1;
    arrived();
    void answer(request, response, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    nextRequest: () =>
      new Promise((resolve) => {
        arrived = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, delayMs: number): Promise<void> {
  const body = JSON.parse(await text(request)) as { messages: WireMessage[]; tools?: { name: string }[] };
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_1' });
  response.end(
    eventsFor(body.messages, body.tools?.some(({ name }) => name === 'record_effect') ?? false)
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join(''),
  );
}

function eventsFor(messages: readonly WireMessage[], hasTool: boolean): { type: string }[] {
  const since = messages.findLastIndex(({ role, content }) => role === 'assistant' && !blocks(content).some(isCall));
  const open = messages.slice(since + 1).flatMap(({ content }) => blocks(content));
  const marks = open.flatMap((block) => [...(block.text ?? '').matchAll(MARK)]);
  const done = new Set(open.map((block) => block.tool_use_id));
  const calls = hasTool
    ? marks.flatMap(([, chat, n, tool]) =>
        tool === undefined || done.has(`call_${chat}_${n}`) ? [] : [`${chat}_${n}`],
      )
    : [];
  if (calls.length === 0)
    return stream(marks.map(([, chat, n]) => `reply:${chat}:${n}`).join('\n') || 'nothing to say');
  const uses = [...new Set(calls)].map((key) => ({
    type: 'tool_use',
    id: `call_${key}`,
    name: 'record_effect',
    input: { key },
  }));
  return callTools(uses);
}

const blocks = (content: string | readonly Block[]): readonly Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;
const isCall = ({ type }: Block): boolean => type === 'tool_use';

const usage = { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'stand-in',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  },
};

function stream(answerText: string): { type: string }[] {
  return [
    START,
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as never,
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: answerText } } as never,
    { type: 'content_block_stop', index: 0 } as never,
    ...end('end_turn'),
  ];
}

function callTools(uses: readonly { input: object }[]): { type: string }[] {
  const each = uses.flatMap((use, index) => [
    { type: 'content_block_start', index, content_block: { ...use, input: {} } },
    {
      type: 'content_block_delta',
      index,
      delta: { type: 'input_json_delta', partial_json: JSON.stringify(use.input) },
    },
    { type: 'content_block_stop', index },
  ]);
  return [START, ...each, ...end('tool_use')];
}

function end(reason: string): { type: string }[] {
  return [
    {
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence: null },
      usage: { output_tokens: 5 },
    } as never,
    { type: 'message_stop' },
  ];
}
