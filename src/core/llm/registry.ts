/** Owns the list of providers: what each needs and how it is loaded. Reading this file tells what exists; an adapter and its SDK are loaded at their first use. */
import type { Clock } from '../kernel/clock.ts';
import type { Credential } from './credential.ts';
import type { LanguageModel } from './language-model.ts';

/** Everything an adapter may be made from; each takes what it needs. */
export interface ProviderContext {
  readonly model: string;
  /** Address of the API, or the file of `replay`; empty for a provider that needs neither. */
  readonly address: string;
  readonly credential: () => Promise<Credential | undefined>;
  readonly clock: Clock;
  readonly maxOutputTokens?: number;
  readonly effortWithTools?: 'none';
  readonly isPlain?: true;
}

export interface Provider {
  readonly name: string;
  /** The secret that is its key. */
  readonly key?: string;
  /** The setting without which it cannot be used, beside a key; `orLogin`: the command that does without it. */
  readonly requires?: { readonly setting: string; readonly example: string; readonly orLogin?: string };
  /** True when it works without its key. */
  readonly keyIsOptional?: true;
  /** Used when nobody names a model; undefined when only the server knows. */
  readonly defaultModel?: string;
  /** True when it is chosen by itself once it is set up. */
  readonly isAutomatic?: true;
  create(context: ProviderContext): Promise<LanguageModel>;
}

/** In the order in which one is chosen when nobody has chosen. */
export const PROVIDERS: readonly Provider[] = [
  {
    name: 'anthropic',
    key: 'ANTHROPIC_API_KEY',
    defaultModel: 'claude-sonnet-5-5',
    isAutomatic: true,
    async create(context) {
      const { createAnthropicModel } = await import('./anthropic/anthropic-model.ts');
      return createAnthropicModel({ ...context, provider: 'anthropic', baseUrl: context.address });
    },
  },
  {
    name: 'openai',
    key: 'OPENAI_API_KEY',
    defaultModel: 'gpt-6.1-terra',
    isAutomatic: true,
    async create(context) {
      const { createOpenAIModel } = await import('./openai/openai-model.ts');
      return createOpenAIModel({ ...context, provider: 'openai', baseUrl: context.address });
    },
  },
  {
    name: 'google',
    key: 'GOOGLE_API_KEY',
    defaultModel: 'gemini-3.8-flash',
    isAutomatic: true,
    async create(context) {
      const { createGoogleModel } = await import('./google/google-model.ts');
      return createGoogleModel({ ...context, provider: 'google', baseUrl: context.address });
    },
  },
  {
    name: 'openai-compatible',
    key: 'OPENAI_COMPATIBLE_API_KEY',
    keyIsOptional: true,
    requires: { setting: 'OPENAI_COMPATIBLE_BASE_URL', example: 'http://127.0.0.1:11434/v1' },
    isAutomatic: true,
    create: (context) => createCompatible(context, 'openai-compatible'),
  },
  {
    name: 'copilot',
    key: 'COPILOT_API_KEY',
    keyIsOptional: true,
    requires: { setting: 'COPILOT_API_URL', example: 'http://127.0.0.1:4141', orLogin: 'claw auth login copilot' },
    defaultModel: 'gpt-5-mini',
    isAutomatic: true,
    create: (context) => createCompatible(context, 'copilot'),
  },
  {
    name: 'replay',
    requires: { setting: 'REPLAY_FILE', example: 'recording.jsonl' },
    defaultModel: 'recording',
    async create({ address }) {
      const { createReplayModel } = await import('./replay/replay-model.ts');
      return createReplayModel(address);
    },
  },
  {
    name: 'offline',
    defaultModel: 'offline',
    async create() {
      const { createOfflineModel } = await import('./offline/offline-model.ts');
      return createOfflineModel();
    },
  },
];

/** The provider of that name; undefined when there is none. */
export function findProvider(name: string): Provider | undefined {
  return PROVIDERS.find((provider) => provider.name === name);
}

async function createCompatible(context: ProviderContext, provider: string): Promise<LanguageModel> {
  const { createChatModel } = await import('./openai/chat-model.ts');
  return createChatModel({ ...context, provider, baseUrl: context.address, dialect: { limitField: 'max_tokens' } });
}
