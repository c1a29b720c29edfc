import { expect, test } from 'vitest';
import { lookAlike } from '../../../src/core/marketplace/look-alike.ts';

test.each([
  ['unit_convertor', 'unit_converter'],
  ['unitconverter', 'unit_converter'],
  ['unit_converter_', 'unit_converter'],
  ['un1t_converter', 'unit_converter'],
  ['unlt_converter', 'unit_converter'],
  ['converter_unit', 'unit_converter'],
  ['unit_converter_pro', 'unit_converter'],
  ['unit_convreter', 'unit_converter'],
  ['tirner', 'timer'],
  ['timers', 'timer'],
  ['tlmer', 'timer'],
  ['csv_parzer', 'csv_parser'],
  ['hash_9enerator', 'hash_generator'],
  ['text_stat', 'text_stats'],
])('%s could be taken for %s', (name, known) => {
  expect(lookAlike(name, ['weather', known])).toBe(known);
});

test.each([
  ['json_formatter', 'xml_formatter'],
  ['unit_converter', 'base_converter'],
  ['timer', 'dimmer'],
  ['abc', 'abd'],
  ['text_stats', 'text_translator'],
  ['unit_converter', 'unit_converter'],
])('%s is another name than %s', (name, known) => {
  expect(lookAlike(name, [known])).toBeUndefined();
});

test('a name with a word that only praises or numbers it poses as the other; a word of its own makes a name of its own', () => {
  for (const name of ['unit_converter_pro', 'unit_converter_max', 'secure_unit_converter', 'unit_converter_latest_v3'])
    expect([name, lookAlike(name, ['unit_converter'])]).toEqual([name, 'unit_converter']);
  for (const name of ['unit_converter_korean', 'weather_alerts', 'weather_map'])
    expect([name, lookAlike(name, ['unit_converter', 'weather'])]).toEqual([name, undefined]);
});
