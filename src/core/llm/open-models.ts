/** Owns models ready for use: made once they are chosen, with retries and the models that step in, and listed with what they take and cost. It reads no settings itself. */
import type { Clock } from '../kernel/clock.ts';
import type { Notice } from '../kernel/events.ts';
import { lazy } from '../kernel/lazy.ts';
import type { BreakerState, Breakers } from './breakers.ts';
import { createAuthorizedModel } from './authorized-model.ts';
import { ModelChooser, type ModelSettings, OFFLINE, sentence } from './choose-model.ts';
import type { Credential, Credentials } from './credential.ts';
import type { LanguageModel } from './language-model.ts';
import { formatRef, type ModelRef } from './model-ref.ts';
import { type ModelCatalog, loadModelCatalog } from './models/model-catalog.ts';
import { type CataloguedModel, isNamed, type ModelPrice, UNKNOWN_CONTEXT_TOKENS } from './models/model-info.ts';
import { findProvider, PROVIDERS } from './registry.ts';

export interface ModelsDeps {
  readonly settings: ModelSettings;
  readonly credentials: Credentials;
  /** The user's own list of models. */
  readonly overridesFile: string;
  readonly clock: Clock;
  /** Wraps the models that answer, to record what they say. */
  readonly record?: (model: LanguageModel) => LanguageModel;
}

/** A model ready for use. */
export interface ResolvedModel {
  /** `provider/model`. */
  readonly ref: string;
  readonly model: LanguageModel;
  readonly contextTokens: number;
  /** The price of the model that gave the last answer; null when it is not known. */
  readonly price: () => ModelPrice | null;
  /** The prices of every model that may answer. */
  readonly prices: readonly (ModelPrice | null)[];
  /** False for a model that calls nobody. */
  readonly isMetered: boolean;
  /** What there is to tell since the last time: retries, failovers, why another provider answers. */
  readonly takeNotices: () => Notice[];
}

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
}

export interface Models {
  /** The model that `ref` names (`provider/model`, a provider, or a model). Throws `auth-missing`, `config-invalid` or `not-found` when that cannot be used. Without a name the configured one, or offline mode. */
  resolve(ref?: string): Promise<ResolvedModel>;
  /** The model that answers when none is named. */
  current(): Promise<ModelListing>;
  /** Every known model, and those that configured servers list. */
  list(): Promise<ModelListing[]>;
  /** The model that `ref` names. Throws like `resolve`. */
  choose(ref: string): Promise<ModelListing>;
  /** One model, without retries, for each provider that can be used. */
  testable(): Promise<LanguageModel[]>;
  /** Names of the providers that can be used over a network. */
  configured(): Promise<string[]>;
  /** State of the circuit breaker of each provider that was called in this process. */
  breakers(): Promise<Readonly<Record<string, BreakerState>>>;
}

type Tell = (notice: { readonly code: string; readonly text: string }) => void;

const FREE: ModelPrice = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
/** Providers that call nobody. */
const LOCAL: ReadonlySet<string> = new Set(['offline', 'replay']);
/** They need no window; this is what everything fits into. */
const LOCAL_CONTEXT_TOKENS = 1_000_000;

export function openModels(deps: ModelsDeps): Models {
  return new OpenModels(deps);
}

class OpenModels implements Models {
  readonly #deps: ModelsDeps;
  readonly #catalog: () => Promise<ModelCatalog>;
  readonly #breakers: () => Promise<Breakers>;
  readonly #chooser: ModelChooser;
  /** Codes of what was told already in this process. */
  readonly #told = new Set<string>();

