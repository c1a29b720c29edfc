/** Owns which instants the wall clock of a zone shows a time at: a time that is skipped moves on by the gap, one that comes twice counts at its first. */
import { ClawError } from '../kernel/errors.ts';
import type { Cron, DateParts } from './cron.ts';

const DAY_MS = 86_400_000;
/** 29 February on one weekday comes back after 40 years at the latest (around 2100); what has not come by then never comes. */
const MOST_DAYS = 41 * 366;
const MOST_KEPT = 4;

/** The zone by its name in the IANA database. Throws `usage-invalid` for anything else. */
export function readZone(zone: string): string {
  const refuse = (): ClawError =>
    new ClawError('usage-invalid', `The time zone ${JSON.stringify(zone)} is not valid.`, {
      hint: 'Give a name of the IANA database, such as Asia/Seoul.',
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
  const steadyOffset = offsetFinder(zone);
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
    if (!cron.matches(dateOf(midnight))) return undefined;
    const offset = steadyOffset(midnight);
    if (offset === undefined) return onChange(midnight).find((at) => at > after);
    const start = midnight - offset;
    const found = cron.times.find((seconds) => start + seconds * 1000 > after);
    return found === undefined ? undefined : start + found * 1000;
  };
  return (after) => {
    const today = localMidnight(after, zone);
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

/** Gives how far the zone is from UTC (milliseconds) on a whole day by its wall clock and the days beside it; undefined when that changes. `midnight` is as if the zone were UTC. */
function offsetFinder(zone: string): (midnight: number) => number | undefined {
  let steady = { from: Infinity, until: -Infinity, offset: 0 };
  let change = Infinity;
  return (midnight) => {
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
  };
}

/** The beginning of the day that the clock of the zone shows at `instant`, in milliseconds as if the zone were UTC. */
function localMidnight(instant: number, zone: string): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return Math.floor((instant + offsetNanoseconds / 1e6) / DAY_MS) * DAY_MS;
}

function dateOf(midnight: number): DateParts {
  const date = new Date(midnight);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const daysInMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return { month: month + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), daysInMonth };
}
