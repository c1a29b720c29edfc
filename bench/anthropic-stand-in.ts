/** A worker thread that answers like the Messages API of Anthropic (streaming, public wire format) at once, and tells its parent when each request had arrived and when its answer had left. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parentPort } from 'node:worker_threads';

/** Instants are milliseconds since 1970 with fractions, comparable between threads. */
export interface Exchange {
  readonly receivedAt: number;
  readonly answeredAt: number;
  readonly request: string;
}

export type StandInMessage = { readonly port: number } | { readonly exchange: Exchange };

const usage = { input_tokens: 100, output_tokens: 2, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage,
};

const ANSWER = [
  { type: 'message_start', message },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' there.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const receivedAt = performance.timeOrigin + performance.now();
  const { model } = JSON.parse(body) as { model: string };
  const events = ANSWER.map((event) => ('message' in event ? { ...event, message: { ...message, model } } : event));
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_1' });
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
  const answeredAt = performance.timeOrigin + performance.now();
  parentPort?.postMessage({ exchange: { receivedAt, answeredAt, request: body } } satisfies StandInMessage);
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage({ port: (server.address() as AddressInfo).port } satisfies StandInMessage);
});
