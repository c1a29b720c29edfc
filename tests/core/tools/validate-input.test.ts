import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/core/kernel/messages.ts';
import { validateInput } from '../../../src/core/tools/validate-input.ts';

const numbers: JsonObject = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' } },
  required: ['a', 'b'],
  additionalProperties: false,
};
const ofA = (rule: JsonObject): JsonObject => ({ type: 'object', properties: { a: rule }, required: ['a'] });
const kept = (schema: JsonObject, input: JsonObject) => {
  const result = validateInput(schema, input);
  return result.ok ? result.input : result.problem;
};

test('unknown keys are dropped, at every depth', () => {
  expect(kept(numbers, { a: 1, b: 2.5, c: 3 })).toEqual({ a: 1, b: 2.5 });
  expect(kept(ofA({ type: 'object', properties: { x: { type: 'string' } } }), { a: { x: 'y', z: 1 } })).toEqual({
    a: { x: 'y' },
  });
});

test('wrong types are refused with their place', () => {
  expect(kept(numbers, { a: '1', b: 2 })).toBe('input.a must be a number, not a string');
  expect(kept(numbers, { a: 1 })).toBe('input.b is missing');
  expect(kept(numbers, { a: true, b: 2 })).toContain('not a boolean');
  expect(kept(numbers, { a: null, b: 2 })).toContain('not null');
  expect(kept(ofA({ type: 'array', items: { type: 'integer' } }), { a: [1, 1.5] })).toContain(
    'input.a[1] must be an integer',
  );
});

test('an integer is a number, and 2.0 is an integer', () => {
  expect(kept(numbers, { a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
  expect(kept(ofA({ type: 'integer' }), { a: 2.0 })).toEqual({ a: 2 });
});

test.each(['__proto__', 'constructor', 'prototype'])('%s never passes, wherever it stands', (key) => {
  const evil = JSON.parse(
    `{"a": {"${key}": {"x": 1}, "k": [{"${key}": 1, "ok": 2}]}, "${key}": {"y": 1}}`,
  ) as JsonObject;
  const free: JsonObject = { type: 'object', properties: { a: {} }, additionalProperties: true };
  const declared = {
    type: 'object',
    properties: JSON.parse(`{"a": true, "${key}": true}`) as JsonObject,
  } as JsonObject;
  for (const schema of [free, declared, { type: 'object' }]) {
    expect(kept(schema, evil)).toEqual({ a: { k: [{ ok: 2 }] } });
  }
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test('bounds, lengths and choices hold', () => {
  expect(kept(ofA({ type: 'number', minimum: 1, maximum: 5 }), { a: 6 })).toBe('input.a must be at most 5');
  expect(kept(ofA({ type: 'number', exclusiveMinimum: 1 }), { a: 1 })).toBe('input.a must be more than 1');
  expect(kept(ofA({ type: 'string', maxLength: 2 }), { a: 'abc' })).toContain('at most 2 characters');
  expect(kept(ofA({ type: 'array', maxItems: 1 }), { a: [1, 2] })).toContain('at most 1 entries');
  expect(kept(ofA({ enum: ['x', 'y'] }), { a: 'z' })).toBe('input.a must be "x" or "y"');
  expect(kept(ofA({ const: 3 }), { a: 3 })).toEqual({ a: 3 });
});

test('defaults fill what is missing', () => {
  expect(kept({ type: 'object', properties: { n: { type: 'integer', default: 5 } } }, {})).toEqual({ n: 5 });
});

test('alternatives and references are followed', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: { a: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/point' }] } },
    $defs: { point: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] } },
  };
  expect(kept(schema, { a: { x: 1, y: 2 } })).toEqual({ a: { x: 1 } });
  expect(kept(schema, { a: { y: 2 } })).toContain('fits none of the 2 allowed forms');
  expect(kept({ type: 'object', properties: { a: { $ref: '#/nowhere' } } }, { a: 1 })).toContain('#/nowhere');
});

test('a hostile schema ends: endless references, alternatives of alternatives, evil patterns', () => {
  expect(kept({ type: 'object', properties: { a: { $ref: '#/properties/a' } } }, { a: 1 })).toContain('too deep');
  let bomb: JsonObject = { type: 'boolean' };
  for (let level = 0; level < 30; level += 1) bomb = { anyOf: [bomb, bomb] };
  const started = performance.now();
  expect(kept(ofA(bomb), { a: 1 })).toContain('too large');
  expect(kept(ofA({ type: 'string', pattern: '^(a+)+$' }), { a: `${'a'.repeat(5000)}!` })).toHaveProperty('a');
  expect(performance.now() - started).toBeLessThan(1000);
});

test('for any input, what passes is of the declared types and has no more than the declared keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
      const result = validateInput(numbers, input as Record<string, JsonValue>);
      if (!result.ok) return;
      expect(Object.keys(result.input).toSorted()).toEqual(['a', 'b']);
      expect(Object.values(result.input).every((value) => typeof value === 'number')).toBe(true);
    }),
  );
});
