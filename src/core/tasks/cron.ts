/** Owns what a cron expression says: which days, and which times of a day, by the wall clock. The only door of cron-parser, which reads the fields; instants are computed in wall-clock.ts, because its own are wrong around some changes of the clock. */
import { CronExpressionParser } from 'cron-parser';
import { ClawError, toError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';

export interface Cron {
  /** True: every hour is meant, so that the task follows real time when the clock changes. */
  readonly isEveryHour: boolean;
  /** True: no date is left out. */
  readonly isEveryDay: boolean;
  /** Seconds after 00:00, ascending. */
  readonly times: readonly number[];
  /** `weekday`: 0 is Sunday. */
  matches(date: DateParts): boolean;
}

export interface DateParts {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly daysInMonth: number;
}

const MACROS = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/** Reads 5 fields, 6 with seconds first, or a macro such as `@daily`. Throws `usage-invalid` with the field that is wrong. */
export function readCron(text: string): Cron {
  const expression = text.trim().toUpperCase();
  const isMacro = MACROS.has(expression.toLowerCase());
  const fields = expression === '' ? 0 : expression.split(/\s+/).length;
  if (!isMacro && fields !== 5 && fields !== 6) {
    throw invalid(text, expression.startsWith('@') ? 'no such macro' : `it has ${fields} fields, not 5 or 6`);
  }
  // `H` is another program's idea: a time drawn by lot.
  if (!isMacro && /(^|[\s,])H/.test(expression)) throw invalid(text, 'H is not supported');
  try {
    const { second, minute, hour, dayOfMonth, month, dayOfWeek } = CronExpressionParser.parse(
      isMacro ? expression.toLowerCase() : bothSundays(expression),
      { tz: 'UTC' },
    ).fields;
    const times = numbers(hour.values).flatMap((hours) =>
      numbers(minute.values).flatMap((minutes) =>
        numbers(second.values).map((seconds) => (hours * 60 + minutes) * 60 + seconds),
      ),
    );
    const months = new Set<number>(numbers(month.values));
    const isDay = dayRule({
      days: { values: dayOfMonth.values, isAny: dayOfMonth.isWildcard },
      weekdays: { values: dayOfWeek.values, isAny: dayOfWeek.isWildcard, nth: dayOfWeek.nthDay },
    });
    return {
      isEveryDay: months.size === 12 && dayOfMonth.isWildcard && dayOfWeek.isWildcard,
      isEveryHour: new Set(hour.values).size === 24,
      times: times.toSorted((a, b) => a - b),
      matches: (date) => months.has(date.month) && isDay(date),
    };
  } catch (error) {
    throw invalid(text, toError(error).message);
  }
}

interface DayFields {
  readonly days: { readonly values: readonly (number | string)[]; readonly isAny: boolean };
  readonly weekdays: { readonly values: readonly (number | string)[]; readonly isAny: boolean; readonly nth: number };
}

/** Day of month OR weekday when both are given (crontab(5)). */
function dayRule({ days, weekdays }: DayFields): (date: DateParts) => boolean {
  const dayNumbers = new Set(numbers(days.values));
  const hasLastDay = days.values.includes('L');
  const weekdayNumbers = new Set(numbers(weekdays.values).map((weekday) => weekday % 7));
  const lastWeekdays = new Set(
    weekdays.values.filter((value) => typeof value === 'string').map((value) => Number.parseInt(value, 10) % 7),
  );
  const isDay = ({ day, daysInMonth }: DateParts): boolean =>
    dayNumbers.has(day) || (hasLastDay && day === daysInMonth);
  const isWeekday = ({ day, weekday, daysInMonth }: DateParts): boolean =>
    (weekdayNumbers.has(weekday) && (weekdays.nth === 0 || Math.ceil(day / 7) === weekdays.nth)) ||
    (lastWeekdays.has(weekday) && day > daysInMonth - 7);
  if (days.isAny && weekdays.isAny) return () => true;
  if (days.isAny) return isWeekday;
  if (weekdays.isAny) return isDay;
  return (date) => isDay(date) || isWeekday(date);
}

/** The parser takes 0 and 7 for a repetition when both are in one list. */
function bothSundays(expression: string): string {
  const fields = expression.split(/\s+/);
  const last = fields.pop() ?? '';
  const list = [...new Set(last.split(',').map((item) => (item === '7' ? '0' : item)))];
  return [...fields, list.join(',')].join(' ');
}

function numbers(values: readonly (number | string)[]): number[] {
  return values.filter((value) => typeof value === 'number');
}

function invalid(text: string, why: string): ClawError {
  return new ClawError('usage-invalid', phrase('badCron', JSON.stringify(text), why), {
    hint: phrase('cronFields'),
  });
}
