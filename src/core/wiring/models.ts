/** Owns how settings become models: addresses, keys, retries, failover, and the recording of what they say. */
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { LanguageModel } from '../llm/language-model.ts';
import type { Models } from '../llm/open-models.ts';
import type { Masker } from '../secrets/mask.ts';
import type { SecretService } from '../secrets/secret-service.ts';

interface ModelNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly masker: () => Promise<Masker>;
  readonly secrets: () => Promise<SecretService>;
}

export async function buildModels(parts: ModelNeeds): Promise<Models> {
  const { openModels } = await import('../llm/open-models.ts');
  const { createSecretCredentials } = await import('../llm/secret-credentials.ts');
  const { config, clock, secrets, masker } = parts;
  const settings = config.valid();
  const recording = settings.get('RECORD_FILE');
  const chosen = settings.resolve('LLM_PROVIDER').source === 'default' ? undefined : settings.get('LLM_PROVIDER');
  const addresses = {
    anthropic: settings.get('ANTHROPIC_BASE_URL'),
    openai: settings.get('OPENAI_BASE_URL'),
    google: settings.get('GOOGLE_BASE_URL'),
    copilot: settings.get('COPILOT_API_URL'),
    'openai-compatible': settings.get('OPENAI_COMPATIBLE_BASE_URL'),
    replay: settings.get('REPLAY_FILE'),
  };
  return openModels({
    clock,
    overridesFile: config.paths.models,
    ...(recording === undefined ? {} : { record: await recorder(recording, masker) }),
    credentials: createSecretCredentials({
      addresses,
      secret: async (name) => (await (await secrets()).resolve(name))?.value,
    }),
    settings: {
      provider: chosen,
      model: settings.get('LLM_MODEL'),
      fallbacks: settings.get('FALLBACK_MODELS'),
      addresses,
      defaultModels: { copilot: settings.get('COPILOT_MODEL') },
      retryCount: settings.get('LLM_RETRY_COUNT'),
      baseDelayMs: settings.get('LLM_RETRY_BASE_DELAY') * 1000,
    },
  });
}

async function recorder(file: string, masker: () => Promise<Masker>): Promise<(model: LanguageModel) => LanguageModel> {
  const { recordModel } = await import('../llm/replay/record-model.ts');
  const { maskJson } = await masker();
  return (model) => recordModel(model, { file, mask: maskJson });
}
