/** Owns how settings become the search by meaning: the embedding model, its books, and the lock of the process that makes vectors. */
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Meanings } from '../knowledge/knowledge-service.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';

export interface MeaningNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly secrets: () => Promise<SecretService>;
}

/** A call has a deadline of a minute: one that began so long ago and has no end died with its process, in milliseconds. */
const DEAD_AFTER_MS = 10 * 60_000;

/** Throws `config-invalid` and `auth-missing` when EMBEDDING_MODEL cannot be used. */
export async function buildMeanings(needs: MeaningNeeds): Promise<Meanings> {
  const { config } = needs;
  const { nearestChunks } = await import('../knowledge/nearest-chunks.ts');
  const { holdProcessLock } = await import('../store/sqlite/process-lock.ts');
  const store = await needs.store();
  const embedder = await buildEmbedder(needs, store);
  return {
    embedder,
    nearest: nearestChunks(store.knowledge.vectors, embedder.space),
    timeoutMs: config.valid().get('EMBEDDING_QUERY_MS'),
    hold: () => holdProcessLock(config.paths.embedLock),
  };
}

async function buildEmbedder(needs: MeaningNeeds, store: Store): Promise<Meanings['embedder']> {
  const { config, clock } = needs;
  const { embedMetered, loseOldEmbeddings } = await import('../spending/metered-embedding.ts');
  const { ceilingCost, costOf } = await import('../spending/prices.ts');
  const { ModelFailure } = await import('../llm/language-model.ts');
  const { buildBudgets } = await import('./spending.ts');
  const { ref, model, price } = await open(needs);
  const settings = config.valid();
  const perMtok = settings.get('UNKNOWN_PRICE_CEILING_USD_PER_MTOK');
  const dimensions = settings.get('EMBEDDING_DIMENSIONS');
  const books = {
    store,
    clock,
    budgets: await buildBudgets(needs),
    model,
    prices: {
      cost: (usage: Parameters<typeof costOf>[0]) => costOf(usage, price, clock.now()),
      ceiling: (usage: Parameters<typeof costOf>[0]) => ceilingCost(usage, perMtok),
    },
  };
  return {
    space: dimensions === undefined ? ref : `${ref}@${dimensions}`,
    maxTexts: model.maxTexts,
    embed: (call) => embedMetered(books, call),
    loseOld: () => loseOldEmbeddings(books, clock.now() - DEAD_AFTER_MS),
    isRefusal: (error) =>
      error instanceof ModelFailure &&
      error.kind === 'invalid-request' &&
      error.status !== undefined &&
      error.status !== 404,
  };
}

async function open({ config, clock, secrets }: MeaningNeeds) {
  const { openEmbeddings } = await import('../llm/embeddings/open-embeddings.ts');
  const { createSecretCredentials } = await import('../llm/secret-credentials.ts');
  const settings = config.valid();
  const addresses = {
    openai: settings.get('OPENAI_BASE_URL'),
    google: settings.get('GOOGLE_BASE_URL'),
    'openai-compatible': settings.get('OPENAI_COMPATIBLE_BASE_URL'),
  };
  const secret = async (name: string) => (await (await secrets()).resolve(name))?.value;
  return openEmbeddings({
    name: settings.get('EMBEDDING_MODEL') ?? '',
    dimensions: settings.get('EMBEDDING_DIMENSIONS'),
    addresses,
    credentials: createSecretCredentials({ secret, addresses }),
    overridesFile: config.paths.models,
    clock,
  });
}
