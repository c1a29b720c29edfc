/** Owns the adapter to the embeddings of the Gemini API. Format: https://ai.google.dev/api/embeddings#method:-models.batchembedcontents */
import { z } from 'zod';
import type { Embedded, EmbeddingModel, EmbeddingRequest } from '../embedding-model.ts';
import { ModelFailure } from '../language-model.ts';
import { withoutVersion } from '../wire-model.ts';
import type { EmbeddingOptions } from './embedding-options.ts';
import { postJson } from './post-json.ts';

const ANSWER = z.object({ embeddings: z.array(z.object({ values: z.array(z.number()).min(1) })) });
const VERSION = 'v1beta';
/** A batch has at most 100. */
const MAX_TEXTS = 64;
const TASKS = { document: 'RETRIEVAL_DOCUMENT', query: 'RETRIEVAL_QUERY' } as const;

export function createGoogleEmbeddings(options: EmbeddingOptions): EmbeddingModel {
  const { provider, model } = options;
  return { provider, model, maxTexts: MAX_TEXTS, embed: (request) => embed(options, request) };
}

async function embed(options: EmbeddingOptions, { texts, purpose, signal }: EmbeddingRequest): Promise<Embedded> {
  const { provider, dimensions, clock } = options;
  const model = `models/${options.model}`;
  const credential = await options.credential();
  const size = dimensions === undefined ? {} : { outputDimensionality: dimensions };
  const requests = texts.map((text) => ({
    model,
    content: { parts: [{ text }] },
    taskType: TASKS[purpose],
    ...size,
  }));
  const base = withoutVersion(credential?.baseUrl ?? options.baseUrl, VERSION);
  const read = ANSWER.safeParse(
    await postJson({
      provider,
      url: `${base}/${VERSION}/${model}:batchEmbedContents`,
      headers: credential === undefined ? {} : { ...credential.headers, 'x-goog-api-key': credential.value },
      body: { requests },
      signal,
      clock,
    }),
  );
  if (!read.success || read.data.embeddings.length !== texts.length)
    throw new ModelFailure('server', `${provider} did not answer with a vector for each text.`, { provider });
  return { vectors: read.data.embeddings.map(({ values }) => Float32Array.from(values)), inputTokens: undefined };
}
