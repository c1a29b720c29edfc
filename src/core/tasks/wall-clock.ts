/** Owns which instants the wall clock of a zone shows a time at: a time that is skipped moves on by the gap, one that comes twice counts at its first. */
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Cron, DateParts } from './cron.ts';

const DAY_MS = 86_400_000;
/** 29 February on one weekday comes back after 40 years at the latest (around 2100); what has not come by then never comes. */
const MOST_DAYS = 41 * 366;
const MOST_KEPT = 4;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The zone by its name in the IANA database. Throws `usage-invalid` for anything else. */
export function readZone(zone: string): string {
  const refuse = (): ClawError =>
    new ClawError('usage-invalid', phrase('badZone', JSON.stringify(zone)), {
      hint: phrase('giveZone'),
    });
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone)) throw refuse();
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch {
    throw refuse();
  }
}

/** Gives the first instant after `after` (milliseconds UTC) at which the clock of `zone` shows a time of `cron`; undefined when none ever comes. Keeps what it learned of the zone, so one of these serves many calls. */
export function cronInstants(cron: Cron, zone: string): (after: number) => number | undefined {
  const { steadyOffset, localMidnight } = offsetFinder(zone);
  /** The instants of the few days around a change, ascending: found once, since it takes long. */
  const changes = new Map<number, readonly number[]>();
  const onChange = (midnight: number): readonly number[] => {
    const known = changes.get(midnight);
    if (known !== undefined) return known;
    const all = cron.times.flatMap((seconds) => shown(midnight + seconds * 1000, zone, cron.isEveryHour));
    const instants = [...new Set(all)].toSorted((a, b) => a - b);
    if (changes.size >= MOST_KEPT) changes.clear();
    changes.set(midnight, instants);
    return instants;
  };
  /** The first instant of a day (its midnight by the wall clock, as if the zone were UTC) after `after`. */
  const firstOn = (midnight: number, after: number): number | undefined => {
    if (!cron.isEveryDay && !cron.matches(dateOf(midnight))) return undefined;
    const offset = steadyOffset(midnight);
    if (offset === undefined) return onChange(midnight).find((at) => at > after);
    const start = midnight - offset;
    const found = firstAbove(cron.times, (after - start) / 1000);
    return found === undefined ? undefined : start + found * 1000;
  };
  return (after) => {
    const today = localMidnight(after);
    // Around a change, a skipped time of one day may have moved into the next.
    const first = steadyOffset(today) === undefined ? today - DAY_MS : today;
    for (let midnight = first; midnight <= today + MOST_DAYS * DAY_MS; midnight += DAY_MS) {
      const found = firstOn(midnight, after);
      if (found === undefined) continue;
      if (steadyOffset(midnight) !== undefined) return found;
      return Math.min(found, firstOn(midnight + DAY_MS, after) ?? Infinity);
    }
    return undefined;
  };
}

/** One instant of a wall-clock time without zone, or what stands against it. */
export function instantOf(local: Temporal.PlainDateTime, zone: string): { at: number; isSkipped: boolean } {
  const at = local.toZonedDateTime(zone, { disambiguation: 'compatible' });
  return { at: at.epochMilliseconds, isSkipped: !at.toPlainDateTime().equals(local) };
}

/** The instants at which the clock shows `wall` (milliseconds, as if the zone were UTC) on a day on which it changes. */
function shown(wall: number, zone: string, isEveryHour: boolean): number[] {
  const local = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime();
  const at = (disambiguation: 'compatible' | 'earlier' | 'later'): Temporal.ZonedDateTime =>
    local.toZonedDateTime(zone, { disambiguation });
  if (!isEveryHour) return [at('compatible').epochMilliseconds];
  return [at('earlier'), at('later')]
    .filter((instant) => instant.toPlainDateTime().equals(local))
    .map((instant) => instant.epochMilliseconds);
}

interface Offsets {
  /** How far the zone is from UTC (milliseconds) on a whole day by its wall clock and the days beside it; undefined when that changes. `midnight` is as if the zone were UTC. */
  steadyOffset(midnight: number): number | undefined;
  /** The beginning of the day that the clock of the zone shows at `instant`, in milliseconds as if the zone were UTC. */
  localMidnight(instant: number): number;
}

/** Keeps the last stretch of time without a change: asking the zone takes long. */
function offsetFinder(zone: string): Offsets {
  let steady = { from: Infinity, until: -Infinity, offset: 0 };
  let change = Infinity;
  return {
    steadyOffset(midnight) {
      const from = midnight - 2 * DAY_MS;
      const until = midnight + 3 * DAY_MS;
      if (from >= steady.from && until <= steady.until) return steady.offset;
      if (from === change) return undefined;
      const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
      const end = start.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
      if (end < until) {
        change = from;
        return undefined;
      }
      steady = { from, until: end, offset: start.offsetNanoseconds / 1e6 };
      return steady.offset;
    },
    localMidnight(instant) {
      const isSteady = instant >= steady.from && instant < steady.until;
      const offset = isSteady
        ? steady.offset
        : Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
      return Math.floor((instant + offset) / DAY_MS) * DAY_MS;
    },
  };
}

/** The first of the ascending numbers above `bound`. */
function firstAbove(numbers: readonly number[], bound: number): number | undefined {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Infinity) > bound) high = middle;
    else low = middle + 1;
  }
  return numbers[low];
}

/** The date without a Date, which takes ten times as long. Source: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days. */
function dateOf(midnight: number): DateParts {
  const days = midnight / DAY_MS + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return {
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
    weekday: (((midnight / DAY_MS + 4) % 7) + 7) % 7,
    daysInMonth: month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 31),
  };
}
