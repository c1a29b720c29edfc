import { expect, test } from 'vitest';
import { inputOf, presetText, schemaFields } from '../../src/dashboard/pages/tools/schema-fields.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    note: { type: 'string', maxLength: 5000, description: 'Any text' },
    times: { type: 'integer', minimum: 1, maximum: 5 },
    whole: { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 },
    loud: { type: 'boolean', default: false },
    way: { type: 'string', enum: ['short', 'long'], default: 'short' },
    tags: { type: 'array', items: { type: 'string' } },
    extra: { type: 'object' },
    place: { anyOf: [{ type: 'string', maxLength: 20 }, { type: 'null' }] },
  },
  required: ['note', 'way', 'loud'],
};

test('each member becomes the field that fits it, the required ones first', () => {
  expect(schemaFields(SCHEMA).map(({ name, kind, type, isRequired }) => [name, kind, type, isRequired])).toEqual([
    ['note', 'long-text', 'string ≤ 5000 characters', true],
    ['times', 'number', 'integer 1 – 5', false],
    ['whole', 'number', 'integer', false],
    ['loud', 'checkbox', 'boolean', false],
    ['way', 'select', '"short" | "long"', false],
    ['tags', 'lines', 'list of string', false],
    ['extra', 'json', 'object', false],
    ['place', 'text', 'string ≤ 20 characters', false],
  ]);
  expect([schemaFields(null), schemaFields({ type: 'string' }), schemaFields({ properties: { a: 7 } })]).toMatchObject([
    [],
    [],
    [{ name: 'a', kind: 'json' }],
  ]);
});

test('what was typed becomes an input; what was left empty is left out', () => {
  const fields = schemaFields(SCHEMA);
  expect(inputOf(fields, { note: 'hi' })).toEqual({ ok: true, input: { note: 'hi' } });
  const typed = { note: '', times: '3', loud: 'true', way: 'long', tags: 'a\n\nb', extra: '{"a":1}', place: 'here' };
  expect(inputOf(fields, typed)).toEqual({
    ok: true,
    input: { note: '', times: 3, loud: true, way: 'long', tags: ['a', 'b'], extra: { a: 1 }, place: 'here' },
  });
  expect(inputOf(fields, { times: 'many', extra: '{' })).toEqual({ ok: false, wrong: ['times', 'extra'] });
  expect(fields.map(presetText)).toEqual(['', '', '', 'false', 'short', '', '', '']);
});
