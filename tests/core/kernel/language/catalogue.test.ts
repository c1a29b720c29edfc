import { describe, expect, test } from 'vitest';
import { ClawError, ERROR_KINDS } from '../../../../src/core/kernel/errors.ts';
import { ENGLISH, explain } from '../../../../src/core/kernel/language/catalogue.ts';
import { loadCatalogue } from '../../../../src/core/kernel/language/load-catalogue.ts';
import { inWords, phrase } from '../../../../src/core/kernel/language/phrase.ts';

const KOREAN = await loadCatalogue('ko');

/** Texts that are the same in both languages: names of keys and of what is typed. */
const SAME = new Set(['language', 'locale', 'repl.arguments.resume', 'repl.arguments.compact', 'repl.keys.enter']);

type Text = string | ((...values: unknown[]) => string);

function textsOf(part: object, path = ''): [string, Text][] {
  return Object.entries(part).flatMap(([key, value]: [string, unknown]): [string, Text][] => {
    const name = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string' || typeof value === 'function') return [[name, value as Text]];
    return typeof value === 'object' && value !== null ? textsOf(value, name) : [];
  });
}

const english = textsOf({ ...ENGLISH, meanings: {} });
const korean = new Map(textsOf({ ...KOREAN, meanings: {} }));

/** Values that are words of a list, which are translated as well. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'phrases.usedOf': ['700001', '700002', 'money'],
  'phrases.homeBudget': ['day'],
  'phrases.mayNotDo': ['700001', 'is disabled', '700003'],
  'phrases.budgetOf': ['day', 'user', '700003'],
};

/** Values for `name` that can be found again: digits, because they are counted with too. */
function valuesFor(name: string, text: Text): readonly string[] {
  const count = typeof text === 'string' ? 0 : text.length;
  return WORDS[name] ?? Array.from({ length: count }, (_, at) => String(700_001 + at));
}

/** `text` with `values`. */
function spoken(text: Text, values: readonly unknown[]): string {
  return typeof text === 'string' ? text : text(...values);
}

describe.each(english.filter(([name]) => !SAME.has(name)))('%s', (name, text) => {
  const translated = korean.get(name) ?? '';

  test('is said in Korean', () => {
    const values = valuesFor(name, text);
    expect(spoken(translated, values)).toMatch(/[가-힣]/u);
    expect(spoken(translated, values)).not.toBe(spoken(text, values));
  });

  test('says the same values', () => {
    const values = valuesFor(name, text).filter((value) => value.startsWith('70'));
    const told = (words: Text): string[] =>
      values.filter((value) => spoken(words, valuesFor(name, text)).includes(value));
    expect(told(translated)).toEqual(told(text));
  });
});

test('no text of the table of exceptions is told apart', () => {
  for (const name of SAME) expect(textsOf(ENGLISH).map(([each]) => each)).toContain(name);
});

test('every code of an error has a meaning in Korean', () => {
  expect(Object.keys(KOREAN.meanings ?? {}).toSorted()).toEqual(Object.keys(ERROR_KINDS).toSorted());
});

test('a phrase is English at once and Korean when it is asked for, with the phrases in it', () => {
  const told = phrase('offline', phrase('noProvider'));
  expect(told.text).toBe('Offline mode. No model provider is set up. Add one with: claw secret set ANTHROPIC_API_KEY');
  expect(inWords(told, KOREAN.phrases)).toBe(
    '오프라인 모드예요. 설정된 모델 제공자가 없어요. 이렇게 추가하세요: claw secret set ANTHROPIC_API_KEY',
  );
});

test('an error that is known in English only follows what its code means', () => {
  const error = new ClawError('not-found', 'There is no such moon.', { hint: 'Look up.' });
  expect(explain(error, ENGLISH)).toEqual({ message: 'There is no such moon.', hint: 'Look up.' });
  expect(explain(error, KOREAN)).toEqual({ message: '그런 것이 없어요. There is no such moon.', hint: 'Look up.' });
});

test('an error with phrases is told in Korean, and stays English for programs', () => {
  const error = new ClawError('auth-missing', phrase('noProvider'), { hint: phrase('noProvider') });
  expect(error.message).toMatch(/^No model provider/);
  expect(error.hint).toMatch(/^No model provider/);
  expect(explain(error, KOREAN).message).toMatch(/^설정된/);
  expect(explain(error, KOREAN).hint).toMatch(/^설정된/);
});
