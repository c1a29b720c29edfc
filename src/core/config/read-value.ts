/** Owns how what stands in a flag, the environment, a file or JSON becomes a setting's value. Never throws and never repeats the input of a secret. */
import type { Setting, SettingValue } from './setting.ts';

/** A value, or in words what a right one would be. */
export type Reading = { readonly value: SettingValue } | { readonly expected: string };

type KindOf<Kind extends Setting['kind']> = Extract<Setting, { kind: Kind }>;

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** Whether `raw` stands for "not set": nothing, null or an empty text. */
export function isUnset(raw: unknown): boolean {
  return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

/** Reads `raw`, a text or a JSON value that is not unset, as a value of `setting`. */
export function readValue(setting: Setting, raw: unknown): Reading {
  switch (setting.kind) {
    case 'integer':
    case 'number':
      return readNumber(setting, raw);
    case 'boolean':
      return readBoolean(raw);
    case 'list':
      return readList(raw);
    case 'choice':
      return readChoice(setting, raw);
    case 'text':
      return readText(setting, raw);
    case 'path':
      return typeof raw === 'string' && !raw.includes('\0') ? { value: raw.trim() } : { expected: 'a path' };
    case 'url':
      return readUrl(raw);
    case 'regex':
      return readRegex(raw);
    case 'zone':
      return readZone(raw);
  }
}

function readNumber(setting: KindOf<'integer' | 'number'>, raw: unknown): Reading {
  const { kind, min, max } = setting;
  const expected = `${kind === 'integer' ? 'a whole number' : 'a number'} from ${min} to ${max}`;
  const shape = kind === 'integer' ? /^[+-]?[0-9]{1,15}$/ : /^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$/;
  const value = typeof raw === 'string' && shape.test(raw.trim()) ? Number(raw) : raw;
  const isRight =
    typeof value === 'number' && (kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value));
  return isRight && value >= min && value <= max ? { value } : { expected };
}

function readBoolean(raw: unknown): Reading {
  const word = ['string', 'number', 'boolean'].includes(typeof raw) ? String(raw).trim().toLowerCase() : '';
  if (TRUE.has(word)) return { value: true };
  if (FALSE.has(word)) return { value: false };
  return { expected: 'true or false' };
}

function readList(raw: unknown): Reading {
  const expected = 'a list such as a, b, c (long numbers in quotes)';
  const items = typeof raw === 'string' ? splitList(raw) : raw;
  if (!Array.isArray(items)) return typeof items === 'number' ? readList([items]) : { expected };
  // A chat id beyond 2^53 has already lost its last digits when it was read as a number.
  const isRight = items.every((item) => typeof item === 'string' || Number.isSafeInteger(item));
  return isRight ? { value: items.map((item) => String(item).trim()).filter((item) => item !== '') } : { expected };
}

function splitList(text: string): unknown {
  if (!text.trim().startsWith('[')) return text.split(',');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readChoice(setting: KindOf<'choice'>, raw: unknown): Reading {
  const word = typeof raw === 'string' ? raw.trim().toLowerCase() : '';
  const { choices, spellings = {} } = setting;
  const value = choices.includes(word) ? word : Object.entries(spellings).find(([spelling]) => spelling === word)?.[1];
  return value === undefined ? { expected: `one of ${setting.choices.join(', ')}` } : { value };
}

function readText(setting: KindOf<'text'>, raw: unknown): Reading {
  const value = typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : raw;
  if (typeof value !== 'string') return { expected: 'a text' };
  if (setting.minLength !== undefined && value.length < setting.minLength) {
    return { expected: `at least ${setting.minLength} characters` };
  }
  return { value };
}

function readUrl(raw: unknown): Reading {
  const url = typeof raw === 'string' ? URL.parse(raw.trim()) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return { expected: 'an http or https address' };
  if (url.username !== '' || url.password !== '') return { expected: 'an address without user name and password' };
  return { value: String(raw).trim() };
}

function readRegex(raw: unknown): Reading {
  const expected = 'a regular expression';
  if (typeof raw !== 'string') return { expected };
  try {
    return { value: new RegExp(raw, 'iu').source };
  } catch {
    return { expected };
  }
}

function readZone(raw: unknown): Reading {
  const expected = 'an IANA time zone such as Asia/Seoul';
  if (typeof raw !== 'string') return { expected };
  // POSIX lets TZ name a file of the zone database, with a colon before it.
  const name = raw
    .trim()
    .replace(/^:/, '')
    .replace(/^.*\/zoneinfo\//, '');
  // A file of the zone database under another name: the machine's own zone. Intl would load 15 ms of formats for a name.
  const zone = name.startsWith('/') ? Temporal.Now.timeZoneId() : name;
  // Temporal takes a whole date that names a zone, too.
  if (/^[0-9]/.test(zone)) return { expected };
  try {
    return { value: Temporal.Now.zonedDateTimeISO(zone).timeZoneId };
  } catch {
    return { expected };
  }
}
