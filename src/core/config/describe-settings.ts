/** Owns how settings are shown: value, origin and bounds, with every secret hidden. */
import { ClawError } from '../kernel/errors.ts';
import type { Settings } from './load-settings.ts';
import type { Setting, SettingValue } from './setting.ts';
import { SETTING_GROUPS, SETTING_NAMES, type SettingName, settingOf } from './settings-table.ts';

/** What is shown instead of a secret. */
const HIDDEN = '********';

/** A setting as `claw config` prints it; keys are those of the JSON output. */
export interface SettingDescription {
  readonly name: SettingName;
  readonly value: SettingValue | null;
  readonly source: string;
  /** The file and line, or `the environment`. */
  readonly place: string | null;
  readonly default: SettingValue | null;
  readonly description: string;
  readonly secret: boolean;
  readonly type: string;
  readonly group: string;
  /** Only when what stands for it is wrong; `value` is null then. */
  readonly error?: string;
}

/** Every setting in the order of the table. `stored` names the secrets that the secret store holds. */
export function describeSettings(settings: Settings, stored: ReadonlySet<string>): readonly SettingDescription[] {
  return SETTING_NAMES.map((name) => describeSetting(settings, name, stored));
}

/** One setting, wrong ones included. */
export function describeSetting(
  settings: Settings,
  name: SettingName,
  stored: ReadonlySet<string>,
): SettingDescription {
  const setting = settingOf(name);
  const fixed = {
    name,
    default: setting.default ?? null,
    description: setting.description,
    secret: setting.secret === true,
    type: typeInWords(setting),
    group: SETTING_GROUPS.find(([, group]) => name in group)?.[0] ?? '',
  };
  try {
    const { value = null, source, place = null } = settings.resolve(name);
    if (!fixed.secret) return { ...fixed, value, source, place };
    if (value !== null) return { ...fixed, value: HIDDEN, source, place };
    return stored.has(name)
      ? { ...fixed, value: HIDDEN, source: 'secret-store', place: null }
      : { ...fixed, value: null, source, place };
  } catch (error) {
    if (!(error instanceof ClawError)) throw error;
    return { ...fixed, value: null, source: 'wrong', place: null, error: error.message };
  }
}

/** Type and bounds of a setting for people. */
export function typeInWords(setting: Setting): string {
  switch (setting.kind) {
    case 'integer':
    case 'number':
      return `${setting.kind}, ${setting.min} to ${setting.max}`;
    case 'boolean':
      return 'true or false';
    case 'list':
      return 'list (a, b, c)';
    case 'choice':
      return setting.choices.join(', ');
    case 'text':
      return setting.minLength === undefined ? 'text' : `text, ${setting.minLength} characters or more`;
    case 'url':
      return 'http(s) address';
    case 'path':
      return 'path';
    case 'regex':
      return 'regular expression';
    case 'zone':
      return 'IANA time zone';
  }
}

/** A value as text on one line; empty when there is none. */
export function valueInWords(value: SettingValue | null): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}
