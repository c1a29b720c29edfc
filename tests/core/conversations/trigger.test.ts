import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engages, requireTrigger, requireTriggerSetting } from '../../../src/core/conversations/trigger.ts';

interface Rules {
  readonly name?: string;
  readonly pattern?: string;
  readonly particles?: boolean;
  readonly requiresTrigger?: boolean;
  readonly isMention?: boolean;
  readonly isReplyToAssistant?: boolean;
}

const wakes = (text: string, rules: Rules = {}): boolean =>
  engages(text, {
    assistantName: rules.name ?? 'J',
    pattern: rules.pattern,
    requiresTrigger: rules.requiresTrigger ?? true,
    isMention: rules.isMention ?? false,
    isReplyToAssistant: rules.isReplyToAssistant ?? false,
    particles: rules.particles ?? false,
  }).engages;

describe('the name at the start', () => {
  test.each([
    '@J hi',
    '@j hi',
    '  @J hi',
    '\n@J',
    '@J',
    '@J, hi',
    '@J!',
    '＠J hi',
    '\u200b@J hi',
    '@J\u200b hi',
    '@J\u2019s turn',
  ])('A1: %j wakes J', (text) => expect(wakes(text)).toBe(true));
  test.each(['@James hi', 'hi @J', '@J_x', 'mail@J', '@J1', '@Jé', '@J\u0301', '@J\u200bames', 'J hi', '@ J', '', '@'])(
    'A2: %j does not wake J',
    (text) => expect(wakes(text)).toBe(false),
  );
  test.each(['@폴 안녕', '@폴', '@폴! 안녕', '@폴'.normalize('NFD')])('A3: %j wakes 폴', (text) =>
    expect(wakes(text, { name: '폴' })).toBe(true),
  );
  test('A3: a particle may follow only when the rule is on', () => {
    for (const text of ['@폴아 안녕', '@폴이 말해줘', '@폴님', '@폴님은 어때', '@폴에게 물어봐']) {
      expect(wakes(text, { name: '폴' }), text).toBe(false);
      expect(wakes(text, { name: '폴', particles: true }), text).toBe(true);
    }
    for (const text of ['@폴리스 왔다', '@폴아침 인사'])
      expect(wakes(text, { name: '폴', particles: true }), text).toBe(false);
  });
  test('A4: a name is never a regular expression', () => {
    expect(wakes('@C++ hi', { name: 'C++' })).toBe(true);
    expect(wakes('@c++', { name: 'C++' })).toBe(true);
    expect(wakes('@CCC hi', { name: 'C++' })).toBe(false);
    expect(wakes('@axb hi', { name: 'a.b' })).toBe(false);
    expect(wakes('@x hi', { name: '.*' })).toBe(false);
    expect(wakes('@(a+)+$ hi', { name: '(a+)+$' })).toBe(true);
  });
  test('letters match in every case and composition', () => {
    expect(wakes('@JOSÉ hi', { name: 'José' })).toBe(true);
    expect(wakes('@josé hi'.normalize('NFD'), { name: 'José' })).toBe(true);
    expect(wakes('@ΟΔΥΣΣΕΥΣ γεια', { name: 'Οδυσσευς' })).toBe(true);
    expect(wakes('@STRASSE hi', { name: 'Straße' })).toBe(true);
  });
  test('a name may be written with its @, and a missing one wakes on nothing', () => {
    expect(wakes('@J hi', { name: '@J' })).toBe(true);
    expect(wakes('@ hi', { name: '' })).toBe(false);
  });
});

describe('what wakes whatever the text says', () => {
  test('A6: a mention anywhere, and a reply to the assistant', () => {
    expect(wakes('please help', { isMention: true })).toBe(true);
    expect(wakes('and then?', { isReplyToAssistant: true })).toBe(true);
    expect(wakes('please help', { isMention: true, pattern: '^never$' })).toBe(true);
  });
  test('A7: everything where no trigger is required', () => {
    expect(wakes('hello', { requiresTrigger: false })).toBe(true);
    expect(wakes('hello')).toBe(false);
  });
});

