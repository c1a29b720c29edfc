import { expect, test } from 'vitest';
import { prepareChange, requireSetting, secretNamed } from '../../../src/core/config/prepare-change.ts';

test.each([
  ['MAX_TOKENS', '12', 'MAX_TOKENS', 12],
  ['max-tokens', '12', 'MAX_TOKENS', 12],
  ['CLAW_MAX_TOKENS', '12', 'MAX_TOKENS', 12],
  ['TZ', 'UTC', 'TIMEZONE', 'UTC'],
  ['FALLBACK_MODELS', 'a/b, c', 'FALLBACK_MODELS', ['a/b', 'c']],
  ['plugins.new', '{"a":1}', 'plugins.new', { a: 1 }],
  ['plugins.new', 'text', 'plugins.new', 'text'],
])('%s %s is written as %s', (asked, text, name, value) => {
  expect(prepareChange(asked, text)).toMatchObject({ name, value });
});

test.each([
  ['MAX_TOKENS', 'abc', /MAX_TOKENS must be a whole number/, 'config-invalid'],
  ['MAX_TOKENS', ' ', /needs a value/, 'config-invalid'],
  ['OPENAI_API_KEY', 'made-up', /is a secret/, 'config-invalid'],
  ['gemini_api_key', 'made-up', /GOOGLE_API_KEY is a secret/, 'config-invalid'],
  ['WEATHER_TOKEN', 'made-up', /is a secret/, 'config-invalid'],
  ['__proto__', '1', /cannot be the name/, 'usage-invalid'],
  ['a b', '1', /cannot be the name/, 'usage-invalid'],
])('%s %s is refused', (asked, text, message, code) => {
  let failure: unknown;
  try {
    prepareChange(asked, text);
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.any(String) });
  expect(String(failure)).not.toContain('made-up');
});

test('A59: a slip in a name is answered with the nearest one', () => {
  expect(() => requireSetting('MAX_TOKNES')).toThrow(expect.objectContaining({ hint: 'Did you mean MAX_TOKENS?' }));
  expect(prepareChange('CLAW_LOG_LEVLE', 'x')).toMatchObject({ isUnknown: true, hint: 'Did you mean LOG_LEVEL?' });
});

test('the name of a secret is that of its setting, or any other', () => {
  expect(secretNamed('GEMINI_API_KEY')).toBe('GOOGLE_API_KEY');
  expect(secretNamed('WEATHER_KEY')).toBe('WEATHER_KEY');
  expect(() => secretNamed('MAX_TOKENS')).toThrow('is no secret');
  expect(() => secretNamed('CLAW_MASTER_KEY')).toThrow('cannot be kept in it');
});
