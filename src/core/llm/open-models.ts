/** Owns models ready for use: made once they are chosen, with retries and the models that step in, and listed with what they take and cost. It reads no settings itself. */
import type { Clock } from '../kernel/clock.ts';
import type { Notice } from '../kernel/events.ts';
import { lazy } from '../kernel/lazy.ts';
import { noticeOf } from '../kernel/language/notice.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import type { BreakerState, Breakers, ProviderStates } from './breakers.ts';
import { createAuthorizedModel } from './authorized-model.ts';
import { ModelChooser, type ModelSettings } from './choose-model.ts';
import type { Credential, Credentials } from './credential.ts';
import type { LanguageModel, ModelRequest } from './language-model.ts';
import { formatRef, type ModelRef } from './model-ref.ts';
import { CALLS_NOBODY, FREE, isLocalServer, priceOf } from './model-prices.ts';
import { type ModelListing, ModelListings } from './model-listings.ts';
import { type ModelCatalog, loadModelCatalog } from './models/model-catalog.ts';
import { type CataloguedModel, type ModelPrice, UNKNOWN_CONTEXT_TOKENS } from './models/model-info.ts';
import { findProvider, PROVIDERS } from './registry.ts';
import type { Failover } from './resilience.ts';
import type { ResilientModel } from './resilient-model.ts';

export interface ModelsDeps {
  readonly settings: ModelSettings;
  readonly credentials: Credentials;
  /** The user's own list of models. */
  readonly overridesFile: string;
  readonly clock: Clock;
  /** What all processes of the home know of providers that fail. */
  readonly providerStates: ProviderStates;
  /** Hears of each call that goes on with the next model. */
  readonly onFailover?: (failover: Failover) => void;
  /** Wraps the models that answer, to record what they say. */
  readonly record?: (model: LanguageModel) => LanguageModel;
}

/** A model ready for use. */
export interface ResolvedModel {
  /** `provider/model`. */
  readonly ref: string;
  readonly model: LanguageModel;
  readonly contextTokens: number;
  /** `provider/model` that is asked now, or was asked last. */
  readonly asked: () => string;
  /** The price of that model; null when it is not known. */
  readonly price: () => ModelPrice | null;
  /** The prices of every model that may answer. */
  readonly prices: readonly (ModelPrice | null)[];
  /** False for a model that calls nobody. */
  readonly isMetered: boolean;
  /** What there is to tell since the last time: retries, failovers, why another provider answers. */
  readonly takeNotices: () => Notice[];
}

export interface Models {
  /** The model that `ref` names (`provider/model`, a provider, a model, or several with commas between them: the chain to try). Throws `auth-missing`, `config-invalid` or `not-found` when that cannot be used. Without a name the configured one, or offline mode. A name alone is followed by FALLBACK_MODELS. */
  resolve(ref?: string): Promise<ResolvedModel>;
  /** The model that answers when none is named. */
  current(): Promise<ModelListing>;
  /** Every known model, and those that configured servers list. */
  list(): Promise<ModelListing[]>;
  /** The model that `ref` names. Throws like `resolve`. */
  choose(ref: string): Promise<ModelListing>;
  /** The chain that `text` names, `provider/model` with commas between them. Throws like `resolve`, for any of it. */
  chain(text: string): Promise<string>;
  /** One model, without retries, for each provider that can be used. */
  testable(): Promise<LanguageModel[]>;
  /** Names of the providers that can be used over a network. */
  configured(): Promise<string[]>;
  /** State of the circuit breaker of each provider that failed lately, over all processes of the home; every other is closed. */
  breakers(): Promise<Readonly<Record<string, BreakerState>>>;
}

type Tell = (notice: { readonly code: string; readonly phrase: Phrase }) => void;

