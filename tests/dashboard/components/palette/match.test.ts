import { expect, test } from 'vitest';
import { fitOf } from '../../../../src/dashboard/components/palette/match.ts';

const best = (texts: readonly string[], query: string): string | undefined =>
  texts.filter((text) => fitOf(text, query) > 0).toSorted((a, b) => fitOf(b, query) - fitOf(a, query))[0];

test('words are found in any order and by their beginnings', () => {
  const texts = ['Verify the audit trail', 'Audit', 'New conversation', 'Conversations', 'MAX_DAILY_CALLS'];
  expect(best(texts, 'aud')).toBe('Audit');
  expect(best(texts, 'audit ver')).toBe('Verify the audit trail');
  expect(best(texts, 'conv')).toBe('Conversations');
  expect(best(texts, 'daily')).toBe('MAX_DAILY_CALLS');
  expect(best(texts, 'vrfy')).toBe('Verify the audit trail');
  expect(best(texts, 'xyz')).toBe(undefined);
});

test('Korean is found by syllables, by half-typed ones and by first consonants', () => {
  const texts = ['설정', '예약 작업', '대화 기록', '감사 기록', '사용자와 키'];
  expect(best(texts, '설정')).toBe('설정');
  expect(best(texts, '서')).toBe('설정');
  expect(best(texts, '설저')).toBe('설정');
  expect(best(texts, 'ㅅㅈ')).toBe('설정');
  expect(best(texts, 'ㅇㅇ')).toBe('예약 작업');
  expect(best(texts, '기록 감')).toBe('감사 기록');
  expect(best(texts, '화')).toBe('대화 기록');
  expect(best(texts, 'ㄷㅎ ㄱㄹ')).toBe('대화 기록');
  expect(best(texts, '과')).toBe(undefined);
});

test('the same text is found however its characters are composed', () => {
  expect(fitOf('설정'.normalize('NFD'), '설정')).toBe(fitOf('설정', '설정'.normalize('NFD')));
  expect(fitOf('설정'.normalize('NFD'), '설')).toBeGreaterThan(0);
});

test('everything fits nothing, and the shorter of two that fit comes first', () => {
  expect(fitOf('anything', '')).toBeGreaterThan(0);
  expect(fitOf('tool', 'too')).toBeGreaterThan(fitOf('toolbox of many', 'too'));
});

test('letters that are scattered over a long text are no find', () => {
  expect(fitOf('the quick brown fox jumps over the lazy dog', 'qjd')).toBe(0);
});