  constructor(deps: ModelsDeps) {
    this.#deps = deps;
    this.#catalog = lazy(() => loadModelCatalog(deps.overridesFile));
    this.#breakers = lazy(async () => (await import('./breakers.ts')).createBreakers());
    this.#chooser = new ModelChooser({
      settings: deps.settings,
      credentials: deps.credentials,
      catalog: this.#catalog,
    });
  }

  async resolve(name?: string): Promise<ResolvedModel> {
    const { ref, notice } =
      name === undefined ? await this.#chooser.byDefault() : { ref: await this.#chooser.byName(name) };
    const notices: Notice[] = notice === undefined ? [] : this.#once(notice);
    const takeNotices = (): Notice[] => notices.splice(0);
    const tell = ({ code, text }: { readonly code: string; readonly text: string }): void =>
      void notices.push({ type: 'notice', level: 'warning', code, text });
    const first = this.#create(ref, tell);
    const { clock, settings, record = (model: LanguageModel) => model } = this.#deps;
    if (LOCAL.has(ref.provider)) {
      const free = { price: () => FREE, prices: [FREE], isMetered: false, takeNotices };
      return { ref: formatRef(ref), model: first, contextTokens: LOCAL_CONTEXT_TOKENS, ...free };
    }
    const { createResilientModel } = await import('./resilient-model.ts');
    const next = await this.#fallbacks(ref, tell);
    const model = createResilientModel([first, ...next], {
      clock,
      breakers: await this.#breakers(),
      retryCount: settings.retryCount,
      baseDelayMs: settings.baseDelayMs,
      onNotice: tell,
    });
    const { find } = await this.#catalog();
    return {
      ref: formatRef(ref),
      model: record(model),
      contextTokens: find(ref.provider, ref.model)?.contextTokens ?? UNKNOWN_CONTEXT_TOKENS,
      price: () => priceOf(find(model.answeredBy.provider, model.answeredBy.model), model.answeredBy.provider),
      prices: [first, ...next].map(({ provider, model: id }) => priceOf(find(provider, id), provider)),
      isMetered: true,
      takeNotices,
    };
  }

  async current(): Promise<ModelListing> {
    const { ref } = await this.#chooser.byDefault();
    return this.#listing(ref, ref);
  }

  async list(): Promise<ModelListing[]> {
    const { ref: current } = await this.#chooser.byDefault();
    const { models, find } = await this.#catalog();
    const known: ModelRef[] = models.map(({ provider, id }) => ({ provider, model: id }));
    const own = PROVIDERS.filter(({ keyIsOptional }) => keyIsOptional === true);
    const served = await Promise.all(own.map((provider) => this.#chooser.served(provider)));
    const unlisted = find(current.provider, current.model) === undefined ? [current] : [];
    const refs = new Map([...known, ...served.flat(), ...unlisted, OFFLINE].map((ref) => [formatRef(ref), ref]));
    return Promise.all([...refs.values()].map((ref) => this.#listing(ref, current)));
  }

  async choose(name: string): Promise<ModelListing> {
    const ref = await this.#chooser.byName(name);
    return this.#listing(ref, (await this.#chooser.byDefault()).ref);
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
    const names = PROVIDERS.map(({ name }) => name).filter((name) => !LOCAL.has(name));
    const missing = await Promise.all(names.map((name) => this.#chooser.missing(name)));
    return names.filter((_, index) => missing[index] === undefined);
  }

  async breakers(): Promise<Readonly<Record<string, BreakerState>>> {
    return (await this.#breakers()).states();
  }

  #create(ref: ModelRef, onNotice: Tell): LanguageModel {
    const { credentials } = this.#deps;
    return createAuthorizedModel(ref, { credentials, onNotice, open: (credential) => this.#open(ref, credential) });
  }

  /** The adapter itself. */
  async #open({ provider: name, model }: ModelRef, credential: Credential | undefined): Promise<LanguageModel> {
    const provider = findProvider(name);
    if (provider === undefined) throw new Error(`no provider ${name}`);
    const { settings, clock } = this.#deps;
    const info = LOCAL.has(name) ? undefined : (await this.#catalog()).find(name, model);
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

  /** The models that step in, without those that cannot be used here. */
  async #fallbacks(first: ModelRef, onNotice: Tell): Promise<LanguageModel[]> {
    const usable = new Map<string, ModelRef>();
    for (const text of this.#deps.settings.fallbacks) {
      const ref = await this.#chooser.byName(text).catch(() => undefined);
      if (ref !== undefined && formatRef(ref) !== formatRef(first)) usable.set(formatRef(ref), ref);
    }
    return [...usable.values()].map((ref) => this.#create(ref, onNotice));
  }

  async #listing(ref: ModelRef, current: ModelRef): Promise<ModelListing> {
    const info = (await this.#catalog()).find(ref.provider, ref.model);
    const missing = await this.#chooser.missing(ref.provider);
    return {
      provider: ref.provider,
      id: ref.model,
      contextTokens: info?.contextTokens ?? null,
      maxOutputTokens: info?.maxOutputTokens ?? null,
      price: priceOf(info, ref.provider),
      pricedOn: info?.pricedOn ?? null,
      missing: missing === undefined ? undefined : sentence(missing),
      isCurrent:
        ref.provider === current.provider &&
        (ref.model === current.model || (info !== undefined && isNamed(info, current.model))),
    };
  }

  #once(notice: Notice): Notice[] {
    if (this.#told.has(notice.code)) return [];
    this.#told.add(notice.code);
    return [notice];
  }
}

function priceOf(info: CataloguedModel | undefined, provider: string): ModelPrice | null {
  return LOCAL.has(provider) ? FREE : (info?.price ?? null);
}
