/** Owns when retention runs: once a night where the home is. */
import { createHash } from 'node:crypto';

/** The hour of the night, and how many minutes it may be earlier or later, so that many homes of one machine do not work at the same moment. */
const HOUR = 3;
const SPREAD_MINUTES = 30;

/** The last such instant that is not after `now`, and the next one (milliseconds UTC). `zone` is an IANA name; the same home always has the same minute. */
export function nightsAround(now: number, zone: string, home: string): { last: number; next: number } {
  const spread = createHash('sha256').update(home).digest().readUInt16BE(0) % (2 * SPREAD_MINUTES);
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const at = (days: number): number =>
    today
      .add({ days })
      .toZonedDateTime({ timeZone: zone, plainTime: new Temporal.PlainTime(HOUR) })
      .add({ minutes: spread - SPREAD_MINUTES }).epochMilliseconds;
  const [yesterday, tonight, tomorrow] = [at(-1), at(0), at(1)];
  return tonight <= now ? { last: tonight, next: tomorrow } : { last: yesterday, next: tonight };
}
