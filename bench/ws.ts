/** Measures the WebSocket server: what idle sockets cost in memory, and how long the provider's first token takes to a client. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Figure } from './figure.ts';
import { type Environment, withServe } from './running-serve.ts';
import { median, percentile } from './statistics.ts';

const SOCKETS = 1000;
const MESSAGES = 60;
/** How long memory is left alone before it is read, in milliseconds. */
const SETTLE_MS = 3000;

export async function webSocketFigures(env: Environment): Promise<readonly Figure[]> {
  const provider = await startProvider();
  const { port } = provider.server.address() as AddressInfo;
  const settings = {
    WS_MAX_CONNECTIONS: String(2 * SOCKETS),
    WS_RATE_LIMIT: '10000',
    ANTHROPIC_API_KEY: 'made-up-key-of-the-bench',
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
    LLM_MODEL: 'anthropic/claude-sonnet-5',
  };
  try {
    return await withServe(env, settings, async (server, home) => {
      const text = readFileSync(join(home, 'run', 'serve.json'), 'utf8');
      const { ports } = JSON.parse(text) as { ports: { websocket: number } };
      const url = `ws://127.0.0.1:${ports.websocket}`;
      return [...(await firstBytes(url, provider)), ...(await idleMemory(url, server.pid ?? 0))];
    });
  } finally {
    provider.server.close();
    provider.server.closeAllConnections();
  }
}

interface Provider {
  readonly server: Server;
  /** When the first token of the last answer was written, as of performance.now(). */
  firstTokenAt: number;
}

async function startProvider(): Promise<Provider> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => void answer(provider, response));
  });
  const provider: Provider = { server, firstTokenAt: Number.NaN };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return provider;
}

const usage = { input_tokens: 100, output_tokens: 2, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5', content: [], usage };

/** An answer of the Messages API of Anthropic, with a moment before and after its first token. */
async function answer(provider: Provider, response: ServerResponse): Promise<void> {
  const write = (event: { readonly type: string; readonly [key: string]: unknown }): void => {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const delta = (text: string) =>
    ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }) as const;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  write({ type: 'message_start', message: { ...message, stop_reason: null } });
  write({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  await sleep(30);
  provider.firstTokenAt = performance.now();
  write(delta('Hello there, '));
  await sleep(30);
  write(delta('friend.'));
  write({ type: 'content_block_stop', index: 0 });
  write({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage });
  write({ type: 'message_stop' });
  response.end();
}

async function firstBytes(url: string, provider: Provider): Promise<readonly Figure[]> {
  const socket = await open(url);
  const times: number[] = [];
  for (let sent = 0; sent < MESSAGES; sent += 1) {
    const ended = Promise.withResolvers<void>();
    let firstAt = Number.NaN;
    const onMessage = (data: Buffer): void => {
      const at = performance.now();
      const { type } = JSON.parse(data.toString('utf8')) as { type: string };
      if (type === 'stream_delta' && Number.isNaN(firstAt)) firstAt = at;
      if (type === 'stream_end' || type === 'error') ended.resolve();
    };
    socket.on('message', onMessage);
    socket.send(JSON.stringify({ type: 'message', text: `message ${sent}` }));
    await ended.promise;
    socket.off('message', onMessage);
    // The first ones compile and fill caches.
    if (sent >= 10) times.push(firstAt - provider.firstTokenAt);
  }
  socket.terminate();
  const name = "websocket: the provider's first token to the client's first byte";
  const note = `${times.length} messages, one after the other`;
  return [
    { name: `${name}, median`, value: median(times), unit: 'ms', atMost: 10, note },
    { name: `${name}, p95`, value: percentile(times, 0.95), unit: 'ms', note },
  ];
}

async function idleMemory(url: string, pid: number): Promise<readonly Figure[]> {
  await sleep(SETTLE_MS);
  const before = rssMb(pid);
  const sockets: WebSocket[] = [];
  for (let opened = 0; opened < SOCKETS; opened += 50) {
    sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => open(url)))));
  }
  await sleep(SETTLE_MS);
  const after = rssMb(pid);
  for (const socket of sockets) socket.terminate();
  const note = `RSS of the server ${before.toFixed(0)} MB before`;
  return [{ name: `websocket: ${SOCKETS} idle sockets`, value: after - before, unit: 'MB', atMost: 80, note }];
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await once(socket, 'message');
  return socket;
}

function rssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}
