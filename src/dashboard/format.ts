/** Owns how instants, sums and counts are written, in the language of the page. */

function language(): string {
  return document.documentElement.lang;
}

/** `at`: milliseconds UTC, or ISO 8601. */
export function instant(at: number | string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

/** Hours and minutes of `at`, ISO 8601. */
export function timeOfDay(at: string): string {
  return new Intl.DateTimeFormat(language(), { timeStyle: 'short' }).format(new Date(at));
}

/** US dollars, with as many digits as small sums need. */
export function money(usd: number): string {
  const digits = usd !== 0 && Math.abs(usd) < 0.1 ? 4 : 2;
  return new Intl.NumberFormat(language(), {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
  }).format(usd);
}

/** Bytes as kB, MB or GB of 1,000. */
export function bytes(count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const options = {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'narrow',
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(language(), options).format(count / 1000 ** step);
}

export function count(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

const STEPS = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago `at` was, or until it is: "3 hours ago". Both in milliseconds UTC. */
export function fromNow(at: number, now: number): string {
  const away = at - now;
  const [unit, ms] = STEPS.find(([, length]) => Math.abs(away) >= length) ?? (['minute', 60_000] as const);
  const format = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  return Math.abs(away) < 60_000 ? format.format(0, 'second') : format.format(Math.trunc(away / ms), unit);
}

/** The day of `at` (milliseconds UTC), where the reader is. */
export function dayName(at: number): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'full' }).format(at);
}

/** The month of `at` (milliseconds UTC) with its year. */
export function monthName(at: number): string {
  return new Intl.DateTimeFormat(language(), { month: 'long', year: 'numeric' }).format(at);
}

/** The time of day of an instant in milliseconds UTC, here. */
export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** A day, written `YYYY-MM-DD`, as day and month. */
export function shortDay(day: string): string {
  const format = new Intl.DateTimeFormat(language(), { month: 'short', day: 'numeric', timeZone: 'UTC' });
  return format.format(Date.parse(`${day}T00:00:00Z`));
}

/** Seconds, in milliseconds where they are few. */
export function duration(seconds: number): string {
  const unit = seconds < 1 ? 'millisecond' : seconds < 120 ? 'second' : 'minute';
  const value = { millisecond: seconds * 1000, second: seconds, minute: seconds / 60 }[unit];
  const options = { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: value < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(language(), options).format(value);
}

/** An instant to the second, here. `at`: ISO 8601. */
export function preciseInstant(at: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'short', timeStyle: 'medium' }).format(new Date(at));
}
