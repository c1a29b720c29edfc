import { expect, test } from 'vitest';
import { type TriggerRules, engages } from '../../../../src/core/conversations/trigger.ts';
import { koreanPlaces } from '../../../../src/dashboard/language/korean-places.ts';
import { reasonInWords } from '../../../../src/dashboard/pages/channels/reason-in-words.ts';

const rules: TriggerRules = {
  assistantName: 'J',
  requiresTrigger: true,
  isMention: false,
  isReplyToAssistant: false,
  particles: false,
};

test.each<[string, Partial<TriggerRules>]>([
  ['hi', { isMention: true }],
  ['hi', { isReplyToAssistant: true }],
  ['hi', { requiresTrigger: false }],
  ['@J hi', {}],
  ['hi', {}],
  ['ok claw', { pattern: '^ok' }],
  ['hi', { pattern: '^ok' }],
])('every reason of the server has its words: %s %o', (text, more) => {
  const { reason } = engages(text, { ...rules, ...more });
  expect(reasonInWords(koreanPlaces.channels, reason)).toMatch(/^[^a-z]*[가-힣].*니다\.$|니다\.$/);
  expect(reasonInWords(koreanPlaces.channels, reason)).not.toBe(reason);
});

test('a reason of another version stays as it is', () => {
  expect(reasonInWords(koreanPlaces.channels, 'the moon is full')).toBe('the moon is full');
});