describe('patterns', () => {
  test('a pattern takes the place of the name', () => {
    expect(wakes('hey claw', { pattern: '^(hey|ok) claw' })).toBe(true);
    expect(wakes('OK Claw, lights', { pattern: '^(hey|ok) claw' })).toBe(true);
    expect(wakes('@J hi', { pattern: '^(hey|ok) claw' })).toBe(false);
  });
  test('@Name as a pattern is a name', () => {
    expect(wakes('@Bot hi', { pattern: '@Bot' })).toBe(true);
    expect(wakes('@Bottle hi', { pattern: '@Bot' })).toBe(false);
    expect(wakes('mail@Bot', { pattern: '@Bot' })).toBe(false);
    expect(wakes('@C++ hi', { pattern: '@C++' })).toBe(true);
  });
  test('the word end of a pattern is one in every script', () => {
    expect(wakes('@폴 안녕', { pattern: String.raw`^@폴\b` })).toBe(true);
    expect(wakes('@폴아 안녕', { pattern: String.raw`^@폴\b` })).toBe(false);
    expect(wakes('hey j', { pattern: String.raw`\bj\b` })).toBe(true);
    expect(wakes('hej', { pattern: String.raw`\bj\b` })).toBe(false);
    expect(wakes(String.raw`a\b`, { pattern: String.raw`a\\b` })).toBe(true);
  });
  test.each([
    '(a+)+$',
    '(a|a)*',
    '(.*a){20}',
    '([a-z]+)*',
    '(a|aa)+',
    '(a|a?)+',
    '(a?){50}a',
    '(x+x+)+y',
    '(?:(?:a+))+b',
    '(?i:(a+)+)',
    '(\\w|\\d)+',
    '((a|b)*)*',
    '(\\[a+)+',
    '([^)]+)+',
    '@(a+)+',
  ])('%s is refused: repetition in repetition', (pattern) =>
    expect(() => requireTrigger(pattern)).toThrow(/exponential/),
  );
  test.each([
    '',
    '@',
    'a*',
    '^',
    '.*',
    '\\b',
    'x?',
    '|a',
    '[',
    '(?=a)x',
    '(a)\\1',
    '(?<!a)b',
    'a{1001}',
    'a'.repeat(501),
  ])('%s is refused', (pattern) =>
    expect(() => requireTrigger(pattern)).toThrow(expect.objectContaining({ code: 'usage-invalid' })),
  );
  test.each([
    '@J',
    '^(hey|hi) claw',
    '(a|b)+x',
    '(\\d{1,3}\\.){3}',
    '(?i)claw',
    '(?P<n>claw)+?',
    '[(+]+',
    '^!ask(\\s|$)',
    '(ab|ac)+',
  ])('%s is taken', (pattern) => expect(() => requireTrigger(pattern)).not.toThrow());
  test('the setting is refused as a setting', () => {
    expect(() => requireTriggerSetting(undefined)).not.toThrow();
    expect(() => requireTriggerSetting('(a+)+$')).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
  test('a dangerous pattern that got in all the same runs in linear time', () => {
    const { engages: found } = engages(`${'a'.repeat(200_000)}!`, {
      assistantName: 'J',
      pattern: '^(a+)+$',
      requiresTrigger: true,
      isMention: false,
      isReplyToAssistant: false,
      particles: false,
    });
    expect(found).toBe(false);
  });
  test('a pattern that is not valid wakes nobody', () => expect(wakes('anything', { pattern: '[' })).toBe(false));
});

test('a very long run of spaces costs no more than its length', () => {
  expect(wakes(`@J${' '.repeat(1_000_000)}x`)).toBe(true);
  expect(wakes(`${' '.repeat(1_000_000)}@J${'\u200b'.repeat(1_000_000)}x`)).toBe(false);
});

test('property: @Name wakes when what follows is no word, and never when a letter follows', () => {
  const letters = fc.stringMatching(/^[a-zA-Z가-힣é.+-]{1,12}$/).filter((name) => name.trim() !== '');
  fc.assert(
    fc.property(letters, fc.string({ unit: 'grapheme' }), (name, text) => {
      expect(wakes(`@${name} ${text}`, { name })).toBe(true);
      expect(wakes(`@${name.toUpperCase()}, ${text}`, { name })).toBe(true);
      expect(wakes(`@${name}x${text}`, { name })).toBe(false);
      expect(wakes(`x@${name} ${text}`, { name })).toBe(false);
    }),
  );
});

test('property: no text and no pattern makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (text, pattern, name) => {
      expect(typeof wakes(text, { pattern, name, particles: true })).toBe('boolean');
      try {
        requireTrigger(pattern);
      } catch (error) {
        expect(error).toMatchObject({ code: 'usage-invalid' });
      }
    }),
  );
});
