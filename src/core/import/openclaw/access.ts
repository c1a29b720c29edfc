/** Owns what OpenClaw had been allowed and signed in to: API keys become secrets; everything that was granted there is told, and granted by nobody but the person. */
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import { entriesOf, firstOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import { readJson } from '../json-lines.ts';
import { fileJson, type Sight } from '../source-files.ts';

const KEYS: Readonly<Record<string, string>> = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  google: 'GOOGLE_API_KEY',
  gemini: 'GOOGLE_API_KEY',
};
const MAX_PATTERNS = 50;

/** Keys of providers from the agents' stores; sign-ins to subscriptions are not copied. */
export async function* keyItems(sight: Sight, agents: readonly string[]): AsyncGenerator<ImportedItem> {
  const given = new Set<string>();
  for (const agent of agents) {
    const path = `agents/${agent}/agent/auth-profiles.json`;
    for (const [id, profile] of entriesOf(valueAt(await fileJson(sight, path), 'profiles'))) {
      const provider = textOf(valueAt(profile, 'provider')) ?? id.split(':')[0] ?? '';
      const name = Object.hasOwn(KEYS, provider) ? KEYS[provider] : undefined;
      const key = lineOf(firstOf(profile, 'key', 'apiKey'), 1000);
      const isKey = valueAt(profile, 'type') === 'api_key' && key !== undefined;
      if (!isKey)
        sight.source.tell(
          path,
          `the sign-in to ${lineOf(provider, 40) ?? 'a provider'} is not copied${signInHint(provider)}`,
        );
      else if (name === undefined) sight.source.tell(path, `claw has no setting for a key of ${lineOf(provider, 40)}`);
      else if (!given.has(name)) yield { kind: 'secret', sourceId: name, name, value: key };
      if (isKey && name !== undefined) given.add(name);
    }
  }
}

/** Programs that ran without a question, and other grants. */
export async function tellGrants(sight: Sight, config: unknown, state: ForeignDatabase | undefined): Promise<void> {
  const { tell } = sight.source;
  const documents = [await fileJson(sight, 'exec-approvals.json')];
  for (const { values } of state?.rows('exec_approvals_config') ?? []) {
    documents.push(
      readJson(textOf(values['raw_json']) ?? '', (why) =>
        tell('state/openclaw.sqlite', `exec_approvals_config: ${why}`),
      ),
    );
  }
  const agents = documents.flatMap((each) => entriesOf(valueAt(each, 'agents')));
  const patterns = agents.flatMap(([, agent]) =>
    listOf(valueAt(agent, 'allowlist')).flatMap((entry) => lineOf(firstOf(entry, 'pattern') ?? entry, 120) ?? []),
  );
  if (patterns.length > 0) {
    const shown = [...new Set(patterns)].slice(0, MAX_PATTERNS).join(', ');
    tell(
      'exec-approvals.json',
      `these programs ran without a question and do not here: ${shown}. EXEC_ALLOW names what may`,
    );
  }
  const mode = lineOf(firstOf(valueAt(config, 'tools', 'exec'), 'mode', 'security'), 40);
  if (mode !== undefined)
    tell('tools.exec', `the level ${JSON.stringify(mode)} is not taken over; claw begins with EXEC_LEVEL deny`);
  if (valueAt(config, 'tools', 'elevated') !== undefined)
    tell('tools.elevated', 'nobody may run programs outside of the walls here');
  const devices =
    entriesOf(await fileJson(sight, 'devices/paired.json')).length + (state?.count('device_pairing_paired') ?? 0);
  if (devices > 0)
    tell('devices', `${devices} paired devices are not taken over; a browser is paired with: claw device list`);
}

function signInHint(provider: string): string {
  if (provider === 'anthropic') return '; sign in with: claw auth login claude';
  return provider === 'openai-codex' ? '; sign in with: claw auth login codex' : '';
}