/** A server on this machine may first have to load its model. */
const LOCAL_START_MS = 20_000;
/** Providers read some ten thousand tokens a second; so many are read before anybody notices. */
const TOKENS_READ_PER_MS = 10;
const QUICKLY_READ_TOKENS = 8_000;
const CHARS_PER_TOKEN = 4;
/** They need no window; this is what everything fits into. */
const LOCAL_CONTEXT_TOKENS = 1_000_000;

export function openModels(deps: ModelsDeps): Models {
  return new OpenModels(deps);
}

class OpenModels implements Models {
  readonly #deps: ModelsDeps;
  readonly #catalog: () => Promise<ModelCatalog>;
  readonly #breakers: () => Promise<Breakers>;
  /** Even of a module that is there, an import takes 50 µs. */
  readonly #resilience = lazy(() => import('./resilient-model.ts'));
  readonly #chooser: ModelChooser;
  /** Codes of what was told already in this process. */
  readonly #told = new Set<string>();

  constructor(deps: ModelsDeps) {
    this.#deps = deps;
    this.#catalog = lazy(() => loadModelCatalog(deps.overridesFile));
    this.#breakers = lazy(async () =>
      (await import('./breakers.ts')).createBreakers({ states: deps.providerStates, clock: deps.clock }),
    );
    this.#chooser = new ModelChooser({
      settings: deps.settings,
      credentials: deps.credentials,
      catalog: this.#catalog,
    });
  }

  async resolve(name?: string): Promise<ResolvedModel> {
    const named = name === undefined ? [] : namesOf(name);
    const { ref, notice } =
      named[0] === undefined ? await this.#chooser.byDefault() : { ref: await this.#chooser.byName(named[0]) };
    const notices: Notice[] = notice === undefined ? [] : this.#once(notice);
    const takeNotices = (): Notice[] => notices.splice(0);
    const tell: Tell = ({ code, phrase }) => void notices.push(noticeOf('warning', code, phrase));
    const first = this.#create(ref, tell);
    if (CALLS_NOBODY.has(ref.provider)) {
      const free = { price: () => FREE, prices: [FREE], isMetered: false, takeNotices };
      const asked = (): string => formatRef(ref);
      return { ref: asked(), asked, model: first, contextTokens: LOCAL_CONTEXT_TOKENS, ...free };
    }
    const next = await this.#usable(ref, named.length > 1 ? named.slice(1) : this.#deps.settings.fallbacks);
    const chain = [first, ...next.map((each) => this.#create(each, tell))] as const;
    const model = await this.#resilient(chain, tell);
    const { find } = await this.#catalog();
    const { record = (each: LanguageModel) => each } = this.#deps;
    return {
      ref: formatRef(ref),
      asked: () => formatRef(model.asked),
      model: record(model),
      contextTokens: find(ref.provider, ref.model)?.contextTokens ?? UNKNOWN_CONTEXT_TOKENS,
      price: () => this.#price(find(model.asked.provider, model.asked.model), model.asked.provider),
      prices: chain.map(({ provider, model: id }) => this.#price(find(provider, id), provider)),
      isMetered: true,
      takeNotices,
    };
  }

  async current(): Promise<ModelListing> {
    return this.#listings().of((await this.#chooser.byDefault()).ref);
  }

  list(): Promise<ModelListing[]> {
    return this.#listings().all();
  }

  async choose(name: string): Promise<ModelListing> {
    return this.#listings().of(await this.#chooser.byName(name));
  }

  async chain(text: string): Promise<string> {
    const refs = await Promise.all(namesOf(text).map((name) => this.#chooser.byName(name)));
    return [...new Set(refs.map(formatRef))].join(',');
  }

  async testable(): Promise<LanguageModel[]> {
    const { ref: current } = await this.#chooser.byDefault();
    const names = await this.configured();
    return Promise.all(
      names.map(async (provider) =>
        this.#create(
          provider === current.provider ? current : { provider, model: await this.#chooser.defaultModel(provider) },
          () => undefined,
        ),
      ),
    );
  }

  async configured(): Promise<string[]> {
    const names = PROVIDERS.map(({ name }) => name).filter((name) => !CALLS_NOBODY.has(name));
    const missing = await Promise.all(names.map((name) => this.#chooser.missing(name)));
    return names.filter((_, index) => missing[index] === undefined);
  }

  async breakers(): Promise<Readonly<Record<string, BreakerState>>> {
    return (await this.#breakers()).states();
  }

  #create(ref: ModelRef, onNotice: Tell): LanguageModel {
    const { credentials } = this.#deps;
    // A recording goes on where it was: it is opened once.
    const once = lazy(() => this.#open(ref, undefined));
    const open = (credential: Credential | undefined): Promise<LanguageModel> =>
      CALLS_NOBODY.has(ref.provider) ? once() : this.#open(ref, credential);
    return createAuthorizedModel(ref, { credentials, onNotice, open });
  }

  /** The adapter itself. */
  async #open({ provider: name, model }: ModelRef, credential: Credential | undefined): Promise<LanguageModel> {
    const provider = findProvider(name);
    if (provider === undefined) throw new Error(`no provider ${name}`);
    const { settings, clock } = this.#deps;
    const info = CALLS_NOBODY.has(name) ? undefined : (await this.#catalog()).find(name, model);
    return provider.create({
      model,
      address: credential?.baseUrl ?? settings.addresses[name] ?? '',
      clock,
      credential: async () => credential,
      ...(info === undefined ? {} : { maxOutputTokens: info.maxOutputTokens }),
      ...(info?.effortWithTools === undefined ? {} : { effortWithTools: info.effortWithTools }),
      ...(info?.isPlain === true ? { isPlain: true } : {}),
    });
  }

  async #resilient(chain: readonly [LanguageModel, ...LanguageModel[]], onNotice: Tell): Promise<ResilientModel> {
    const { createResilientModel } = await this.#resilience();
    const { clock, settings, onFailover } = this.#deps;
    const { retryCount, baseDelayMs, failoverAfterMs } = settings;
    return createResilientModel(chain, {
      clock,
      breakers: await this.#breakers(),
      retryCount,
      baseDelayMs,
      failoverAfterMs,
      failoverOn: new Set(settings.failoverOn),
      extraMs: ({ provider }, request) =>
        (isLocalServer(provider, settings.addresses) ? LOCAL_START_MS : 0) + readingMs(request),
      onNotice,
      ...(onFailover === undefined ? {} : { onFailover }),
    });
  }

  /** Those of `names` that can be used here, without `first` and each once. */
  async #usable(first: ModelRef, names: readonly string[]): Promise<ModelRef[]> {
    const usable = new Map<string, ModelRef>();
    for (const text of names) {
      const ref = await this.#chooser.byName(text).catch(() => undefined);
      if (ref !== undefined && formatRef(ref) !== formatRef(first)) usable.set(formatRef(ref), ref);
    }
    return [...usable.values()];
  }

  #listings(): ModelListings {
    const { settings } = this.#deps;
    return new ModelListings({
      settings,
      chooser: this.#chooser,
      catalog: this.#catalog,
      breakers: () => this.breakers(),
    });
  }

  #price(info: CataloguedModel | undefined, provider: string): ModelPrice | null {
    return priceOf(info, provider, this.#deps.settings.addresses);
  }

  #once(notice: Notice): Notice[] {
    if (this.#told.has(notice.code)) return [];
    this.#told.add(notice.code);
    return [notice];
  }
}

/** Names with commas between them. */
function namesOf(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

/** Milliseconds that a provider may need to read a long prompt. */
function readingMs({ messages }: ModelRequest): number {
  const tokens = JSON.stringify(messages).length / CHARS_PER_TOKEN;
  return Math.max(0, tokens - QUICKLY_READ_TOKENS) / TOKENS_READ_PER_MS;
}
