/** A stand-in for token endpoints on 127.0.0.1: each path plays its prepared answers in order and repeats the last; every request is kept. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SeenQuestion {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The form it sent. */
  readonly form: Readonly<Record<string, string>>;
}

export interface EndpointAnswer {
  readonly status?: number;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  /** Closes the connection after so many bytes of the body, although more were announced. */
  readonly cutAfter?: number;
}

export type AnswerSource = EndpointAnswer | ((question: SeenQuestion) => EndpointAnswer);

export interface EndpointServer {
  readonly url: string;
  readonly questions: SeenQuestion[];
  /** What `path` answers from now on. */
  answer(path: string, ...answers: readonly AnswerSource[]): void;
  asked(path: string): SeenQuestion[];
  close(): Promise<void>;
}

export async function startEndpoints(): Promise<EndpointServer> {
  const questions: SeenQuestion[] = [];
  const prepared = new Map<string, { readonly answers: readonly AnswerSource[]; next: number }>();
  const server = createServer((request, response) => {
    void (async () => {
      const question = await readQuestion(request);
      questions.push(question);
      const entry = prepared.get(question.path);
      const source = entry?.answers[entry.next] ?? entry?.answers.at(-1) ?? { status: 404, body: { error: 'no_such' } };
      if (entry !== undefined) entry.next += 1;
      await play(response, typeof source === 'function' ? source(question) : source);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions,
    answer: (path, ...answers) => void prepared.set(path, { answers, next: 0 }),
    asked: (path) => questions.filter((each) => each.path === path),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readQuestion(request: IncomingMessage): Promise<SeenQuestion> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
  return {
    method: request.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))),
  };
}

async function play(response: ServerResponse, { status = 200, body = {}, headers, delayMs, cutAfter }: EndpointAnswer) {
  if (delayMs !== undefined) await sleep(delayMs);
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': isText ? 'text/html' : 'application/json',
    'content-length': String(bytes.length),
    ...headers,
  });
  if (cutAfter === undefined) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, cutAfter), () => response.socket?.destroy());
}
