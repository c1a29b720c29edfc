/** Owns the check of a tool's input against its JSON Schema, before the tool sees it. Promises: linear in the size of the input and bounded for any schema; unknown keys are dropped, wrong types refused, prototype keys never pass. Regular expressions of a schema are left to the tool: they may be written to hang. */
import type { JsonObject, JsonValue } from '../kernel/messages.ts';

export type Validated =
  | { readonly ok: true; readonly input: JsonObject }
  | { readonly ok: false; readonly problem: string };

/** Keys that reach into an object's prototype. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
/** Steps over schema and input together; alternatives of alternatives end here. */
const MAX_STEPS = 50_000;
const MAX_DEPTH = 64;

interface Walk {
  readonly root: JsonObject;
  steps: number;
}

class Mismatch extends Error {}

/** `input` as the schema allows it, defaults filled in, or the first thing that is wrong with it and where. */
export function validateInput(schema: JsonObject, input: JsonObject): Validated {
  try {
    const value = check({ root: schema, steps: 0 }, { type: 'object', ...schema }, input, 'input', 0);
    return { ok: true, input: value as JsonObject };
  } catch (error) {
    if (error instanceof Mismatch) return { ok: false, problem: error.message };
    throw error;
  }
}

function check(walk: Walk, schema: JsonValue, value: JsonValue, at: string, depth: number): JsonValue {
  walk.steps += 1;
  if (walk.steps > MAX_STEPS || depth > MAX_DEPTH) throw new Mismatch(`${at} is too large or too deep to check`);
  if (schema === true) return clean(walk, value, at, depth);
  if (!isObject(schema)) throw new Mismatch(`${at} is not allowed`);
  if (typeof schema['$ref'] === 'string') return check(walk, target(walk.root, schema['$ref']), value, at, depth + 1);
  const own = checkType(walk, schema, value, at, depth);
  const results = list(schema['allOf']).map((part) => check(walk, part, value, at, depth + 1));
  const alternatives = [...list(schema['anyOf']), ...list(schema['oneOf'])];
  if (alternatives.length > 0) results.push(firstFit(walk, alternatives, value, at, depth));
  // Without keys of its own a schema leaves it to its parts which keys are known.
  if (schema['properties'] !== undefined || schema['additionalProperties'] !== undefined) results.unshift(own);
  const checked = results.length === 0 ? own : results.reduce(merged);
  checkChoice(schema, checked, at);
  return checked;
}

function checkType(walk: Walk, schema: JsonObject, value: JsonValue, at: string, depth: number): JsonValue {
  const types = list(schema['type'] ?? []).map(String);
  if (types.length > 0 && !types.some((type) => isOfType(type, value))) {
    throw new Mismatch(`${at} must be ${types.map(named).join(' or ')}, not ${named(typeName(value))}`);
  }
  if (typeof value === 'number') checkNumber(schema, value, at);
  if (typeof value === 'string') checkLength(schema, value.length, at, ['minLength', 'maxLength', 'characters']);
  if (Array.isArray(value)) return checkArray(walk, schema, value, at, depth);
  return isObject(value) ? checkObject(walk, schema, value, at, depth) : value;
}

function checkObject(walk: Walk, schema: JsonObject, value: JsonObject, at: string, depth: number): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : undefined;
  const rest = schema['additionalProperties'];
  const isFree = properties === undefined && rest === undefined;
  const kept: [string, JsonValue][] = [];
  for (const [key, entry] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) continue;
    const own = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    const rule = own ?? (isObject(rest) || rest === true || isFree ? (rest ?? true) : undefined);
    if (rule === undefined) walk.steps += 1;
    else kept.push([key, check(walk, rule, entry, `${at}.${key}`, depth + 1)]);
  }
  const result: JsonObject = Object.fromEntries(kept);
  for (const [key, rule] of Object.entries(properties ?? {})) {
    const isMissing = !Object.hasOwn(result, key) && !FORBIDDEN_KEYS.has(key);
    if (isMissing && isObject(rule) && rule['default'] !== undefined) result[key] = rule['default'];
  }
  const missing = list(schema['required'] ?? [])
    .map(String)
    .find((key) => !Object.hasOwn(result, key));
  if (missing !== undefined) throw new Mismatch(`${at}.${missing} is missing`);
  return result;
}

