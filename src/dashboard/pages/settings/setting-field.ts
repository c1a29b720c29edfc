/** Owns which widget a setting gets, and how what was typed goes to the server. Pure. Source: the JSON Schema of config.json. */
import type { Field } from '../../components/field.ts';
import type { Texts } from '../../language/texts.ts';

export interface SettingShape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly format?: string;
}

interface Setting {
  readonly name: string;
  readonly value: unknown;
  readonly type: string;
  readonly description: string;
}

const ON_OFF = ['true', 'false'] as const;
/** Settings by which this very page is reached. */
const OWN_ADDRESS: ReadonlySet<string> = new Set(['DASHBOARD_HOST', 'DASHBOARD_PORT', 'AUTH_ENABLED', 'ALLOWED_HOSTS']);

/** The member of a schema as this page needs it; what is none is a text. */
export function shapeOf(schema: Readonly<Record<string, unknown>> | undefined, name: string): SettingShape {
  const { properties } = schema ?? {};
  if (typeof properties !== 'object' || properties === null) return {};
  const found: unknown = (properties as Readonly<Record<string, unknown>>)[name];
  return typeof found === 'object' && found !== null ? found : {};
}

/** The field of a setting, with its value as it stands. */
export function settingField(texts: Pick<Texts, 'settings'>, setting: Setting, shape: SettingShape): Field {
  const { settings } = texts;
  const { name, value, description, type } = setting;
  const base = { name: 'value', label: name, value: asTyped(value), isRequired: true };
  const about = [description, ...(OWN_ADDRESS.has(name) ? [settings.ownAddress] : [])].join(' ');
  if (shape.type === 'boolean') {
    const [on, off] = ON_OFF;
    const options = [
      { value: on, label: settings.on },
      { value: off, label: settings.off },
    ];
    return { ...base, kind: 'select', options, hint: about };
  }
  if (shape.enum !== undefined) return { ...base, kind: 'select', options: shape.enum, hint: about };
  if (shape.type === 'array')
    return { ...base, kind: 'list', isRequired: false, hint: `${about} ${settings.perLine}.` };
  if (shape.minimum !== undefined && shape.maximum !== undefined) {
    const limits = settings.limits(String(shape.minimum), String(shape.maximum));
    // A text field on purpose: a wrong number is told by the server, in its words.
    return { ...base, inputMode: 'decimal', hint: `${about} (${limits})` };
  }
  if (type === 'IANA time zone') return { ...base, suggestions: Intl.supportedValuesOf('timeZone'), hint: about };
  return { ...base, hint: about };
}

/** As it stands in the field: a list one to a line. */
function asTyped(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What the server is sent for what was typed. */
export function sentValue(typed: string, { type }: SettingShape): string {
  if (type !== 'array') return typed.trim();
  return JSON.stringify(
    typed
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
}

/** A value for people: on and off, a list with commas; undefined when there is none. */
export function shownValue({ settings }: Pick<Texts, 'settings'>, value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'boolean') return value ? settings.on : settings.off;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
