/** A stand-in for a provider on 127.0.0.1: it plays prepared replies in order, keeps the requests it got, and can break off, hang or answer nonsense. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed JSON body. */
  readonly body: unknown;
}

/** Cuts the connection. */
export const DISCONNECT = { act: 'disconnect' } as const;
/** Says nothing more until the test ends. */
export const HANG = { act: 'hang' } as const;

/** Says nothing for a moment. */
export const PAUSE = { act: 'pause', ms: 80 } as const;

/** Bytes to send, or what to do instead. */
export type Piece = string | typeof DISCONNECT | typeof HANG | typeof PAUSE;

export interface ModelReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: readonly Piece[];
}

/** A reply, or one made from the request. */
export type ReplySource = ModelReply | ((request: SeenRequest) => ModelReply);

export interface ModelServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Resolves when request number `count` (from 1) has come in. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server; a request beyond the replies gets the last one again. */
export async function startModelServer(replies: readonly ReplySource[]): Promise<ModelServer> {
  const requests: SeenRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const seen = await readRequest(request);
      requests.push(seen);
      for (const each of waiting) if (requests.length >= each.count) each.resolve();
      const source = replies[requests.length - 1] ?? replies.at(-1);
      if (source === undefined) throw new Error('the stand-in has no reply');
      await play(response, typeof source === 'function' ? source(seen) : source);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    arrived: (count) =>
      requests.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A reply that is no stream: JSON when `body` is no string. */
export function plainReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ModelReply {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain' : 'application/json';
  return { status, headers: { 'content-type': type, ...headers }, pieces: [isText ? body : JSON.stringify(body)] };
}

/** A server-sent event; `name` is left out where the wire has none. */
export function sse(data: unknown, name?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`;
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  return { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
}

async function play(response: ServerResponse, reply: ModelReply): Promise<void> {
  const headers = { 'content-type': 'text/event-stream', ...reply.headers };
  if (reply.pieces[0] === HANG) return;
  response.writeHead(reply.status ?? 200, headers);
  for (const piece of reply.pieces) {
    if (piece === HANG) return;
    if (piece === DISCONNECT) {
      response.destroy();
      return;
    }
    if (piece === PAUSE) {
      await sleep(PAUSE.ms);
      continue;
    }
    response.write(piece);
    // Lets the client read piece by piece, as over a real network.
    await new Promise(setImmediate);
  }
  response.end();
}
