/** Owns the settings of one home: every layer read once, every value checked, each with where it comes from. It changes nothing. */
import { resolve } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { chooseLanguage, type Language } from '../kernel/language/choose-language.ts';
import { expandTilde } from './home.ts';
import { type Found, type Layer, type LayerOptions, readLayers, type Source } from './layers.ts';
import { isUnset, readValue } from './read-value.ts';
import type { Setting, SettingValue } from './setting.ts';
import { odditiesIn, type Oddity } from './settings-remarks.ts';
import { type StandingValue, standingValues } from './standing-values.ts';
import {
  canonicalName,
  isSecretName,
  namesOf,
  SETTING_NAMES,
  type SettingName,
  settingOf,
  type SettingValueOf,
} from './settings-table.ts';

/** Length from which a text under a name like X_TOKEN is taken for a secret. */
const MIN_UNKNOWN_SECRET = 8;

/** One value with its origin. */
export interface Resolved {
  readonly value: SettingValue | undefined;
  readonly source: Source;
  /** For people: `the environment`, or a file with its line; undefined for a default. */
  readonly place: string | undefined;
}

/** A value that the setting does not take. */
export interface WrongValue {
  readonly name: SettingName;
  readonly source: Layer['source'];
  readonly place: string;
  readonly problem: ClawError;
}

export interface Settings {
  /** The checked value. Throws `config-invalid` when what stands for it is wrong. */
  get<Name extends SettingName>(name: Name): SettingValueOf<Name>;
  /** The value and where it comes from; a wrong one throws like `get`. */
  resolve(name: SettingName): Resolved;
  /** A text of the environment or a `.env` file under any name, `CLAW_<name>` first: secrets of tools are such. */
  lookUp(name: string): { readonly value: string; readonly source: Source; readonly place: string } | undefined;
  /** Texts of the environment and files that are secrets by their name, for masking. */
  readonly secretTexts: readonly string[];
  /** What is wrong: values, damaged files. Empty when all is well. */
  readonly problems: readonly ClawError[];
  /** What is odd but harmless, for stderr: unknown names, doors opened by the working directory. */
  readonly remarks: readonly string[];
  /** The same with where each stands, for those who mend it. */
  readonly oddities: readonly Oddity[];
  /** The values that are wrong, with where each stands. */
  readonly wrongValues: readonly WrongValue[];
  /** Every place in which a setting stands, the strongest first. */
  readonly standing: readonly StandingValue[];
  /** Language of the interface. */
  readonly language: Language;
}

/** Reads the settings. Never throws for their content: see `problems` and `requireValid`. */
export function loadSettings(options: LayerOptions): Settings {
  const layers = readLayers(options);
  const results = new Map(SETTING_NAMES.map((name) => [name, resolveSetting(name, layers, options.home)]));
  const wrongValues = [...results.values()].filter((each) => 'problem' in each);
  const resolveOne = (name: SettingName): Resolved => {
    const result = results.get(name);
    if (result === undefined) throw new Error(`no setting ${name}`);
    if ('problem' in result) throw result.problem;
    return result;
  };
  const get = <Name extends SettingName>(name: Name): SettingValueOf<Name> =>
    resolveOne(name).value as SettingValueOf<Name>;
  const language = results.get('CLAW_LANG');
  return {
    get,
    resolve: resolveOne,
    lookUp: (name) => lookUp(name, layers),
    get secretTexts() {
      return layers.flatMap(secretTextsIn);
    },
    problems: [...layers.flatMap(({ damage }) => damage ?? []), ...wrongValues.map(({ problem }) => problem)],
    get remarks() {
      return odditiesIn(layers).map(({ text }) => text);
    },
    get oddities() {
      return odditiesIn(layers);
    },
    wrongValues,
    get standing() {
      return standingValues(layers);
    },
    language: chooseLanguage(chosenLanguage(language), options.environment),
  };
}

/** Throws `config-invalid` (or `data-invalid` for a damaged file) that tells every problem, if there is one. */
export function requireValid(settings: Settings): void {
  const [first, ...others] = settings.problems;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const message = settings.problems.map((problem) => problem.message).join('\n      ');
  throw new ClawError(first.code, message, first.hint === undefined ? {} : { hint: first.hint });
}

