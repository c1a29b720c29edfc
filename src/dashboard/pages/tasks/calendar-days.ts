/** Owns which days a calendar shows, and how the keyboard moves among them. Dates are `2026-03-29`, without a time zone. Pure. */

const DAY_MS = 86_400_000;
const WEEK = 7;

export type Span = 'month' | 'week';

/** `days` on. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of another month, or its last where there is none. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/** All days that are shown around `date`: whole weeks, which begin with `weekStart` (0 is Sunday). */
export function shownDays(date: string, span: Span, weekStart: number): string[] {
  const first = span === 'month' ? `${date.slice(0, 8)}01` : date;
  const last = span === 'month' ? addDays(addMonths(first, 1), -1) : date;
  const days: string[] = [];
  let day = addDays(first, -((weekdayOf(first) - weekStart + WEEK) % WEEK));
  while (day <= last || days.length % WEEK !== 0) {
    days.push(day);
    day = addDays(day, 1);
  }
  return days;
}

/** Where a key leads from a day; undefined for a key that leads nowhere. Source: WAI-ARIA Authoring Practices, date grid. */
export function dayAfterKey(date: string, key: string, weekStart: number): string | undefined {
  const place = (weekdayOf(date) - weekStart + WEEK) % WEEK;
  switch (key) {
    case 'ArrowRight':
      return addDays(date, 1);
    case 'ArrowLeft':
      return addDays(date, -1);
    case 'ArrowDown':
      return addDays(date, WEEK);
    case 'ArrowUp':
      return addDays(date, -WEEK);
    case 'Home':
      return addDays(date, -place);
    case 'End':
      return addDays(date, WEEK - 1 - place);
    case 'PageDown':
      return addMonths(date, 1);
    case 'PageUp':
      return addMonths(date, -1);
    default:
      return undefined;
  }
}

/** In which a week begins where `language` is spoken: 0 is Sunday. */
export function weekStartOf(language: string): number {
  const locale = new Intl.Locale(language) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
  return (locale.getWeekInfo?.().firstDay ?? 1) % WEEK;
}
