/** Owns when a task is due: checks a schedule at its creation and gives its next instant. Nothing here reads a clock. */
import { ClawError } from '../kernel/errors.ts';
import { readCron } from './cron.ts';
import { cronInstants, instantOf, readZone } from './wall-clock.ts';

export const SCHEDULE_TYPES = ['cron', 'interval', 'once'] as const;
export type ScheduleType = (typeof SCHEDULE_TYPES)[number];

export interface ScheduleSpec {
  readonly type: ScheduleType;
  readonly value: string;
  /** IANA zone. */
  readonly zone: string;
  /** What an interval counts from: milliseconds UTC. */
  readonly anchor: number;
}

export interface Schedule {
  /** The first due instant after `after`, in milliseconds UTC; undefined when none comes any more. */
  next(after: number): number | undefined;
}

/** Ten years: more is a mistake in the number. */
const MAX_INTERVAL_MS = 315_576_000_000;
const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Reads a schedule. Throws `usage-invalid` naming what is wrong with it: the zone, or the value. */
export function readSchedule(spec: ScheduleSpec): Schedule {
  const zone = readZone(spec.zone);
  if (spec.type === 'cron') {
    const next = cronInstants(readCron(spec.value), zone);
    if (next(spec.anchor) === undefined) {
      throw new ClawError(
        'usage-invalid',
        `The cron expression ${JSON.stringify(spec.value)} names a date that never comes.`,
      );
    }
    return { next };
  }
  if (spec.type === 'interval') {
    const { anchor } = spec;
    const every = readInterval(spec.value);
    return { next: (after) => anchor + Math.max(1, Math.floor((after - anchor) / every) + 1) * every };
  }
  const { at } = readOnce(spec.value, zone);
  return { next: (after) => (at > after ? at : undefined) };
}

/** Milliseconds of `90000`, `90m`, `1h30m`. Throws `usage-invalid`. */
export function readInterval(text: string): number {
  const value = text.trim();
  const plain = /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
  const ms = plain ?? withUnits(value);
  if (ms !== undefined && ms > 0 && ms <= MAX_INTERVAL_MS) return ms;
  const why =
    ms === undefined ? 'is neither whole milliseconds nor a length of time' : 'must be above 0, and at most ten years';
  throw new ClawError('usage-invalid', `The interval ${JSON.stringify(text)} ${why}.`, {
    hint: 'Give milliseconds such as 3600000, or 90m, 1h30m, 1d.',
  });
}

function withUnits(value: string): number | undefined {
  if (!/^([0-9]{1,12}(ms|[dhms]))+$/.test(value)) return undefined;
  let total = 0;
  let last = Infinity;
  for (const [, count, unit] of value.matchAll(/([0-9]+)(ms|[dhms])/g)) {
    const size = UNITS[unit ?? ''] ?? 0;
    // Each unit once, the longest first.
    if (size >= last) return undefined;
    last = size;
    total += Number(count) * size;
  }
  return total;
}

/** The instant of `2026-02-01T15:30:00`, with or without an offset or `Z`; without one the zone applies, and a time that comes twice is its first. Throws `usage-invalid`, also for a time that the clock skips unless `takesGap`: then it moves on by the gap. */
export function readOnce(text: string, zone: string, takesGap = true): { readonly at: number } {
  const value = text.trim();
  const hint = 'Give a date and time such as 2026-02-01T15:30:00, 2026-02-01T15:30:00Z or 2026-02-01T15:30:00+09:00.';
  const shape = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/i.exec(value);
  try {
    if (shape === null) throw new RangeError('shape');
    const iso = value.replace(' ', 'T').toUpperCase();
    if (shape[3] !== undefined) return { at: Temporal.Instant.from(iso).epochMilliseconds };
    const { at, isSkipped } = instantOf(Temporal.PlainDateTime.from(iso, { overflow: 'reject' }), zone);
    if (!isSkipped || takesGap) return { at };
  } catch {
    throw new ClawError('usage-invalid', `The time ${JSON.stringify(text)} is not a date and time.`, { hint });
  }
  throw new ClawError(
    'usage-invalid',
    `The clock of ${zone} skips ${value}: it lies in the gap of a change to daylight saving time.`,
    { hint: 'Choose a time before or after the gap, or allow it with --allow-gap: then it moves on by the gap.' },
  );
}
