/** Owns the choice of the first model, for the terminal and the dashboard: the services that need a key, and model servers that run on this machine. */
import { setConfigValue, unsetConfigValue } from '../config/config-file.ts';
import { prepareChange } from '../config/prepare-change.ts';
import type { HomePaths } from '../kernel/paths.ts';
import { detectLocalServers } from '../llm/detect-local.ts';

export interface FirstModel {
  /** `anthropic`, or `local-1` for a server on this machine. */
  readonly id: string;
  /** Name of the service or the server. */
  readonly service: string;
  /** The model of a server on this machine. */
  readonly model?: string;
  /** Name of the key it needs. */
  readonly key?: string;
  readonly settings: Readonly<Record<string, string>>;
}

const CLOUD: readonly FirstModel[] = [
  {
    id: 'anthropic',
    service: 'Anthropic (Claude)',
    key: 'ANTHROPIC_API_KEY',
    settings: { LLM_PROVIDER: 'anthropic' },
  },
  { id: 'openai', service: 'OpenAI', key: 'OPENAI_API_KEY', settings: { LLM_PROVIDER: 'openai' } },
  { id: 'google', service: 'Google Gemini', key: 'GOOGLE_API_KEY', settings: { LLM_PROVIDER: 'google' } },
];

/** What may be chosen here and now; asks the usual ports of this machine, which takes up to half a second. `ownPort` is claw's own, which speaks as a model too. */
export async function firstModels(ownPort: number): Promise<readonly FirstModel[]> {
  const found = await detectLocalServers(fetch);
  const servers = found.filter(({ baseUrl }) => new URL(baseUrl).port !== String(ownPort));
  const local = servers.flatMap(({ name, baseUrl, models: [model] }, index) =>
    model === undefined
      ? []
      : [
          {
            id: `local-${index + 1}`,
            service: name,
            model,
            settings: { LLM_PROVIDER: 'openai-compatible', LLM_MODEL: model, OPENAI_COMPATIBLE_BASE_URL: baseUrl },
          },
        ],
  );
  return [...CLOUD, ...local];
}

/** Writes the choice down, with other settings of the first run. Returns the names of what was set. Throws `config-invalid` before anything is written. */
export async function keepFirstChoice(
  paths: HomePaths,
  model: Pick<FirstModel, 'settings'>,
  others: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const changes = Object.entries({ ...others, ...model.settings }).map(([name, value]) => prepareChange(name, value));
  // A model of another provider would be asked of the one just chosen.
  if (model.settings['LLM_PROVIDER'] !== undefined) await unsetConfigValue(paths, 'LLM_MODEL');
  for (const { name, value } of changes) await setConfigValue(paths, name, value);
  return changes.map(({ name }) => name);
}