/** The strongest value of `name` that is set, or what is wrong with it. */
function resolveSetting(name: SettingName, layers: readonly Layer[], home: string): Resolved | WrongValue {
  const setting = settingOf(name);
  for (const layer of layers) {
    const found = firstSet(layer, namesOf(name));
    if (found === undefined) continue;
    const { raw, place } = found;
    const { source } = layer;
    const wrong = (problem: ClawError): WrongValue => ({ name, source, place, problem });
    if (source === 'config' && setting.secret === true) return wrong(secretInConfig(name, place));
    if (source === 'cwd-env' && setting.startsProgram === true) return wrong(strangeProgram(name, place));
    const reading = readValue(setting, raw);
    if ('expected' in reading && setting.kind === 'choice' && setting.lenient === true) continue;
    if ('expected' in reading) return wrong(wrongValue(name, setting, { raw, place }, reading.expected));
    if (isStrangeAddress(setting, String(reading.value), layer)) return wrong(strangeAddress(name, place));
    return { value: absolute(setting, reading.value, home), source, place };
  }
  return { value: absolute(setting, setting.default, home), source: 'default', place: undefined };
}

/** A `.env` that came with someone's project may not have this user's key sent to an address of its own. */
function isStrangeAddress(setting: Setting, address: string, layer: Layer): boolean {
  if (setting.kind !== 'url' || setting.credential === undefined || layer.source !== 'cwd-env') return false;
  const { hostname } = new URL(address);
  const isLoopback = /^(localhost|127(\.[0-9]+){3}|\[::1\])$/.test(hostname);
  return !isLoopback && firstSet(layer, [`CLAW_${setting.credential}`, setting.credential]) === undefined;
}

function strangeAddress(name: SettingName, place: string): ClawError {
  return new ClawError('config-invalid', `${name} from ${place}, a file of the working directory, is not trusted.`, {
    hint: `Your key would be sent there. If that is right, run "claw config set ${name} ADDRESS", or put the key into the same file.`,
  });
}

/** Nor may it have a program started. */
function strangeProgram(name: SettingName, place: string): ClawError {
  return new ClawError('config-invalid', `${name} from ${place}, a file of the working directory, is not trusted.`, {
    hint: `It would be started as you. If that is right, run "claw config set ${name} COMMAND".`,
  });
}

function firstSet(layer: Layer, names: readonly string[]): Found | undefined {
  return names.flatMap((name) => layer.entries.get(name) ?? []).find(({ raw }) => !isUnset(raw));
}

function absolute<Value extends SettingValue | undefined>(
  setting: Setting,
  value: Value,
  home: string,
): Value | string {
  return setting.kind === 'path' && typeof value === 'string' ? resolve(home, expandTilde(value)) : value;
}

function wrongValue(name: SettingName, setting: Setting, { raw, place }: Found, expected: string): ClawError {
  const shown = setting.secret === true ? 'its value' : JSON.stringify(raw);
  return new ClawError('config-invalid', `${name} from ${place} must be ${expected}; ${shown} is not.`, {
    hint: `${setting.description} Change it there, or see "claw config get ${name}".`,
  });
}

function secretInConfig(name: SettingName, place: string): ClawError {
  return new ClawError('config-invalid', `${name} is a secret and must not stand in ${place}.`, {
    hint: `Run "claw secret set ${name}" and take it out with "claw config unset ${name}".`,
  });
}

function lookUp(name: string, layers: readonly Layer[]): ReturnType<Settings['lookUp']> {
  const known = canonicalName(name);
  const names = known === undefined ? [`CLAW_${name}`, name] : namesOf(known);
  for (const layer of layers) {
    if (layer.source === 'config' || layer.source === 'flag') continue;
    const found = firstSet(layer, names);
    if (found !== undefined) return { value: String(found.raw), source: layer.source, place: found.place };
  }
  return undefined;
}

function secretTextsIn({ entries }: Layer): readonly string[] {
  return [...entries].flatMap(([name, { raw }]) => {
    const known = canonicalName(name);
    const isSecret = known === undefined ? isSecretName(name) : settingOf(known).secret === true;
    // A short value under an unknown name, such as `true`, would hide ordinary words.
    return isSecret && typeof raw === 'string' && (known !== undefined || raw.length >= MIN_UNKNOWN_SECRET)
      ? [raw]
      : [];
  });
}

/** The language that CLAW_LANG names. */
function chosenLanguage(setting: Resolved | WrongValue | undefined): Language | undefined {
  return setting === undefined || 'problem' in setting ? undefined : (setting.value as Language | undefined);
}

/** The language of the interface by itself, for what is said before any other setting is needed: help, and words that are no command. */
export function readLanguage(options: LayerOptions): Language {
  return chooseLanguage(
    chosenLanguage(resolveSetting('CLAW_LANG', readLayers(options), options.home)),
    options.environment,
  );
}
