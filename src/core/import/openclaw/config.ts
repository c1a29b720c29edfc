/** Owns finding OpenClaw's configuration, under the names its versions gave it, and what it says of agents and models. */
import { entriesOf, fieldsOf, firstOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import { fileJson, type Sight } from '../source-files.ts';

const FILES = ['openclaw.json', 'moltbot.json', 'clawdbot.json', 'openclaw.json5', 'clawdis.json'] as const;

export interface Agent {
  readonly id: string;
  /** Relative to the folder that is imported; undefined when it lies elsewhere. */
  readonly workspace: string | undefined;
  /** As it is written there, when it is. */
  readonly written: string | undefined;
}

/** Empty when there is none. */
export async function readConfig(sight: Sight): Promise<unknown> {
  for (const name of FILES) {
    const config = await fileJson(sight, name);
    if (fieldsOf(config) !== undefined) return config;
  }
  return {};
}

/** Whether the folder has one. */
export async function hasConfig({ files }: Pick<Sight['source'], 'files'>): Promise<boolean> {
  for (const name of FILES) if ((await files.facts(name)) !== undefined) return true;
  return false;
}

/** What stands in one of two places: for all agents, or as older versions wrote it. */
function agentSetting(config: unknown, name: string): unknown {
  const [first] = agentEntries(config);
  const own = valueAt(first?.[1], name);
  return own ?? valueAt(config, 'agents', 'defaults', name) ?? valueAt(config, 'agent', name) ?? valueAt(config, name);
}

/** The agents, the one that answers first; there is always one. */
export function agentsOf(config: unknown): Agent[] {
  const entries = agentEntries(config);
  const ids = entries.length === 0 ? [['main', {}] as const] : entries;
  const common = valueAt(config, 'agents', 'defaults', 'workspace') ?? valueAt(config, 'agent', 'workspace');
  return ids.map(([id, entry], index) => {
    const written = lineOf(valueAt(entry, 'workspace')) ?? (index === 0 ? lineOf(common) : undefined);
    const usual = index === 0 ? 'workspace' : `workspace-${id}`;
    return { id, written, workspace: written === undefined ? usual : withinHome(written) };
  });
}

function agentEntries(config: unknown): (readonly [string, unknown])[] {
  const listed = listOf(valueAt(config, 'agents', 'list')).flatMap((entry) => {
    const id = lineOf(valueAt(entry, 'id'), 64);
    return id === undefined ? [] : [[id, entry] as const];
  });
  const entries = listed.length > 0 ? listed : [...entriesOf(valueAt(config, 'agents', 'entries'))];
  const isDefault = ([, entry]: readonly [string, unknown]): boolean => valueAt(entry, 'default') === true;
  return [...entries.filter(isDefault), ...entries.filter((entry) => !isDefault(entry))];
}

/** `~/.openclaw/workspace` is `workspace`, wherever the home lies now. */
function withinHome(path: string): string | undefined {
  const inside = /(?:^|[/\\])\.(?:openclaw|clawdbot|moltbot|clawdis)(?:-[\w-]+)?[/\\](.+)$/.exec(path)?.[1];
  const parts = (inside ?? (/^[~/\\]|^[A-Za-z]:/.test(path) ? '' : path))
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? undefined : parts.join('/');
}

/** Providers of claw that OpenClaw calls the same, or otherwise. */
const PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  openai: 'openai',
  google: 'google',
  gemini: 'google',
};

/** Name, models and time zone. */
export function* agentItems(config: unknown): Generator<ImportedItem> {
  const name = lineOf(valueAt(agentSetting(config, 'identity'), 'name'), 80);
  if (name !== undefined) yield setting('ASSISTANT_NAME', name);
  const zone = lineOf(agentSetting(config, 'userTimezone'), 80);
  if (zone !== undefined) yield setting('TIMEZONE', zone);
  const model = agentSetting(config, 'model');
  const primary = textOf(model) ?? textOf(valueAt(model, 'primary'));
  const known = primary === undefined ? undefined : modelOf(primary);
  if (known !== undefined) yield setting('LLM_MODEL', known);
  else if (primary !== undefined)
    yield {
      kind: 'remark',
      text: `The model ${lineOf(primary, 100)} is of a provider that claw has not; choose one with: claw config set LLM_MODEL PROVIDER/NAME`,
    };
  const fallbacks = listOf(valueAt(model, 'fallbacks')).flatMap((each) => modelOf(textOf(each) ?? '') ?? []);
  if (fallbacks.length > 0) yield setting('FALLBACK_MODELS', fallbacks.join(', '));
}

function modelOf(written: string): string | undefined {
  const [, provider = '', name = ''] = /^([\w-]+)\/([\w.:-]+)$/.exec(written.trim()) ?? [];
  const known = Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider] : undefined;
  return known === undefined || name === '' ? undefined : `${known}/${name}`;
}

function setting(name: string, value: string): ImportedItem {
  return { kind: 'setting', sourceId: name, name, value };
}

/** Names and values of the block `env`. */
export function envBlock(config: unknown): Map<string, string> {
  const pairs = [...entriesOf(valueAt(config, 'env')), ...entriesOf(valueAt(config, 'env', 'vars'))];
  return new Map(pairs.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])));
}

/** What of the configuration is none of the above and would be missed. */
export function* otherConfig(config: unknown): Generator<ImportedItem> {
  const parts = ['hooks', 'gateway', 'browser', 'plugins', 'mcp', 'talk', 'canvasHost', 'bindings', 'nodeHost'];
  const found = parts.filter((name) => valueAt(config, name) !== undefined);
  if (valueAt(config, 'models', 'providers') !== undefined) found.push('models.providers');
  if (firstOf(valueAt(config, 'skills'), 'entries', 'load') !== undefined) found.push('skills.entries');
  if (found.length > 0)
    yield {
      kind: 'remark',
      text: `The configuration also has ${found.join(', ')}, which claw sets up in its own ways; see docs/import.md.`,
    };
}
