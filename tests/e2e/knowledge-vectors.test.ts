/** Documents found by meaning, through the built binary, with a stand-in of the embedding service; and everything that may go wrong with it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type EmbeddingServer, startEmbeddingServer } from '../fakes/llm/embedding-server.ts';
import { ask } from './http-kit.ts';
import { runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

interface Hit {
  readonly id: string;
  readonly text: string;
}

const DOCUMENTS = [
  { id: 'garage', title: 'Garage', content: 'The automobile is serviced every spring.' },
  { id: 'garden', title: 'Garden', content: 'Roses are cut back in March.' },
  { id: 'health', title: '건강', content: '의사는 매년 검진을 권한다.' },
  { id: 'baking', title: 'Baking', content: 'The dough rests overnight.' },
];

async function homeWith(env: (server: EmbeddingServer) => Record<string, string> = openai) {
  const server = await startEmbeddingServer();
  onTestFinished(() => server.close());
  const home = await temporaryDirectory();
  writeFileSync(join(home, 'd.jsonl'), DOCUMENTS.map((line) => JSON.stringify(line)).join('\n'));
  const claw = (args: readonly string[], more = {}) =>
    runClawJson(args, { home, env: { ...env(server), ...more }, timeoutMs: 30_000 });
  const found = async (question: string, more = {}) => {
    const run = await claw(['knowledge', 'search', question], more);
    return { ...run, ids: (run.json as Hit[]).map(({ id }) => id) };
  };
  return { home, server, claw, found, env: env(server) };
}

const openai = ({ url }: EmbeddingServer): Record<string, string> => ({
  EMBEDDING_MODEL: 'openai/text-embedding-3-small',
  OPENAI_API_KEY: 'made-up-key',
  OPENAI_BASE_URL: `${url}/v1`,
});
const local = ({ url }: EmbeddingServer): Record<string, string> => ({
  EMBEDDING_MODEL: 'openai-compatible/nomic-embed-text',
  OPENAI_COMPATIBLE_BASE_URL: url,
});
const google = ({ url }: EmbeddingServer): Record<string, string> => ({
  EMBEDDING_MODEL: 'google/gemini-embedding-001',
  GOOGLE_API_KEY: 'made-up-key',
  GOOGLE_BASE_URL: url,
});

test.each([
  ['OpenAI', openai, '/v1/embeddings', 'authorization'],
  ['a local server', local, '/v1/embeddings', undefined],
  ['Google', google, '/v1beta/models/gemini-embedding-001:batchEmbedContents', 'x-goog-api-key'],
] as const)(
  'a synonym that no word of the question matches is found with vectors of %s',
  async (_, env, path, header) => {
    const { claw, found, server } = await homeWith(env);
    expect((await claw(['knowledge', 'add', '--jsonl', 'd.jsonl'], { EMBEDDING_MODEL: '' })).json).toMatchObject({
      added: 4,
    });
    expect((await found('vehicle', { EMBEDDING_MODEL: '' })).ids).toEqual([]);
    expect(server.requests).toEqual([]);
    await claw(['knowledge', 'reindex']);
    expect((await claw(['knowledge', 'stats'])).json).toMatchObject({ chunks: 4, vectors: 4 });
    expect((await found('vehicle')).ids[0]).toBe('garage');
    expect((await found('physician')).ids[0]).toBe('health');
    // Both rankings have it: the passage with the very words comes first.
    expect((await found('roses in March')).ids[0]).toBe('garden');
    expect(new Set(server.requests.map((request) => request.path))).toEqual(new Set([path]));
    if (header !== undefined) expect(server.requests[0]?.headers[header]).toContain('made-up-key');
  },
);

test('adding makes the vectors, a change of the text or of the model makes new ones, and each call is paid for and written down', async () => {
  const { claw, found, server } = await homeWith();
  await claw(['knowledge', 'add', '--jsonl', 'd.jsonl']);
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.texts[0]).toBe('Garage\nThe automobile is serviced every spring.');
  await claw(['knowledge', 'add', '--jsonl', 'd.jsonl']);
  expect(server.requests).toHaveLength(1);
  expect((await found('vehicle')).ids[0]).toBe('garage');
  const other = { EMBEDDING_MODEL: 'openai/other-model', EMBEDDING_DIMENSIONS: '32' };
  expect((await claw(['knowledge', 'stats'], other)).json).toMatchObject({ vectors: 0 });
  await claw(['knowledge', 'reindex'], other);
  expect((await claw(['knowledge', 'stats'], other)).json).toMatchObject({ vectors: 4 });
  expect(server.requests.at(-1)?.body).toMatchObject({ model: 'other-model', dimensions: 32 });
  expect((await found('vehicle', other)).ids[0]).toBe('garage');
  const { json } = await claw(['cost', '--by', 'model']);
  const sums = json as { key: string; calls: number; input_tokens: number; cost_usd: number | null }[];
  expect(JSON.stringify(sums)).toContain('openai/text-embedding-3-small');
});

test('a service that is down, hangs, refuses or answers nonsense leaves the words: exit code 0 and a note', async () => {
  const { claw, found, home, server } = await homeWith();
  await claw(['knowledge', 'add', '--jsonl', 'd.jsonl']);
  for (const mode of ['fail', 'hang', 'unauthorised', 'nonsense'] as const) {
    server.mode = mode;
    const run = await found('roses', { EMBEDDING_QUERY_MS: '300' });
    expect([mode, run.code, run.ids]).toEqual([mode, 0, ['garden']]);
    expect(run.stderr).toContain('Only words were looked for');
  }
  expect((await found('roses', { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' })).ids).toEqual(['garden']);
  const keyless = await found('roses', { OPENAI_API_KEY: '' });
  expect([keyless.code, keyless.ids]).toEqual([0, ['garden']]);
  expect(keyless.stderr).toContain('OPENAI_API_KEY');
  server.mode = 'fail';
  writeFileSync(join(home, 'new.txt'), 'A kingfisher dived.');
  const added = await claw(['knowledge', 'add', 'new.txt']);
  expect([added.code, added.json]).toMatchObject([0, { added: 1 }]);
  expect(added.stderr).toContain('No vectors were made, words are found all the same');
});

test('without a budget nothing is sent, and words are found', async () => {
  const { claw, found, server } = await homeWith();
  await claw(['budget', 'set', '10tokens/day']);
  const run = await claw(['knowledge', 'add', '--jsonl', 'd.jsonl']);
  expect([run.code, run.json]).toMatchObject([0, { added: 4 }]);
  expect(run.stderr).toContain('does not allow another model call');
  expect(server.requests).toEqual([]);
  expect((await found('roses')).ids).toEqual(['garden']);
});

test('a passage that the model will not take does not keep the others from their vectors', async () => {
  const { claw, found, home, server } = await homeWith();
  writeFileSync(
    join(home, 'd.jsonl'),
    [...DOCUMENTS, { id: 'bad', content: 'a poison text' }].map((line) => JSON.stringify(line)).join('\n'),
  );
  const run = await claw(['knowledge', 'add', '--jsonl', 'd.jsonl']);
  expect(run.stderr).toContain('1 passage refused by the embedding model');
  expect((await claw(['knowledge', 'stats'])).json).toMatchObject({ chunks: 5, vectors: 4 });
  const calls = server.requests.length;
  await claw(['knowledge', 'add', '--jsonl', 'd.jsonl']);
  expect(server.requests).toHaveLength(calls);
  expect((await found('poison')).ids).toContain('bad');
});

test('one killed while it makes vectors goes on where it was', async () => {
  const { claw, home, server, env } = await homeWith();
  const many = Array.from({ length: 150 }, (_, at) => ({
    id: `n${at}`,
    content: `Note number ${at} of the automobile club.`,
  }));
  writeFileSync(join(home, 'd.jsonl'), many.map((line) => JSON.stringify(line)).join('\n'));
  await claw(['knowledge', 'add', '--jsonl', 'd.jsonl'], { EMBEDDING_MODEL: '' });
  const child = await startClaw(['knowledge', 'reindex'], { home, env });
  await server.arrived(1);
  server.mode = 'hang';
  await server.arrived(2);
  child.kill('SIGKILL');
  server.mode = 'answer';
  const half = ((await claw(['knowledge', 'stats'])).json as { vectors: number }).vectors;
  expect(half).toBe(64);
  await claw(['knowledge', 'reindex']);
  expect((await claw(['knowledge', 'stats'])).json).toMatchObject({ chunks: 150, vectors: 150 });
  const sent = server.requests.flatMap(({ texts }) => texts);
  expect(new Set(sent).size).toBe(150);
  expect(sent.length).toBe(64 + 64 + 86);
});

test('a server makes vectors of what comes, of each person alone', { timeout: 40_000 }, async () => {
  const embeddings = await startEmbeddingServer();
  onTestFinished(() => embeddings.close());
  const serve = await startServe({ env: openai(embeddings) });
  const person = async (username: string) => {
    const { json } = await ask(serve, '/api/v1/users', { body: { username, role: 'user' } });
    return { authorization: `Bearer ${(json as { api_key: string }).api_key}` };
  };
  const [ann, ben] = [await person('ann'), await person('ben')];
  await ask(serve, '/api/v1/knowledge', { body: { id: 'garage', content: 'The automobile is red.' }, headers: ann });
  await ask(serve, '/api/v1/knowledge', { body: { id: 'roses', content: 'Roses are cut in March.' }, headers: ben });
  const search = async (headers: Record<string, string>) =>
    (await ask(serve, '/api/v1/knowledge/search?q=vehicle', { headers })).json as Hit[];
  await expect.poll(() => search(ann), { timeout: 15_000, interval: 300 }).toMatchObject([{ id: 'garage' }]);
  expect((await search(ben)).map(({ id }) => id)).not.toContain('garage');
  expect((await ask(serve, '/api/v1/knowledge/stats', { headers: ann })).json).toMatchObject({ vectors: 1 });
  expect(await serve.stop()).toBe(0);
});