function checkArray(walk: Walk, schema: JsonObject, value: JsonValue[], at: string, depth: number): JsonValue[] {
  checkLength(schema, value.length, at, ['minItems', 'maxItems', 'entries']);
  const heads = list(schema['prefixItems']);
  const rest = schema['items'] ?? true;
  return value.map((entry, index) => check(walk, heads[index] ?? rest, entry, `${at}[${index}]`, depth + 1));
}

function checkNumber(schema: JsonObject, value: number, at: string): void {
  if (!Number.isFinite(value)) throw new Mismatch(`${at} must be a finite number`);
  const bounds: readonly [string, (bound: number) => boolean, string][] = [
    ['minimum', (bound) => value >= bound, 'at least'],
    ['maximum', (bound) => value <= bound, 'at most'],
    ['exclusiveMinimum', (bound) => value > bound, 'more than'],
    ['exclusiveMaximum', (bound) => value < bound, 'less than'],
  ];
  for (const [key, holds, words] of bounds) {
    const bound = schema[key];
    if (typeof bound === 'number' && !holds(bound)) throw new Mismatch(`${at} must be ${words} ${bound}`);
  }
}

function checkLength(
  schema: JsonObject,
  length: number,
  at: string,
  [least, most, what]: readonly [string, string, string],
): void {
  const min = schema[least];
  const max = schema[most];
  if (typeof min === 'number' && length < min) throw new Mismatch(`${at} must have at least ${min} ${what}`);
  if (typeof max === 'number' && length > max)
    throw new Mismatch(`${at} must have at most ${max} ${what}, not ${length}`);
}

function checkChoice(schema: JsonObject, value: JsonValue, at: string): void {
  const text = JSON.stringify(value);
  const choices = schema['const'] === undefined ? list(schema['enum']) : [schema['const']];
  if (choices.length === 0 || choices.some((choice) => JSON.stringify(choice) === text)) return;
  throw new Mismatch(`${at} must be ${choices.map((choice) => JSON.stringify(choice)).join(' or ')}`);
}

function firstFit(walk: Walk, alternatives: JsonValue[], value: JsonValue, at: string, depth: number): JsonValue {
  let reason = '';
  for (const alternative of alternatives) {
    try {
      return check(walk, alternative, value, at, depth + 1);
    } catch (error) {
      if (!(error instanceof Mismatch) || walk.steps > MAX_STEPS) throw error;
      reason ||= error.message;
    }
  }
  throw new Mismatch(
    alternatives.length === 1 ? reason : `${at} fits none of the ${alternatives.length} allowed forms (${reason})`,
  );
}

/** A value without a rule of its own: everything but prototype keys. */
function clean(walk: Walk, value: JsonValue, at: string, depth: number): JsonValue {
  if (Array.isArray(value)) return value.map((entry, index) => check(walk, true, entry, `${at}[${index}]`, depth + 1));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !FORBIDDEN_KEYS.has(key));
  return Object.fromEntries(kept.map(([key, entry]) => [key, check(walk, true, entry, `${at}.${key}`, depth + 1)]));
}

/** What two rules on the same value leave of it: keys that either of them knows. */
function merged(a: JsonValue, b: JsonValue): JsonValue {
  return isObject(a) && isObject(b) ? { ...a, ...b } : b;
}

/** The schema that a reference inside the same document names. */
function target(root: JsonObject, reference: string): JsonValue {
  let place: JsonValue = root;
  for (const part of reference.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: JsonValue | undefined = isObject(place) && Object.hasOwn(place, key) ? place[key] : undefined;
    if (next === undefined) throw new Mismatch(`the schema of the tool refers to ${reference}, which it does not have`);
    place = next;
  }
  return place;
}

function isOfType(type: string, value: JsonValue): boolean {
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  return type === typeName(value);
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function named(type: string): string {
  if (type === 'null') return 'null';
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function list(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
