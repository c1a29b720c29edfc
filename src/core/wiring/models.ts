/** Owns how settings become models: addresses, keys, retries, failover, and the recording of what they say. */
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { FAMILIES } from '../kernel/metric-families.ts';
import type { Meters } from '../kernel/meters.ts';
import type { ProviderState, ProviderStates } from '../llm/breakers.ts';
import type { Credentials } from '../llm/credential.ts';
import { ClawError } from '../kernel/errors.ts';
import { FAILOVER_CLASSES } from '../llm/failover-rules.ts';
import type { LanguageModel } from '../llm/language-model.ts';
import type { Models } from '../llm/open-models.ts';
import type { Masker } from '../secrets/mask.ts';
import type { ProviderStateRow } from '../store/chain-schema.ts';
import type { Store } from '../store/store.ts';
import type { SecretService } from '../secrets/secret-service.ts';

interface ModelNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly masker: () => Promise<Masker>;
  readonly secrets: () => Promise<SecretService>;
  readonly store: () => Promise<Store>;
  readonly meters: Meters;
  readonly accounts: () => Promise<{ credentials(plain: Credentials): Credentials }>;
}

export async function buildModels(parts: ModelNeeds): Promise<Models> {
  const { openModels } = await import('../llm/open-models.ts');
  const { createSecretCredentials } = await import('../llm/secret-credentials.ts');
  const { config, clock, secrets, masker, store, meters } = parts;
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
    providerStates: providerStates(store),
    onFailover: ({ from, to, failure }) =>
      meters.add(FAMILIES.failovers, { from: from.provider, to: to.provider, failure }),
    ...(recording === undefined ? {} : { record: await recorder(recording, masker) }),
    credentials: (await parts.accounts()).credentials(
      createSecretCredentials({ addresses, secret: async (name) => (await (await secrets()).resolve(name))?.value }),
    ),
    settings: {
      provider: chosen,
      model: settings.get('LLM_MODEL'),
      fallbacks: settings.get('FALLBACK_MODELS'),
      failoverOn: knownClasses(settings.get('FAILOVER_ON')),
      failoverAfterMs: settings.get('FAILOVER_AFTER_MS'),
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

/** The store as what the breakers keep their states in. */
function providerStates(store: () => Promise<Store>): ProviderStates {
  return {
    async get(provider) {
      const row = await (await store()).chain.providerState(provider);
      return row === undefined ? undefined : fromRow(row);
    },
    all: async () => (await (await store()).chain.providerStates()).map(fromRow),
    async change(provider, to) {
      await (
        await store()
      ).transaction(async ({ chain }) => {
        const row = await chain.providerState(provider);
        await chain.putProviderState(toRow(to(row === undefined ? undefined : fromRow(row))));
      });
    },
  };
}

function fromRow(row: ProviderStateRow): ProviderState {
  return {
    provider: row.provider,
    failures: row.failures,
    openUntil: row.open_until,
    probeUntil: row.probe_until,
    lastFailure: row.last_failure,
    patienceMs: row.patience_ms,
    patienceAt: row.patience_at,
    changedAt: row.changed_at,
  };
}

function toRow(state: ProviderState): ProviderStateRow {
  return {
    provider: state.provider,
    failures: state.failures,
    open_until: state.openUntil,
    probe_until: state.probeUntil,
    last_failure: state.lastFailure,
    patience_ms: Math.round(state.patienceMs),
    patience_at: state.patienceAt,
    changed_at: state.changedAt,
  };
}

/** Throws `config-invalid` for a class of failures that there is not: a misspelt one would silently switch failover off. */
function knownClasses(names: readonly string[]): readonly string[] {
  const known: readonly string[] = FAILOVER_CLASSES;
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return names;
  throw new ClawError('config-invalid', `FAILOVER_ON: there is no class of failures ${JSON.stringify(wrong)}.`, {
    hint: `claw config set FAILOVER_ON ${FAILOVER_CLASSES.join(',')}, or some of them`,
  });
}
