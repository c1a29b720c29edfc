import { expect, test } from 'vitest';
import { english } from '../../src/dashboard/language/english.ts';
import { type RunFacts, runWords } from '../../src/dashboard/pages/tasks/run-words.ts';

const told = (run: Partial<RunFacts>): string[] =>
  runWords(
    {
      manual: false,
      due_at: '2026-03-02T10:00:00Z',
      claimed_at: '2026-03-02T10:00:01Z',
      last_due_at: '2026-03-02T10:00:00Z',
      reason: null,
      instants: 1,
      state: 'ran',
      ...run,
    },
    english.tasks.run,
  );

test('a run on time says nothing; one that was late or caught up says by how much', () => {
  expect(told({})).toEqual([]);
  const late = { claimed_at: '2026-03-02T13:10:00Z', reason: 'caught up 11400 s late' };
  expect(told(late)).toEqual(['It was 3 hours late.']);
  expect(told({ manual: true, reason: 'run by hand' })).toEqual(['Run by hand.']);
});

test('why a moment was left out is told in words', () => {
  const left = (reason: string, state: RunFacts['state'] = 'skipped') => told({ reason, state });
  expect(left('7200 s late; the policy once runs the last of those that are due together')).toEqual([
    'It was 2 hours late.',
    'Of those that were due together only the last was run.',
  ]);
  expect(left('120 s late; the policy skip runs what is on time only')).toEqual([
    'It was 2 minutes late.',
    'Only what is on time is run.',
  ]);
  expect(left('400000 s late, more than the 5400 s allowed', 'missed')).toEqual([
    'It was 5 days late.',
    'At most 90 minutes was allowed.',
  ]);
  expect(left('90 s late; only the last 100 are caught up with', 'missed')).toEqual([
    'It was 2 minutes late.',
    'Only the last 100 are caught up with.',
  ]);
  expect(told({ instants: 40, state: 'missed' })).toEqual(['This row stands for 40 moments.']);
});

test('another reason is shown as it is, with nothing hidden in it', () => {
  expect(told({ state: 'failed', reason: 'the tool said \u{202e}no' })).toEqual([String.raw`the tool said \u{202e}no`]);
});
