/** Owns how the JSON Schema of a tool's input becomes fields, and what was typed becomes an input. Pure. */

export interface SchemaField {
  readonly name: string;
  readonly kind: 'text' | 'long-text' | 'number' | 'checkbox' | 'select' | 'lines' | 'json';
  /** In the words of the schema: `text`, `number`, `one of …`. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string | undefined;
  /** What a select offers. */
  readonly options: readonly string[];
  /** What it is when nothing is typed, as JSON; absent where the schema has none. */
  readonly preset: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const LONG = 200;

/** The members of an object schema, required ones first; none for a schema of another kind. */
export function schemaFields(schema: unknown): SchemaField[] {
  if (!isRecord(schema) || !isRecord(schema['properties'])) return [];
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []);
  const fields = Object.entries(schema['properties']).map(([name, member]) =>
    fieldOf(name, member, required.has(name)),
  );
  return fields.toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

function fieldOf(name: string, given: unknown, isRequired: boolean): SchemaField {
  const schema = withoutNull(isRecord(given) ? given : {});
  const { description, enum: values, default: preset } = schema;
  const options = Array.isArray(values) && values.every((value) => typeof value === 'string') ? values : [];
  return {
    name,
    kind: kindOf(schema, options),
    type: typeWords(schema),
    // What has a default is filled in by it.
    isRequired: isRequired && preset === undefined,
    description: typeof description === 'string' ? description : undefined,
    options,
    preset,
  };
}

/** `{anyOf: [X, null]}` is X that may be left out. */
function withoutNull(schema: Json): Json {
  const { anyOf } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const rest = (anyOf as unknown[]).filter((each) => isRecord(each) && each['type'] !== 'null');
  const [only] = rest;
  return rest.length === 1 && isRecord(only) ? { ...schema, ...only, anyOf: undefined } : schema;
}

function kindOf(schema: Json, options: readonly string[]): SchemaField['kind'] {
  const { type, items, maxLength } = schema;
  if (options.length > 0) return 'select';
  if (type === 'boolean') return 'checkbox';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'string') return typeof maxLength === 'number' && maxLength <= LONG ? 'text' : 'long-text';
  if (type === 'array' && isRecord(items) && items['type'] === 'string' && items['enum'] === undefined) return 'lines';
  return 'json';
}

/** A short form of the schema: `string, at most 100`, `integer from 1 to 6`, `list of string`. */
function typeWords(schema: Json): string {
  const { type, enum: values, const: only, items, anyOf, oneOf } = schema;
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return choices.map((each) => typeWords(isRecord(each) ? each : {})).join(' | ');
  if (type === 'array') return `list of ${typeWords(isRecord(items) ? items : {})}`;
  const length = typeof schema['maxLength'] === 'number' ? [`≤ ${schema['maxLength']} characters`] : [];
  return [typeof type === 'string' ? type : 'anything', ...boundWords(schema), ...length].join(' ');
}

function boundWords({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Json): string[] {
  // Zod names the bounds of whole numbers, which say nothing.
  const isBound = (bound: unknown): bound is number =>
    typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (isBound(minimum) && isBound(maximum)) return [`${minimum} – ${maximum}`];
  const signs = [
    ['≥', minimum],
    ['>', exclusiveMinimum],
    ['≤', maximum],
    ['<', exclusiveMaximum],
  ] as const;
  return signs.flatMap(([sign, bound]) => (isBound(bound) ? [`${sign} ${bound}`] : []));
}

/** What was typed, by field: texts, a checkbox is `true` or empty. */
export type Typed = Readonly<Record<string, string>>;

export type Input =
  | { readonly ok: true; readonly input: Readonly<Record<string, unknown>> }
  /** Names of fields with what is no JSON or no number. */
  | { readonly ok: false; readonly wrong: readonly string[] };

/** What is left empty is left out, but for required texts. */
export function inputOf(fields: readonly SchemaField[], typed: Typed): Input {
  const input: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const field of fields) {
    const text = typed[field.name] ?? '';
    const value = valueOf(field, text);
    if (value === WRONG) wrong.push(field.name);
    else if (value !== undefined) input[field.name] = value;
  }
  return wrong.length === 0 ? { ok: true, input } : { ok: false, wrong };
}

const WRONG = Symbol('wrong');

function valueOf({ kind, isRequired, preset }: SchemaField, text: string): unknown {
  if (kind === 'checkbox') return text === 'true' ? true : preset === true || isRequired ? false : undefined;
  if (kind === 'lines') {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.length === 0 && !isRequired ? undefined : lines;
  }
  if (kind === 'text' || kind === 'long-text' || kind === 'select')
    return text === '' && !isRequired ? undefined : text;
  if (text.trim() === '') return isRequired ? WRONG : undefined;
  if (kind === 'number') return Number.isFinite(Number(text)) ? Number(text) : WRONG;
  return parsed(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return WRONG;
  }
}

/** What stands in a field before anything is typed. */
export function presetText({ kind, preset }: SchemaField): string {
  if (preset === undefined || preset === null) return '';
  if (kind === 'json') return JSON.stringify(preset);
  if (kind === 'lines' && Array.isArray(preset)) return preset.join('\n');
  return typeof preset === 'string' ? preset : JSON.stringify(preset);
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
