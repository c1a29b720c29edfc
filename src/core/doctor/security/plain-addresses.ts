/** Owns the rule on addresses to which a key would go in plain text. */
import type { Settings } from '../../config/load-settings.ts';
import type { Hit } from './finding.ts';
import { mendSetting } from './setting-remedy.ts';

/** Whether only this machine can come by that address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

const ADDRESSES = [
  ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY'],
  ['OPENAI_BASE_URL', 'OPENAI_API_KEY'],
  ['GOOGLE_BASE_URL', 'GOOGLE_API_KEY'],
  ['COPILOT_API_URL', 'COPILOT_API_KEY'],
  ['OPENAI_COMPATIBLE_BASE_URL', 'OPENAI_COMPATIBLE_API_KEY'],
  ['SEARCH_BASE_URL', 'SEARCH_API_KEY'],
  ['TELEGRAM_API_ROOT', 'TELEGRAM_BOT_TOKEN'],
  ['DISCORD_API_ROOT', 'DISCORD_BOT_TOKEN'],
  ['SLACK_API_ROOT', 'SLACK_BOT_TOKEN'],
] as const;

/** `keys`: names of secrets that are set. */
export function plainAddresses({
  settings,
  keys,
}: {
  readonly settings: Settings;
  readonly keys: readonly string[];
}): Hit | undefined {
  const plain = ADDRESSES.filter(([name, key]) => {
    const url = URL.parse(settings.get(name) ?? '');
    const isPlain = url?.protocol === 'http:' && !isLoopback(url.hostname.replaceAll(/[[\]]/g, ''));
    return isPlain && keys.includes(key);
  });
  const [first] = plain;
  if (first === undefined) return undefined;
  const evidence = plain.map(([name, key]) => `${key} is sent to ${settings.get(name) ?? ''}`).join(', ');
  return { evidence, fix: mendSetting(settings, first[0], null).fix };
}
