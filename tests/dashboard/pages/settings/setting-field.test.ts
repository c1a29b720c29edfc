import { expect, test } from 'vitest';
import { SETTING_NAMES, settingOf } from '../../../../src/core/config/settings-table.ts';
import { readValue } from '../../../../src/core/config/read-value.ts';
import { typeInWords } from '../../../../src/core/config/describe-settings.ts';
import { configJsonSchema } from '../../../../src/core/config/zod-schema.ts';
import { english } from '../../../../src/dashboard/language/english.ts';
import {
  sentValue,
  settingField,
  shapeOf,
  shownValue,
} from '../../../../src/dashboard/pages/settings/setting-field.ts';

const schema = configJsonSchema() as Record<string, unknown>;
const open = SETTING_NAMES.filter((name) => settingOf(name).secret !== true);

const fieldOf = (name: (typeof open)[number]) => {
  const setting = settingOf(name);
  const row = { name, value: setting.default, type: typeInWords(setting), description: setting.description };
  return settingField(english, row, shapeOf(schema, name));
};

test('every setting has a field of its kind, and its default goes back to the server as it came', () => {
  for (const name of open) {
    const setting = settingOf(name);
    const field = fieldOf(name);
    const kinds = { boolean: 'select', choice: 'select', list: 'list' } as Readonly<Record<string, string>>;
    expect([name, field.kind]).toEqual([name, kinds[setting.kind]]);
    if (setting.default === undefined || field.value === '') continue;
    const sent = sentValue(field.value ?? '', shapeOf(schema, name));
    expect([name, readValue(setting, sent)]).toEqual([name, { value: setting.default }]);
  }
});

test('a list is typed one to a line, and empty lines are none', () => {
  expect(sentValue(' a, b \n\n c ', { type: 'array' })).toBe('["a, b","c"]');
  expect(sentValue('  x ', { type: 'string' })).toBe('x');
});

test('values are told in words', () => {
  expect([true, false, [], ['a', 'b'], '', null, 5].map((value) => shownValue(english, value))).toEqual([
    'On',
    'Off',
    undefined,
    'a, b',
    undefined,
    undefined,
    '5',
  ]);
});

test('the limits of a number, and that the address of the page changes, are told', () => {
  expect(fieldOf('BOT_RATE_LIMIT').hint).toMatch(/\(\d+ to \d+\)$/);
  expect(fieldOf('DASHBOARD_PORT').hint).toContain('The address of this page changes with it.');
});
