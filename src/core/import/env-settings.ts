/** Owns what a name of another assistant's environment is called here: settings, secrets, and names that are told but not taken over. Values of secrets appear in secret items only. */
import { parseEnv } from '../config/env-file.ts';
import { lineOf } from './foreign-values.ts';
import type { ImportedItem } from './imported.ts';

/** Their name: claw's name. */
const SETTINGS: Readonly<Record<string, string>> = {
  ASSISTANT_NAME: 'ASSISTANT_NAME',
  TZ: 'TIMEZONE',
  TIMEZONE: 'TIMEZONE',
  MAX_CONCURRENT_CONTAINERS: 'MAX_CONCURRENT_CONTAINERS',
  CONTAINER_TIMEOUT: 'CONTAINER_TIMEOUT',
  CONTAINER_TIMEOUT_MS: 'CONTAINER_TIMEOUT',
  IDLE_TIMEOUT: 'IDLE_TIMEOUT',
  IDLE_TIMEOUT_MS: 'IDLE_TIMEOUT',
};

const SECRETS: Readonly<Record<string, string>> = {
  TELEGRAM_BOT_TOKEN: 'TELEGRAM_BOT_TOKEN',
  DISCORD_BOT_TOKEN: 'DISCORD_BOT_TOKEN',
  DISCORD_TOKEN: 'DISCORD_BOT_TOKEN',
  SLACK_BOT_TOKEN: 'SLACK_BOT_TOKEN',
  SLACK_APP_TOKEN: 'SLACK_APP_TOKEN',
  ANTHROPIC_API_KEY: 'ANTHROPIC_API_KEY',
  OPENAI_API_KEY: 'OPENAI_API_KEY',
  GEMINI_API_KEY: 'GOOGLE_API_KEY',
  GOOGLE_API_KEY: 'GOOGLE_API_KEY',
};

/** Not taken over, with what to do instead. */
const TOLD: Readonly<Record<string, string>> = {
  CLAUDE_CODE_OAUTH_TOKEN: 'the sign-in of a Claude subscription is not copied; sign in with: claw auth login claude',
  ANTHROPIC_AUTH_TOKEN: 'the sign-in of a Claude subscription is not copied; sign in with: claw auth login claude',
  ANTHROPIC_BASE_URL: 'keys would be sent there; if you want that: claw config set ANTHROPIC_BASE_URL ADDRESS',
  OPENAI_BASE_URL: 'keys would be sent there; if you want that: claw config set OPENAI_BASE_URL ADDRESS',
  AUTO_REGISTER_MAIN_JID: 'the main room is taken over as it was registered',
  CONTAINER_IMAGE: 'agents in containers need an image made for claw',
  AGENT_RUNNER_MODE: 'rooms are answered by claw itself; to change that: claw config set AGENT_RUNNER_MODE container',
  MAIN_GROUP_FOLDER: 'the room of that folder is the main one here',
  CODEX_MODEL: 'it is a model of Codex; choose one of claw with: claw config set LLM_MODEL PROVIDER/NAME',
  MOUNT_ALLOWLIST_PATH: 'mounts are not granted; to allow some: claw config set MOUNT_ALLOWLIST_PATH FILE',
  CODEX_AUTH_DIR: 'the sign-in of Codex is not copied; sign in with: claw auth login codex',
};

/** What a file of the form `.env` holds, under claw's names. */
export function* envItems(text: string, path: string): Generator<ImportedItem> {
  // Of two with one name the last counts.
  const values = new Map(parseEnv(Buffer.from(text)).map(({ name, value }) => [name, value]));
  yield* settingItems(values, path);
}

/** Settings and secrets of these names; `path` says where they stand. */
export function* settingItems(values: ReadonlyMap<string, string>, path: string): Generator<ImportedItem> {
  const others: string[] = [];
  for (const [name, written] of values) {
    const value = lineOf(written, 10_000);
    if (value === undefined) continue;
    const setting = own(SETTINGS, name);
    const secret = own(SECRETS, name);
    const why = own(TOLD, name);
    if (setting !== undefined) yield { kind: 'setting', sourceId: setting, name: setting, value };
    else if (secret !== undefined) yield { kind: 'secret', sourceId: secret, name: secret, value };
    else if (why !== undefined) yield { kind: 'remark', text: `${path}: ${name} was not taken over: ${why}.` };
    else others.push(lineOf(name, 60) ?? '');
  }
  if (others.length > 0) {
    yield { kind: 'remark', text: `${path}: claw has no setting for ${others.slice(0, 50).join(', ')}.` };
  }
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
