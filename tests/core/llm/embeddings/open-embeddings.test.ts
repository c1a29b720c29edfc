/** One suite for the adapters to embedding models, against a stand-in of their services. */
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../src/core/kernel/clock.ts';
import { openEmbeddings } from '../../../../src/core/llm/embeddings/open-embeddings.ts';
import { createSecretCredentials } from '../../../../src/core/llm/secret-credentials.ts';
import { startEmbeddingServer } from '../../../fakes/llm/embedding-server.ts';

const NAMES = ['openai/text-embedding-3-small', 'openai-compatible/all/mini', 'google/gemini-embedding-001'];

async function open(name: string, options: { dimensions?: number; key?: string; url?: string } = {}) {
  const server = await startEmbeddingServer();
  onTestFinished(() => server.close());
  const url = options.url ?? server.url;
  const addresses = { openai: url, google: url, 'openai-compatible': url };
  const secret = async (): Promise<string | undefined> => ('key' in options ? options.key : 'made-up-key');
  const { model, ref, price } = await openEmbeddings({
    name,
    dimensions: options.dimensions,
    addresses,
    credentials: createSecretCredentials({ secret, addresses }),
    overridesFile: '/nowhere/models.json',
    clock: systemClock,
  });
  return { server, model, ref, price };
}

const none = new AbortController().signal;

test.each(NAMES)('%s makes a vector of each text, in order', async (name) => {
  const { model, ref } = await open(name);
  expect(ref).toBe(name);
  const one = async (text: string) =>
    (await model.embed({ texts: [text], purpose: 'document', signal: none })).vectors[0];
  const texts = ['a car', 'roses', '자동차'];
  const { vectors } = await model.embed({ texts, purpose: 'document', signal: none });
  expect(vectors).toHaveLength(3);
  for (const [at, text] of texts.entries()) expect(vectors[at]).toEqual(await one(text));
});

test.each(NAMES)('%s is asked for the length that is set, and its failures have kinds', async (name) => {
  const { model, server } = await open(name, { dimensions: 32 });
  const request = { texts: ['text'], purpose: 'query', signal: none } as const;
  await model.embed(request);
  expect(JSON.stringify(server.requests[0]?.body)).toMatch(/"(?:dimensions|outputDimensionality)":32/);
  const kinds = { fail: 'overloaded', unauthorised: 'auth', nonsense: 'server' } as const;
  for (const mode of ['fail', 'unauthorised', 'nonsense'] as const) {
    server.mode = mode;
    await expect(model.embed(request)).rejects.toMatchObject({ kind: kinds[mode] });
  }
  server.mode = 'hang';
  const signal = AbortSignal.timeout(50);
  await expect(model.embed({ ...request, signal })).rejects.toMatchObject({ kind: 'cancelled' });
  server.mode = 'answer';
  const refused = model.embed({ ...request, texts: ['poison'] });
  await expect(refused).rejects.toMatchObject({ kind: 'invalid-request', status: 400 });
  const gone = await open(name, { url: 'http://127.0.0.1:1' });
  await expect(gone.model.embed(request)).rejects.toMatchObject({ kind: 'network' });
});

test('Google is told what a text is for', async () => {
  const { model, server } = await open('google/gemini-embedding-001');
  await model.embed({ texts: ['what'], purpose: 'query', signal: none });
  await model.embed({ texts: ['that'], purpose: 'document', signal: none });
  expect(server.requests.map(({ body }) => /RETRIEVAL_\w+/.exec(JSON.stringify(body))?.[0])).toEqual([
    'RETRIEVAL_QUERY',
    'RETRIEVAL_DOCUMENT',
  ]);
});

test('a name that is no such model, and a key that is missing, are told with the next step', async () => {
  for (const name of ['anthropic/claude', 'text-embedding-3-small', 'openai'])
    await expect(open(name)).rejects.toMatchObject({ code: 'config-invalid' });
  const keyless = open(NAMES[0] ?? '', { key: undefined as never });
  await expect(keyless).rejects.toMatchObject({ code: 'auth-missing' });
  const { price } = await open('openai/text-embedding-3-small');
  expect(price?.input).toBe(0.02);
  expect((await open('openai-compatible/all/mini')).price).toBeNull();
});
