import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readValue } from '../../../src/core/config/read-value.ts';
import { SETTING_NAMES, type SettingName, settingOf } from '../../../src/core/config/settings-table.ts';
import { configSchema } from '../../../src/core/config/zod-schema.ts';

const read = (name: SettingName, raw: unknown): unknown => {
  const reading = readValue(settingOf(name), raw);
  return 'value' in reading ? reading.value : `refused: ${reading.expected}`;
};

test.each([
  ['MAX_TOKENS', '12', 12],
  ['MAX_TOKENS', 12, 12],
  ['MAX_TOKENS', ' 12 ', 12],
  ['LLM_RETRY_BASE_DELAY', '0.5', 0.5],
  ['STREAMING_ENABLED', 'true', true],
  ['STREAMING_ENABLED', true, true],
  ['STREAMING_ENABLED', 'OFF', false],
  ['STREAMING_ENABLED', 0, false],
  ['WS_ALLOWED_ORIGINS', 'a, b,,c', ['a', 'b', 'c']],
  ['WS_ALLOWED_ORIGINS', '["a","b"]', ['a', 'b']],
  ['TELEGRAM_ALLOWED_USERS', 42, ['42']],
  ['TELEGRAM_ALLOWED_USERS', [42, 'x'], ['42', 'x']],
  ['LOG_LEVEL', 'WARNING', 'warn'],
  ['LLM_PROVIDER', 'Gemini', 'google'],
  ['OPENAI_BASE_URL', 'http://127.0.0.1:9/v1', 'http://127.0.0.1:9/v1'],
  ['TIMEZONE', 'asia/seoul', 'Asia/Seoul'],
  ['TIMEZONE', ':America/New_York', 'America/New_York'],
  ['TIMEZONE', '+09:00', '+09:00'],
  ['TIMEZONE', '/usr/share/zoneinfo/Asia/Seoul', 'Asia/Seoul'],
  ['TRIGGER_PATTERN', '^@폴', '^@폴'],
  ['THREADS_USER_ID', 17, '17'],
] as const)('%s understands %j', (name, raw, value) => {
  expect(read(name, raw)).toEqual(value);
});

test.each([
  ['MAX_TOKENS', 'abc'],
  ['MAX_TOKENS', '1e3'],
  ['MAX_TOKENS', '12.5'],
  ['MAX_TOKENS', 12.5],
  ['MAX_TOKENS', '0'],
  ['MAX_TOKENS', '-5'],
  ['MAX_TOKENS', '99999999999999999999'],
  ['MAX_TOKENS', true],
  ['MAX_TOKENS', [5]],
  ['MAX_TOKENS', { a: 1 }],
  ['LLM_RETRY_BASE_DELAY', 'Infinity'],
  ['LLM_RETRY_BASE_DELAY', Number.NaN],
  ['STREAMING_ENABLED', 'maybe'],
  ['STREAMING_ENABLED', 2],
  ['STREAMING_ENABLED', ['true']],
  ['WS_ALLOWED_ORIGINS', '["a"'],
  ['WS_ALLOWED_ORIGINS', [{}]],
  ['WS_ALLOWED_ORIGINS', [12345678901234567890n.toString(), Number('12345678901234567890')]],
  ['LOG_LEVEL', 'loud'],
  ['LLM_PROVIDER', 'constructor'],
  ['OPENAI_BASE_URL', 'api.example.com'],
  ['OPENAI_BASE_URL', 'file:///etc/passwd'],
  ['OPENAI_BASE_URL', 'https://name:word@example.com'],
  ['TIMEZONE', 'Mars/Olympus'],
  ['TIMEZONE', '2026-01-01T00:00[Asia/Seoul]'],
  ['TRIGGER_PATTERN', '('],
  ['JWT_SECRET', 'x'.repeat(31)],
  ['BACKUP_DIR', 'a\0b'],
  ['LLM_MODEL', ['x']],
] as const)('%s refuses %j', (name, raw) => {
  expect(read(name, raw)).toMatch(/^refused: /);
});

test('B11: a signing secret of 32 characters is accepted', () => {
  expect(read('JWT_SECRET', 'x'.repeat(32))).toBe('x'.repeat(32));
});

test('no setting crashes on any value, whatever its type', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SETTING_NAMES), fc.oneof(fc.jsonValue(), fc.anything()), (name, raw) => {
      expect(readValue(settingOf(name), raw)).toBeTypeOf('object');
    }),
    { numRuns: 2000 },
  );
});

test('every default is a value its setting accepts, and its schema too', () => {
  for (const name of SETTING_NAMES) {
    const { default: value, secret } = settingOf(name);
    if (value === undefined) continue;
    expect([name, read(name, value)]).toEqual([name, value]);
    expect(secret).toBeUndefined();
    expect([name, configSchema().safeParse({ [name]: value }).success]).toEqual([name, true]);
  }
});

test('what the schema accepts, the reader accepts; a number out of bounds neither does', () => {
  const plain = fc.oneof(fc.boolean(), fc.integer(), fc.double(), fc.string(), fc.array(fc.string()), fc.webUrl());
  const schema = configSchema();
  fc.assert(
    fc.property(fc.constantFrom(...SETTING_NAMES), plain, (name, value) => {
      const setting = settingOf(name);
      const isShaped = ['integer', 'number', 'boolean', 'list', 'choice', 'url'].includes(setting.kind);
      if (!isShaped || !schema.safeParse({ [name]: value }).success) return;
      expect([name, 'value' in readValue(setting, value)]).toEqual([name, true]);
    }),
    { numRuns: 1000 },
  );
  expect(configSchema().safeParse({ MAX_TOKENS: 0 }).success).toBe(false);
  expect(configSchema().safeParse({ OPENAI_API_KEY: 'x' }).success).toBe(false);
  expect(configSchema().safeParse({ SOMETHING_NEWER: { a: 1 } }).success).toBe(true);
});
