/** Owns the flags that say when a task is due, and reads them. */
import { Flags } from '@oclif/core';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import { SCHEDULE_TYPES, type ScheduleType } from '../core/tasks/schedule.ts';

export const scheduleFlags = {
  'schedule-type': Flags.option({ options: SCHEDULE_TYPES })({ description: 'What kind of schedule it is.' }),
  'schedule-value': Flags.string({
    description: 'A cron expression, an interval such as 90m or 3600000, or a date and time.',
    helpValue: 'VALUE',
  }),
  tz: Flags.string({ description: 'Time zone, such as Asia/Seoul (default: TIMEZONE).' }),
};

/** Both parts of a schedule. Throws `usage-invalid` when one is missing. */
export function readScheduleFlags(flags: {
  readonly 'schedule-type'?: ScheduleType | undefined;
  readonly 'schedule-value'?: string | undefined;
}): { readonly type: ScheduleType; readonly value: string } {
  const { 'schedule-type': type, 'schedule-value': value } = flags;
  if (type !== undefined && value !== undefined) return { type, value };
  throw new ClawError('usage-invalid', phrase('needsTypeAndValue'), {
    hint: phrase('scheduleSuchAs'),
  });
}

/** Milliseconds UTC of an ISO instant with an offset or Z. Throws `usage-invalid`. */
export function readInstant(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new ClawError('usage-invalid', `${JSON.stringify(text)} is no instant.`, {
      hint: 'Give one such as 2026-03-07T12:00:00Z.',
    });
  }
}

/** The zone that was given, or that of the home, or that of the machine. */
export function zoneOf(app: App, given: string | undefined): string {
  return given ?? app.settings.get('TIMEZONE') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
