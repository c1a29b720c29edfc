/** Owns when a day and a month begin where the home is. A day begins at local midnight, or at its first instant where the clocks skip that. */
import { ClawError } from '../kernel/errors.ts';
import type { BudgetPeriod } from '../store/spending-schema.ts';

/** The period that `now` lies in: its first instant, and that of the next (milliseconds UTC). `zone` is an IANA name. */
export function periodAt(period: BudgetPeriod, now: number, zone: string): { startsAt: number; endsAt: number } {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const first = period === 'day' ? local.toPlainDate() : local.toPlainDate().with({ day: 1 });
  const next = first.add(period === 'day' ? { days: 1 } : { months: 1 });
  return { startsAt: startOf(first, zone), endsAt: startOf(next, zone) };
}

/** An instant as `YYYY-MM-DD HH:MM (zone)`. */
export function localTime(instant: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return `${local.toPlainDate().toString()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })} (${zone})`;
}

function startOf(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).startOfDay().epochMilliseconds;
}

/** The date `days` after that of an instant, as `YYYY-MM-DD`. */
export function dateAt(instant: number, zone: string, days: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return local.toPlainDate().add({ days }).toString();
}

/** The first instant of the day `days` after `date` (milliseconds UTC). Throws `usage-invalid` for what is no `YYYY-MM-DD`. */
export function startOfDate(date: string, zone: string, days: number): number {
  try {
    return startOf(Temporal.PlainDate.from(date, { overflow: 'reject' }).add({ days }), zone);
  } catch (error) {
    throw new ClawError('usage-invalid', `${JSON.stringify(date)} is no day.`, {
      hint: 'Write it as YYYY-MM-DD, such as 2026-01-31.',
      cause: error,
    });
  }
}
