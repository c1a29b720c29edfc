/** Owns what is told of models: which there are, what they take and cost, what they lack, and their place in the chain. It makes none. */
import { ClawError } from '../kernel/errors.ts';
import type { BreakerState } from './breakers.ts';
import { type ModelChooser, type ModelSettings, OFFLINE, sentence } from './choose-model.ts';
import { formatRef, type ModelRef, parseRef } from './model-ref.ts';
import { isLocalServer, priceOf } from './model-prices.ts';
import type { ModelCatalog } from './models/model-catalog.ts';
import { isNamed, type ModelPrice } from './models/model-info.ts';
import { PROVIDERS } from './registry.ts';

export interface ModelListing {
  readonly provider: string;
  readonly id: string;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly price: ModelPrice | null;
  readonly pricedOn: string | null;
  /** What is missing for it, and how to add it; undefined when it can be used. */
  readonly missing: string | undefined;
  readonly isCurrent: boolean;
  /** Its place in the chain that answers when no model is named, from 1; null when it has none. */
  readonly chain: number | null;
  /** True for a server on this machine, which costs nothing unless models.json says otherwise. */
  readonly isLocal: boolean;
  readonly breaker: BreakerState;
}

interface ListingDeps {
  readonly settings: ModelSettings;
  readonly chooser: ModelChooser;
  readonly catalog: () => Promise<ModelCatalog>;
  readonly breakers: () => Promise<Readonly<Record<string, BreakerState>>>;
}

/** What is the same for every row of one list. */
interface Ground {
  readonly catalog: ModelCatalog;
  readonly current: ModelRef;
  readonly breakers: Readonly<Record<string, BreakerState>>;
}

export class ModelListings {
  readonly #deps: ListingDeps;

  constructor(deps: ListingDeps) {
    this.#deps = deps;
  }

  async of(ref: ModelRef): Promise<ModelListing> {
    return this.#row(ref, await this.#ground());
  }

  /** Every known model, and those that servers of the user's own list. */
  async all(): Promise<ModelListing[]> {
    const ground = await this.#ground();
    const { catalog, current } = ground;
    const { chooser, settings } = this.#deps;
    const known: ModelRef[] = catalog.models.map(({ provider, id }) => ({ provider, model: id }));
    const own = PROVIDERS.filter(({ keyIsOptional }) => keyIsOptional === true);
    const served = await Promise.all(own.map((provider) => chooser.served(provider).catch(nothingOf)));
    const isListed = ({ provider, model }: ModelRef): boolean => catalog.find(provider, model) !== undefined;
    const chain = settings.fallbacks.map(parseRef).flatMap(({ provider, model }) => {
      return provider === undefined || model === undefined ? [] : [{ provider, model }];
    });
    const unlisted = [current, ...chain].filter((ref) => !isListed(ref));
    const refs = new Map([...known, ...served.flat(), ...unlisted, OFFLINE].map((ref) => [formatRef(ref), ref]));
    return Promise.all([...refs.values()].map((ref) => this.#row(ref, ground)));
  }

  async #ground(): Promise<Ground> {
    const { catalog, chooser, breakers } = this.#deps;
    return { catalog: await catalog(), current: (await chooser.byDefault()).ref, breakers: await breakers() };
  }

  async #row(ref: ModelRef, { catalog, current, breakers }: Ground): Promise<ModelListing> {
    const { addresses, fallbacks } = this.#deps.settings;
    const { provider, model } = ref;
    const info = catalog.find(provider, model);
    const missing = await this.#deps.chooser.missing(provider);
    const isThis = (named: Partial<ModelRef>): boolean =>
      (named.provider ?? provider) === provider &&
      named.model !== undefined &&
      (named.model === model || (info !== undefined && isNamed(info, named.model)));
    const place = [current, ...fallbacks.map(parseRef)].findIndex(isThis);
    return {
      provider,
      id: model,
      contextTokens: info?.contextTokens ?? null,
      maxOutputTokens: info?.maxOutputTokens ?? null,
      price: priceOf(info, provider, addresses),
      pricedOn: info?.pricedOn ?? null,
      missing: missing === undefined ? undefined : sentence(missing),
      isCurrent: isThis(current),
      chain: place === -1 || missing !== undefined ? null : place + 1,
      isLocal: isLocalServer(provider, addresses),
      breaker: breakers[provider] ?? 'closed',
    };
  }
}

/** A service that cannot be asked lists nothing; the others are told all the same. */
function nothingOf(error: unknown): [] {
  if (error instanceof ClawError) return [];
  throw error;
}
