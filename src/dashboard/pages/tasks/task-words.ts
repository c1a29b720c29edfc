/** Owns how tasks and their states are told, and which routes a change of a task touches. */
import type { Api } from '../../api/types.ts';
import type { Tone } from '../../components/badge.tsx';
import type { Texts } from '../../language/texts.ts';
import { type Plan, planOf } from './schedule-plan.ts';

export type Task = Api['GET /tasks']['result'][number];
export type Run = Api['GET /tasks/{id}/history']['result'][number];

export const TASK_ROUTES: readonly (keyof Api)[] = [
  'GET /tasks',
  'GET /tasks/{id}',
  'GET /tasks/{id}/history',
  'GET /task-calendar',
  'GET /task-last-runs',
];

export const STATE_TONES: Readonly<Record<Task['state'], Tone>> = {
  active: 'good',
  paused: 'quiet',
  disabled: 'bad',
  done: 'info',
  cancelled: 'quiet',
};

export const RUN_TONES: Readonly<Record<Run['state'] | 'planned', Tone>> = {
  planned: 'info',
  running: 'info',
  ran: 'good',
  skipped: 'quiet',
  missed: 'warn',
  failed: 'bad',
};

/** When it runs, as people say it; undefined for what only its text can say. `language`: of the page. */
export function scheduleWords(value: string, words: Texts['tasks']['words'], language: string): string | undefined {
  const plan = planOf(value);
  switch (plan.kind) {
    case 'daily':
      return words.daily(plan.time);
    case 'weekly':
      return words.weekly(weekdayWords(plan.days, words, language), plan.time);
    case 'monthly':
      return plan.day === 'L' ? words.monthEnd(plan.time) : words.monthly(plan.day, plan.time);
    case 'interval':
      return intervalWords(plan, words);
    case 'once':
      return words.once(momentWords(plan.at, language));
    case 'cron':
      return steadyWords(value.trim(), words);
  }
}

/** Every so many minutes or hours by the clock, and so no interval. */
function steadyWords(value: string, words: Texts['tasks']['words']): string | undefined {
  const [, minutes] = /^\*\/(\d{1,2}) \* \* \* \*$/.exec(value) ?? [];
  if (minutes !== undefined && 60 % Number(minutes) === 0) return words.minutes(Number(minutes));
  if (value === '* * * * *') return words.minutes(1);
  if (value === '0 * * * *') return words.hours(1);
  const [, hours] = /^0 \*\/(\d{1,2}) \* \* \*$/.exec(value) ?? [];
  return hours !== undefined && 24 % Number(hours) === 0 ? words.hours(Number(hours)) : undefined;
}

function intervalWords({ every, unit }: Extract<Plan, { kind: 'interval' }>, words: Texts['tasks']['words']): string {
  if (unit === 'm') return words.minutes(every);
  return unit === 'h' ? words.hours(every) : words.dayCount(every);
}

function weekdayWords(days: readonly number[], { workdays }: Texts['tasks']['words'], language: string): string {
  if (days.join() === '1,2,3,4,5') return workdays;
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(days.map((day) => weekdayName(day, language)));
}

/** 0 is Sunday. */
export function weekdayName(day: number, language: string, width: 'long' | 'short' = 'long'): string {
  // 2023-01-01 was a Sunday.
  return new Intl.DateTimeFormat(language, { weekday: width, timeZone: 'UTC' }).format(Date.UTC(2023, 0, 1 + day));
}

/** A local time as it was typed: the zone is told beside it. */
function momentWords(at: string, language: string): string {
  const time = Date.parse(`${at}Z`);
  if (Number.isNaN(time)) return at;
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(time);
}

/** An instant by the clock of a zone; by that of the browser for a zone it does not know. */
export function instantIn(at: string, zone: string, language: string): string {
  const style = { dateStyle: 'full', timeStyle: 'short' } as const;
  try {
    return new Intl.DateTimeFormat(language, { ...style, timeZone: zone }).format(new Date(at));
  } catch {
    return new Intl.DateTimeFormat(language, style).format(new Date(at));
  }
}

export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
