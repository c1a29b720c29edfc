/** Owns the settings of flux-openclaw: `.env`, and `config.json` with the names of its fields. */
import { parseEnv } from '../../config/env-file.ts';
import { settingNamed } from '../../config/prepare-change.ts';
import { isSecretName, settingOf } from '../../config/settings-table.ts';
import { entriesOf } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import type { Source } from '../reader.ts';
import { readJsonFile } from './read-text.ts';

/** Fields of config.json that are not called as their setting in lower case. */
const FIELDS: Readonly<Record<string, string>> = {
  default_model: 'LLM_MODEL',
  tool_timeout_seconds: 'TOOL_TIMEOUT',
};
/** Names of older versions. */
const RENAMED: Readonly<Record<string, string>> = { DISCORD_ALLOWED_SERVERS: 'DISCORD_ALLOWED_GUILDS' };
const MAX_BYTES = 1024 * 1024;

/** What stands in `.env` outranks config.json, as it does there. */
export async function* readSettings(source: Source): AsyncGenerator<ImportedItem> {
  const found = new Map<string, string>();
  for (const [field, value] of entriesOf(await readJsonFile(source, 'config.json', MAX_BYTES))) {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (isPlain) found.set(FIELDS[field] ?? field.toUpperCase(), String(value));
  }
  const env = await source.files.text('.env', MAX_BYTES);
  for (const { name, value } of parseEnv(Buffer.from(env ?? ''))) found.set(RENAMED[name] ?? name, value);
  for (const [name, value] of found) if (value.trim() !== '') yield settingItem(name, value);
}

function settingItem(name: string, value: string): ImportedItem {
  const known = settingNamed(name);
  const isSecret = known === undefined ? isSecretName(name) : settingOf(known).secret === true;
  const sourceId = name.slice(0, 100);
  return { kind: isSecret ? 'secret' : 'setting', sourceId, name: known ?? name, value };
}
