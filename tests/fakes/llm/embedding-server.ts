/** A stand-in for the embedding APIs of OpenAI and Google on 127.0.0.1: words of one meaning get one direction, so that a synonym is near. It can refuse, fail and hang. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Words that mean the same, each row one direction; other words have directions of their own. */
const MEANINGS: readonly (readonly string[])[] = [
  ['car', 'automobile', 'vehicle', '자동차', '승용차'],
  ['doctor', 'physician', '의사'],
  ['buy', 'purchase', '구입', '사다'],
];
const DIMENSIONS = 64;

export interface SeenEmbedding {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly texts: readonly string[];
  readonly body: Record<string, unknown>;
}

export interface EmbeddingServer {
  readonly url: string;
  readonly requests: SeenEmbedding[];
  /** What it does with the next requests; a text that holds `poison` is always refused. */
  mode: 'answer' | 'hang' | 'fail' | 'unauthorised' | 'nonsense';
  /** Resolves when so many requests have come. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    void answer(stand, request, response).finally(() => {
      for (const each of waiting) if (stand.requests.length >= each.count) each.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stand: EmbeddingServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    mode: 'answer',
    arrived: (count) =>
      stand.requests.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stand;
}

async function answer(stand: EmbeddingServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  const body = JSON.parse(text) as Record<string, unknown>;
  const isGoogle = (request.url ?? '').includes(':batchEmbedContents');
  const texts = isGoogle ? googleTexts(body) : (body['input'] as string[]);
  stand.requests.push({ path: request.url ?? '', headers: request.headers, texts, body });
  const send = (status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  if (stand.mode === 'hang') return;
  if (stand.mode === 'fail') return send(503, { error: { message: 'overloaded' } });
  if (stand.mode === 'unauthorised') return send(401, { error: { message: 'no' } });
  if (stand.mode === 'nonsense') return send(200, { data: [] });
  if (texts.some((each) => each.includes('poison'))) return send(400, { error: { message: 'not this text' } });
  const size = Number(body['dimensions'] ?? DIMENSIONS);
  if (isGoogle) return send(200, { embeddings: texts.map((each) => ({ values: vectorOf(each, size) })) });
  const data = texts.map((each, index) => ({ object: 'embedding', index, embedding: vectorOf(each, size) }));
  const tokens = texts.reduce((sum, each) => sum + each.split(/\s+/).length, 0);
  // Some servers answer out of order.
  send(200, { object: 'list', data: data.toReversed(), usage: { prompt_tokens: tokens, total_tokens: tokens } });
}

function googleTexts(body: Record<string, unknown>): string[] {
  const requests = body['requests'] as { content: { parts: { text: string }[] } }[];
  return requests.map(({ content }) => content.parts.map(({ text }) => text).join(''));
}

/** The sum of the directions of the words. */
function vectorOf(text: string, size: number): number[] {
  const vector = Array.from({ length: size }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const meaning = MEANINGS.findIndex((row) => row.some((each) => word.startsWith(each)));
    let seed = meaning === -1 ? hash(word) : hash(`meaning ${meaning}`);
    const weight = meaning === -1 ? 1 : 3;
    for (let at = 0; at < size; at += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      vector[at] = (vector[at] ?? 0) + weight * (seed / 2 ** 32 - 0.5);
    }
  }
  return vector;
}

function hash(word: string): number {
  let sum = 2_166_136_261;
  for (const letter of word) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return sum;
}
