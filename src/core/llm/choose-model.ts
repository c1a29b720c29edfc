/** Owns which model a name means, which one answers when nobody names one, and what a provider lacks. It makes no model. */
import { ClawError } from '../kernel/errors.ts';
import type { Notice } from '../kernel/events.ts';
import { noticeOf } from '../kernel/language/notice.ts';
import { phrase, type Phrase } from '../kernel/language/phrase.ts';
import type { Credentials } from './credential.ts';
import { formatRef, type ModelRef, parseRef } from './model-ref.ts';
import { isNamed } from './models/model-info.ts';
import type { ModelCatalog } from './models/model-catalog.ts';
import { findProvider, type Provider, PROVIDERS } from './registry.ts';
import { servedModels } from './served-models.ts';

/** The settings of models, as plain values. */
export interface ModelSettings {
  /** Provider that somebody chose; undefined when nobody did. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly fallbacks: readonly string[];
  /** Classes of failures after which the next model is asked. */
  readonly failoverOn: readonly string[];
  /** Milliseconds that a model with a next one has to accept a request; 0: as long as it takes. */
  readonly failoverAfterMs: number;
  /** Address of each provider's API, and the recording of `replay`, by provider. */
  readonly addresses: Readonly<Record<string, string | undefined>>;
  /** Default models that are settings of their own, by provider. */
  readonly defaultModels: Readonly<Record<string, string | undefined>>;
  readonly retryCount: number;
  readonly baseDelayMs: number;
}

export const OFFLINE: ModelRef = { provider: 'offline', model: 'offline' };

interface ChooserDeps {
  readonly settings: ModelSettings;
  readonly credentials: Credentials;
  readonly catalog: () => Promise<ModelCatalog>;
}

interface Named {
  readonly provider: string;
  readonly model: string | undefined;
}

/** A chosen model, and what the user should know about the choice. */
export interface Choice {
  readonly ref: ModelRef;
  readonly notice: Notice | undefined;
}

export class ModelChooser {
  readonly #deps: ChooserDeps;

  constructor(deps: ChooserDeps) {
    this.#deps = deps;
  }

  /** The model that a person means by `text`; a bare model name belongs to the provider that was chosen, else to the one that lists it. Throws when it cannot be used, and `not-found` for one that no provider of this home is known to have. */
  async byName(text: string): Promise<ModelRef> {
    return this.#usable((await this.#listed(text)) ?? (await this.#read(text)));
  }

  async #usable(named: Named): Promise<ModelRef> {
    const missing = await this.missing(named.provider);
    if (missing !== undefined) throw missing;
    return { provider: named.provider, model: named.model ?? (await this.defaultModel(named.provider)) };
  }

  /** The model that answers when none is named. One that was chosen and cannot be used makes way for offline mode, which says why. */
  async byDefault(): Promise<Choice> {
    const { provider, model } = this.#deps.settings;
    if (provider === undefined && model === undefined) return this.#automatic();
    try {
      return { ref: await this.#usable(await this.#read(model ?? provider ?? '')), notice: undefined };
    } catch (error) {
      if (!(error instanceof ClawError)) throw error;
      return { ref: OFFLINE, notice: offlineNotice(sentencePhrase(error)) };
    }
  }

  /** What `provider` lacks; undefined when it can be used. */
  async missing(name: string): Promise<ClawError | undefined> {
    if (findProvider(name) === undefined)
      return new ClawError('not-found', phrase('noProviderNamed', name), { hint: phrase('seeModels') });
    return this.#deps.credentials.missing(name);
  }

  /** The model of a provider whose model nobody names. Throws `config-invalid` when only its server knows and does not say. */
  async defaultModel(name: string): Promise<string> {
    const provider = findProvider(name);
    const own = this.#deps.settings.defaultModels[name] ?? provider?.defaultModel;
    if (own !== undefined) return own;
    const [served] = provider === undefined ? [] : await this.served(provider);
    if (served !== undefined) return served.model;
    throw new ClawError('config-invalid', `The server of ${name} lists no models, so one must be named.`, {
      hint: `claw model set ${name}/NAME`,
    });
  }

  /** The models that a server of the user's own lists. */
  async served({ name }: Provider): Promise<ModelRef[]> {
    if ((await this.missing(name)) !== undefined) return [];
    const credential = await this.#deps.credentials.take(name);
    const address = credential?.baseUrl ?? this.#deps.settings.addresses[name];
    if (address === undefined) return [];
    const ids = await servedModels(address, credential);
    return ids.map((model) => ({ provider: name, model }));
  }

  /** What stands for a name that looks like `provider/model` without being one, or that offline mode would answer to; undefined for every other name. Throws `not-found` unless somebody lists it. */
  async #listed(text: string): Promise<Named | undefined> {
    const { provider, model } = parseRef(text);
    if (provider !== undefined || model === undefined || model === '') return undefined;
    const own = this.#deps.settings.provider ?? (await this.#automatic()).ref.provider;
    if (!model.includes('/') && own !== OFFLINE.provider) return undefined;
    const known = (await this.#deps.catalog()).models.find((each) => isNamed(each, model));
    if (known !== undefined) return { provider: known.provider, model };
    const server = findProvider(own);
    const served = server?.keyIsOptional === true ? await this.served(server) : [];
    if (served.some((each) => each.model === model)) return { provider: own, model };
    throw new ClawError('not-found', phrase('noModel', JSON.stringify(model)), { hint: 'claw model list' });
  }

  async #read(text: string): Promise<Named> {
    const { provider, model } = parseRef(text);
    if (provider !== undefined) return { provider, model };
    if (model === undefined || model === '') {
      throw new ClawError('usage-invalid', 'The name of the model is empty.', { hint: phrase('seeModels') });
    }
    const chosen = this.#deps.settings.provider;
    if (chosen !== undefined) return { provider: chosen, model };
    const listed = (await this.#deps.catalog()).models.find((each) => isNamed(each, model));
    return { provider: listed?.provider ?? (await this.#automatic()).ref.provider, model };
  }

  /** Nobody chose: the first provider that is set up, said aloud unless it is the usual one. */
  async #automatic(): Promise<Choice> {
    const automatic = PROVIDERS.filter(({ isAutomatic }) => isAutomatic === true);
    for (const { name } of automatic) {
      if ((await this.missing(name)) !== undefined) continue;
      const model = await this.defaultModel(name).catch((error: unknown) => {
        if (error instanceof ClawError) return undefined;
        throw error;
      });
      if (model === undefined) continue;
      const ref = { provider: name, model };
      if (name === automatic[0]?.name) return { ref, notice: undefined };
      return { ref, notice: noticeOf('info', 'provider-chosen', phrase('providerChosen', formatRef(ref))) };
    }
    return { ref: OFFLINE, notice: offlineNotice(phrase('noProvider')) };
  }
}

/** An error and its next step in one line. */
export function sentence({ message, hint }: ClawError): string {
  return hint === undefined ? message : `${message} Run: ${hint}`;
}

/** The same, for those who say it in another language. */
function sentencePhrase({ message, hint, phrase: said, hintPhrase }: ClawError): Phrase | string {
  const what = said ?? message;
  return hint === undefined ? what : phrase('runThis', what, hintPhrase ?? hint);
}

function offlineNotice(why: Phrase | string): Notice {
  return noticeOf('warning', 'offline', phrase('offline', why));
}
