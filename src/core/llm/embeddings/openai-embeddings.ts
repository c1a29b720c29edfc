/** Owns the adapter to the Embeddings API of OpenAI, which local servers (Ollama, llama.cpp, vLLM) speak too. Format: https://developers.openai.com/api/reference/resources/embeddings */
import { z } from 'zod';
import type { Embedded, EmbeddingModel, EmbeddingRequest } from '../embedding-model.ts';
import { ModelFailure } from '../language-model.ts';
import type { EmbeddingOptions } from './embedding-options.ts';
import { postJson } from './post-json.ts';

const ANSWER = z.object({
  data: z.array(z.object({ index: z.int().nonnegative().optional(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.int().nonnegative() }).partial().nullish(),
});
const MAX_TEXTS = 64;

export function createOpenAIEmbeddings(options: EmbeddingOptions): EmbeddingModel {
  const { provider, model } = options;
  return { provider, model, maxTexts: MAX_TEXTS, embed: (request) => embed(options, request) };
}

async function embed(options: EmbeddingOptions, { texts, signal }: EmbeddingRequest): Promise<Embedded> {
  const { provider, model, dimensions, clock } = options;
  const credential = await options.credential();
  const headers =
    credential === undefined ? {} : { ...credential.headers, authorization: `Bearer ${credential.value}` };
  const size = dimensions === undefined ? {} : { dimensions };
  const body = { model, input: texts, encoding_format: 'float', ...size };
  const url = addressOf(credential?.baseUrl ?? options.baseUrl);
  const read = ANSWER.safeParse(await postJson({ provider, url, headers, body, signal, clock }));
  if (!read.success || read.data.data.length !== texts.length)
    throw new ModelFailure('server', `${provider} did not answer with a vector for each text.`, { provider });
  const { data, usage } = read.data;
  const inOrder = data.map((entry, at) => ({ at: entry.index ?? at, vector: Float32Array.from(entry.embedding) }));
  return {
    vectors: inOrder.toSorted((a, b) => a.at - b.at).map(({ vector }) => vector),
    inputTokens: usage?.prompt_tokens,
  };
}

/** A base URL that was given as the root of a server means its `/v1`. */
function addressOf(baseUrl: string): string {
  const bare = baseUrl.replace(/\/+$/, '');
  return new URL(bare).pathname === '/' ? `${bare}/v1/embeddings` : `${bare}/embeddings`;
}
