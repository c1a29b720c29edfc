/** Owns what a person may write into config.json: names as they are meant, values as the setting wants them, never a secret. Pure. */
import { ClawError } from '../kernel/errors.ts';
import { nearestName } from '../kernel/nearest-name.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Settings } from './load-settings.ts';
import { isUnset, readValue } from './read-value.ts';
import { canonicalName, isSecretName, SETTING_NAMES, type SettingName, settingOf } from './settings-table.ts';

export interface Change {
  readonly name: string;
  readonly value: unknown;
  /** The setting is not one of this version's. */
  readonly isUnknown: boolean;
  /** The known name that may have been meant. */
  readonly hint?: string | undefined;
}

const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,99}$/;

/** The setting that a person means by `name`: aliases and lower case are understood. */
export function settingNamed(name: string): SettingName | undefined {
  return canonicalName(name) ?? canonicalName(name.toUpperCase().replaceAll('-', '_'));
}

/** The setting that a person means. Throws `not-found` with the nearest name. */
export function requireSetting(name: string): SettingName {
  const known = settingNamed(name);
  if (known !== undefined) return known;
  throw new ClawError('not-found', phrase('noSetting', name), {
    hint: didYouMean(name) ?? phrase('seeSettings'),
  });
}

/** Checks `claw config set NAME TEXT`. Throws `config-invalid` for a secret or a wrong value. */
export function prepareChange(asked: string, text: string): Change {
  const name = settingNamed(asked);
  if (name === undefined) return unknownChange(asked, text);
  const setting = settingOf(name);
  if (setting.secret === true) throw secretRefused(name);
  if (isUnset(text)) {
    throw new ClawError('config-invalid', phrase('needsValue', name), { hint: phrase('clearSetting', name) });
  }
  const reading = readValue(setting, text);
  if ('value' in reading) return { name, value: reading.value, isUnknown: false };
  throw new ClawError('config-invalid', `${name} must be ${reading.expected}; ${JSON.stringify(text)} is not.`, {
    hint: setting.description,
  });
}

/** The name under which a secret is kept: that of a setting where one is meant. Throws `config-invalid` for what is no secret or cannot be kept. */
export function secretNamed(asked: string): string {
  const name = settingNamed(asked);
  if (name === undefined) return asked;
  if (name === 'CLAW_MASTER_KEY') {
    throw new ClawError('config-invalid', 'CLAW_MASTER_KEY opens the store of secrets and cannot be kept in it.', {
      hint: 'Set it in the environment.',
    });
  }
  if (settingOf(name).secret === true) return name;
  throw new ClawError('config-invalid', phrase('noSecretName', name), { hint: phrase('runConfigSet', name) });
}

/** Throws `config-invalid` for a value that the setting of this name would refuse; the value is not repeated. */
export function checkSecretValue(name: string, value: string): void {
  const setting = canonicalName(name);
  if (setting === undefined || isUnset(value)) return;
  const reading = readValue(settingOf(setting), value);
  if ('value' in reading) return;
  throw new ClawError('config-invalid', `${name} must be ${reading.expected}.`, {
    hint: settingOf(setting).description,
  });
}

/** What a person should know who changed `name` in config.json while a stronger place also sets it. */
export function describeOutranked(settings: Settings, name: string): string | undefined {
  const known = canonicalName(name);
  if (known === undefined) return undefined;
  try {
    const { source, place } = settings.resolve(known);
    const isInForce = source === 'config' || source === 'default' || place === undefined;
    return isInForce ? undefined : `${name} from ${place} outranks config.json and stays in force.`;
  } catch (error) {
    if (error instanceof ClawError) return error.message;
    throw error;
  }
}

/** A name nobody knows may belong to a newer version: it is kept, with the nearest known name as a hint. */
function unknownChange(name: string, text: string): Change {
  if (!NAME.test(name)) {
    throw new ClawError('usage-invalid', `${JSON.stringify(name)} cannot be the name of a setting.`, {
      hint: phrase('seeSettings'),
    });
  }
  if (isSecretName(name)) throw secretRefused(name);
  return { name, value: jsonOrText(text), isUnknown: true, hint: didYouMean(name) };
}

function secretRefused(name: string): ClawError {
  return new ClawError('config-invalid', phrase('secretNotInConfig', name), {
    hint: phrase('runSecretSet', name),
  });
}

function didYouMean(name: string): string | undefined {
  const near = nearestName(name.toUpperCase().replace(/^CLAW_/, ''), SETTING_NAMES);
  return near === undefined ? undefined : `Did you mean ${near}?`;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
