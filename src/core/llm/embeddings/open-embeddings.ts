/** Owns which embedding model a setting names, and the model made ready for use: its key, its address, one more try with another credential. */
import type { Clock } from '../../kernel/clock.ts';
import { ClawError } from '../../kernel/errors.ts';
import type { Credential, Credentials } from '../credential.ts';
import type { EmbeddingModel } from '../embedding-model.ts';
import { ModelFailure } from '../language-model.ts';
import { formatRef, parseRef } from '../model-ref.ts';
import { loadModelCatalog } from '../models/model-catalog.ts';
import type { ModelPrice } from '../models/model-info.ts';
import { createGoogleEmbeddings } from './google-embeddings.ts';
import { createOpenAIEmbeddings } from './openai-embeddings.ts';
import { embeddingPrice } from './embedding-prices.ts';
import type { EmbeddingOptions } from './embedding-options.ts';

export interface EmbeddingsDeps {
  /** `provider/model`. */
  readonly name: string;
  /** Length of the vectors; undefined: the model's own. */
  readonly dimensions: number | undefined;
  /** Address of each provider's API. */
  readonly addresses: Readonly<Record<string, string | undefined>>;
  readonly credentials: Credentials;
  /** The user's own list of models. */
  readonly overridesFile: string;
  readonly clock: Clock;
}

export interface OpenEmbeddings {
  /** `provider/model`. */
  readonly ref: string;
  readonly model: EmbeddingModel;
  /** Null when it is not known. */
  readonly price: ModelPrice | null;
}

const ADAPTERS: Readonly<Record<string, (options: EmbeddingOptions) => EmbeddingModel>> = {
  openai: createOpenAIEmbeddings,
  'openai-compatible': createOpenAIEmbeddings,
  google: createGoogleEmbeddings,
};

/** Throws `config-invalid` for a name that is no `provider/model` of a provider that makes vectors, and what the provider lacks. */
export async function openEmbeddings(deps: EmbeddingsDeps): Promise<OpenEmbeddings> {
  const { provider = '', model = '' } = parseRef(deps.name);
  const create = ADAPTERS[provider];
  if (create === undefined || model === '') {
    throw new ClawError('config-invalid', `EMBEDDING_MODEL names no model that makes vectors: ${deps.name}.`, {
      hint: `Name it as provider/model, of one of ${Object.keys(ADAPTERS).join(', ')}: claw config set EMBEDDING_MODEL openai/text-embedding-3-small`,
    });
  }
  const missing = await deps.credentials.missing(provider);
  if (missing !== undefined) throw missing;
  const ref = formatRef({ provider, model });
  const { find } = await loadModelCatalog(deps.overridesFile);
  return {
    ref,
    price: find(provider, model)?.price ?? embeddingPrice(ref) ?? null,
    model: withCredentials(create, { ...deps, provider, model, baseUrl: deps.addresses[provider] ?? '' }),
  };
}

function withCredentials(
  create: (options: EmbeddingOptions) => EmbeddingModel,
  { credentials, ...options }: Omit<EmbeddingOptions, 'credential'> & { readonly credentials: Credentials },
): EmbeddingModel {
  let taken: Credential | undefined;
  const credential = async (): Promise<Credential | undefined> => (taken = await credentials.take(options.provider));
  const model = create({ ...options, credential });
  return {
    ...model,
    async embed(request) {
      try {
        return await model.embed(request);
      } catch (error) {
        if (!(error instanceof ModelFailure) || taken === undefined || request.signal.aborted) throw error;
        const { again } = await credentials.failed(options.provider, taken, error);
        if (!again) throw error;
        return model.embed(request);
      }
    },
  };
}
