import { describe, expect, it, test } from 'vitest';
import { english } from '../../src/dashboard/language/english.ts';
import {
  beginKind,
  type Kind,
  localTime,
  mistakesOf,
  planOf,
  textOf,
  typeOfText,
} from '../../src/dashboard/pages/tasks/schedule-plan.ts';
import { scheduleWords } from '../../src/dashboard/pages/tasks/task-words.ts';
import { readSchedule } from '../../src/core/tasks/schedule.ts';

describe('a text that people choose is a plan, and the plan is the text again', () => {
  it.each([
    ['0 9 * * *', { kind: 'daily', time: '09:00' }, 'Every day at 09:00'],
    ['30 8 * * 1,2,3,4,5', { kind: 'weekly', time: '08:30', days: [1, 2, 3, 4, 5] }, 'Monday to Friday at 08:30'],
    ['0 18 * * 0,5', { kind: 'weekly', time: '18:00', days: [0, 5] }, 'Sunday and Friday at 18:00'],
    ['15 2 1 * *', { kind: 'monthly', time: '02:15', day: '1' }, 'On day 1 of every month at 02:15'],
    ['0 0 L * *', { kind: 'monthly', time: '00:00', day: 'L' }, 'On the last day of every month at 00:00'],
    ['90m', { kind: 'interval', every: 90, unit: 'm' }, 'Every 90 minutes'],
    ['1h', { kind: 'interval', every: 1, unit: 'h' }, 'Every hour'],
    ['2026-02-01T15:30', { kind: 'once', at: '2026-02-01T15:30' }, 'Once, on Feb 1, 2026, 3:30 PM'],
  ] as const)('%s', (text, plan, words) => {
    expect([planOf(text), textOf(planOf(text))]).toEqual([plan, text]);
    const said = scheduleWords(text, english.tasks.words, 'en')?.replaceAll('\u{202f}', ' ');
    expect(said).toBe(words);
    const spec = { type: typeOfText(text), value: text, zone: 'UTC', anchor: 0 };
    expect(readSchedule(spec).next(0)).toBeGreaterThan(0);
  });
});

test('what is no such plan stays what it is', () => {
  for (const text of ['*/7 * * * *', '61 * * * *', '0 24 * * *', '0 9 * 3 *', '0 9 32 * *', '@daily', '', 'soon'])
    expect([text, planOf(text).kind, scheduleWords(text, english.tasks.words, 'en')]).toEqual([
      text,
      'cron',
      undefined,
    ]);
  expect(planOf('1h30m').kind).toBe('cron');
  expect(['1h30m', '90000', '5 m', '2026-02-01 15:30'].map(typeOfText)).toEqual([
    'interval',
    'interval',
    'cron',
    'once',
  ]);
  expect(planOf('0 9 * * 1-5')).toMatchObject({ kind: 'weekly', days: [1, 2, 3, 4, 5] });
  expect(planOf('0 9 * * 6,7')).toMatchObject({ kind: 'weekly', days: [0, 6] });
});

test('what is due all the time by the clock has words, too', () => {
  const words = (text: string) => scheduleWords(text, english.tasks.words, 'en');
  expect(['*/5 * * * *', '0 */6 * * *', '0 * * * *', '* * * * *'].map(words)).toEqual([
    'Every 5 minutes',
    'Every 6 hours',
    'Every hour',
    'Every minute',
  ]);
});

test('another kind begins with the time that was chosen, and keeps what is of its kind already', () => {
  const begun = (kind: Kind, text: string) => beginKind(kind, text, '2026-02-01T12:00');
  expect([begun('weekly', '30 8 * * *'), begun('monthly', '30 8 * * *'), begun('once', '30 8 * * *')]).toEqual([
    '30 8 * * 1,2,3,4,5',
    '30 8 1 * *',
    '2026-02-01T08:30',
  ]);
  expect([begun('interval', '1h30m'), begun('interval', '0 9 * * *'), begun('cron', '0 9 * * 1')]).toEqual([
    '1h30m',
    '1h',
    '0 9 * * 1',
  ]);
});

test('mistakes are told: a moment that is past, one that the clock skips, and running all the time', () => {
  expect(mistakesOf('2020-01-01T09:00', 'UTC', [])).toEqual([{ kind: 'past' }]);
  expect(mistakesOf('2026-03-29T02:30', 'Europe/Berlin', ['2026-03-29T01:30:00.000Z'])).toEqual([
    { kind: 'skipped', at: '2026-03-29T03:30' },
  ]);
  expect(mistakesOf('2026-03-29T04:30', 'Europe/Berlin', ['2026-03-29T02:30:00.000Z'])).toEqual([]);
  expect(mistakesOf('2026-03-29T02:30Z', 'Europe/Berlin', ['2026-03-29T02:30:00.000Z'])).toEqual([]);
  const minutes = ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', '2026-01-01T00:02:00Z'];
  expect(mistakesOf('* * * * *', 'UTC', minutes)).toEqual([{ kind: 'often', aDay: 1440 }]);
  expect(mistakesOf('0 9 * * *', 'UTC', ['2026-01-01T09:00:00Z', '2026-01-02T09:00:00Z'])).toEqual([]);
  expect(localTime(0, 'Mars/Olympus')).toBeUndefined();
});
