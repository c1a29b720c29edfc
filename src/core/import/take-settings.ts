/** Owns taking over settings and secrets. Only what cannot open a door or send a key elsewhere is taken over by itself; nothing that is set here is changed, and no value of a secret is told. */
import { checkSecretValue, prepareChange, settingNamed } from '../config/prepare-change.ts';
import type { Settings } from '../config/load-settings.ts';
import { type SettingName, settingOf } from '../config/settings-table.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { ImportedSecret, ImportedSetting } from './imported.ts';
import { skip, type Taker } from './taker.ts';

/** Settings that mean here what they meant there, and whose worst value harms nobody but their owner. */
const HARMLESS: ReadonlySet<SettingName> = new Set<SettingName>([
  'ASSISTANT_NAME',
  'LLM_PROVIDER',
  'LLM_MODEL',
  'FALLBACK_MODELS',
  'LLM_RETRY_COUNT',
  'LLM_RETRY_BASE_DELAY',
  'MAX_TOKENS',
  'MAX_TOOL_ROUNDS',
  'MAX_HISTORY',
  'MAX_DAILY_CALLS',
  'PER_USER_DAILY_CALLS',
  'TOOL_TIMEOUT',
  'STREAMING_ENABLED',
  'TRIGGER_PATTERN',
  'TELEGRAM_ALLOWED_USERS',
  'DISCORD_ALLOWED_USERS',
  'SLACK_ALLOWED_USERS',
  'DISCORD_ALLOWED_GUILDS',
  'DISCORD_ALLOWED_CHANNELS',
  'SLACK_ALLOWED_CHANNELS',
  'WS_PORT',
  'WS_RATE_LIMIT',
  'WS_MAX_CONNECTIONS',
  'DASHBOARD_PORT',
  'HEALTH_PORT',
  'API_RATE_LIMIT',
  'API_RATE_WINDOW',
  'BOT_RATE_LIMIT',
  'JWT_ACCESS_TTL',
  'JWT_REFRESH_TTL',
  'LOG_LEVEL',
  'LOG_FORMAT',
  'TIMEZONE',
  'COPILOT_MODEL',
  'MAX_CONCURRENT_CONTAINERS',
  'CONTAINER_TIMEOUT',
  'IDLE_TIMEOUT',
]);
/** What examples of `.env` files hold in place of a key. */
const PLACEHOLDER = /^(your[-_ ]|<|\.\.\.|xxx|change[-_ ]?me|replace|todo|example)/i;

export interface SettingsPlace {
  readonly settings: () => Settings;
  /** Writes into config.json. */
  readonly set: (name: string, value: unknown) => Promise<void>;
}

export function takeSetting({ settings, set }: SettingsPlace): Taker<ImportedSetting> {
  return {
    async decide({ name: asked, value: text }) {
      const name = settingNamed(asked);
      if (name === undefined) return skip('claw has no such setting');
      if (settingOf(name).secret === true) return skip('it is a secret and was not kept as one');
      if (!HARMLESS.has(name)) return skip('it may open a door: look at it, and set it with "claw config set"');
      const change = prepareChange(name, text);
      const { source, value } = settings().resolve(name);
      if (JSON.stringify(value) === JSON.stringify(change.value)) return { state: 'already', targetId: name };
      if (source !== 'default') return skip('it is set here to another value, which stays');
      return {
        state: 'new',
        async perform() {
          await set(name, change.value);
          return name;
        },
      };
    },
  };
}

export function takeSecret(secrets: Pick<SecretService, 'resolve' | 'set'>): Taker<ImportedSecret> {
  return {
    async decide({ name: asked, value }) {
      const name = settingNamed(asked);
      if (name === undefined || settingOf(name).secret !== true || name === 'CLAW_MASTER_KEY')
        return skip('claw has no such secret; if a tool needs it: claw secret set NAME');
      if (value.trim() === '' || PLACEHOLDER.test(value.trim())) return skip('there is no key in it');
      checkSecretValue(name, value);
      const here = await secrets.resolve(name);
      if (here?.value === value) return { state: 'already', targetId: name };
      if (here !== undefined) return skip('it is set here to another value, which stays');
      return {
        state: 'new',
        async perform() {
          await secrets.set(name, { value, hosts: [] });
          return name;
        },
      };
    },
  };
}
