/** Owns the one table of every setting. `.env.example`, docs/settings.md, the JSON Schema, `claw config` and the types all come from here. */
import { ACCOUNT_SETTINGS } from './account-settings.ts';
import { CHANNEL_SETTINGS } from './channel-settings.ts';
import { MEMORY_SETTINGS } from './memory-settings.ts';
import { KNOWLEDGE_SETTINGS } from './knowledge-settings.ts';
import { PROVIDER_SETTINGS, TURN_SETTINGS } from './model-settings.ts';
import { ROUTER_SETTINGS } from './router-settings.ts';
import { SERVER_SETTINGS } from './server-settings.ts';
import type { Setting, SettingTable, ValueOf } from './setting.ts';
import { SOCIAL_SETTINGS } from './social-settings.ts';
import { AGENT_SETTINGS, SYSTEM_SETTINGS, TASK_SETTINGS } from './system-settings.ts';
import { TOOL_SETTINGS } from './tool-settings.ts';

export const SETTINGS = {
  ...PROVIDER_SETTINGS,
  ...ROUTER_SETTINGS,
  ...ACCOUNT_SETTINGS,
  ...TURN_SETTINGS,
  ...MEMORY_SETTINGS,
  ...TOOL_SETTINGS,
  ...KNOWLEDGE_SETTINGS,
  ...CHANNEL_SETTINGS,
  ...SOCIAL_SETTINGS,
  ...SERVER_SETTINGS,
  ...AGENT_SETTINGS,
  ...TASK_SETTINGS,
  ...SYSTEM_SETTINGS,
} as const;

export const SETTING_GROUPS: readonly (readonly [title: string, settings: SettingTable])[] = [
  ['Providers and models', PROVIDER_SETTINGS],
  ['Cheap first', ROUTER_SETTINGS],
  ['Accounts', ACCOUNT_SETTINGS],
  ['The turn', TURN_SETTINGS],
  ['Memory', MEMORY_SETTINGS],
  ['Tools', TOOL_SETTINGS],
  ['Knowledge', KNOWLEDGE_SETTINGS],
  ['Chat platforms and rooms', CHANNEL_SETTINGS],
  ['Accounts at Copilot, Threads and Instagram', SOCIAL_SETTINGS],
  ['Server', SERVER_SETTINGS],
  ['Agents in containers', AGENT_SETTINGS],
  ['Scheduled tasks', TASK_SETTINGS],
  ['System', SYSTEM_SETTINGS],
];

export type SettingName = keyof typeof SETTINGS;
export type SettingValueOf<Name extends SettingName> = ValueOf<(typeof SETTINGS)[Name]>;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

export function settingOf(name: SettingName): Setting {
  return SETTINGS[name];
}

/** Names that mean `name`, the most specific first: the one that wins when several stand in one place. */
export function namesOf(name: SettingName): readonly string[] {
  const plain = [name, ...(settingOf(name).aliases ?? [])];
  return [...plain.filter((each) => !each.startsWith('CLAW_')).map((each) => `CLAW_${each}`), ...plain];
}

const CANONICAL: ReadonlyMap<string, SettingName> = new Map(
  SETTING_NAMES.flatMap((name) => namesOf(name).map((each) => [each, name] as const)),
);

/** The setting that `name` means, aliases included; undefined for an unknown one. */
export function canonicalName(name: string): SettingName | undefined {
  return CANONICAL.get(name);
}

/** Whether an unknown name is that of a secret, such as the API key of a tool. */
export function isSecretName(name: string): boolean {
  return /_(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE)$/i.test(name);
}
