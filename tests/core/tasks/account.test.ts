import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSchedule } from '../../../src/core/tasks/schedule.ts';
import { live, seeded } from './simulation.ts';

const ZONES = Intl.supportedValuesOf('timeZone');
const DAY_MS = 86_400_000;
const RUNS = { seed: 20_260_301, numRuns: 150 };

const zone = fc.constantFrom(...ZONES);
const start = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2037, 0) });
const list = (min: number, max: number) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((numbers) => numbers.join(','));
const field = (min: number, max: number) =>
  fc.oneof(
    list(min, max),
    fc.constant('*'),
    fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
  );
const day = fc.oneof(fc.constant('*'), fc.constant('L'), list(1, 28));
const weekday = fc.oneof(fc.constant('*'), list(0, 6), fc.constant('1-5'), fc.constant('5L'), fc.constant('2#3'));
const cron = fc.tuple(list(0, 59), field(0, 23), day, field(1, 12), weekday).map((fields) => fields.join(' '));

test('whatever the schedule, the zone, the looks and the clock do, every due instant has one row', () => {
  const lives = fc.record({
    zone,
    anchor: start,
    value: fc.oneof(cron, fc.integer({ min: 600_000, max: 40 * DAY_MS }).map(String)),
    misfire: fc.constantFrom('skip' as const, 'once' as const, 'all' as const),
    maxLatenessMs: fc.option(fc.integer({ min: 1, max: 10 * DAY_MS })),
    gapMs: fc.integer({ min: 60_000, max: 200 * DAY_MS }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(lives, ({ zone: name, anchor, value, seed, gapMs, ...how }) => {
      const type = value.includes(' ') ? ('cron' as const) : ('interval' as const);
      const spec = { type, value, zone: name, anchor };
      const ms = Math.min(2 * 365 * DAY_MS, 300 * gapMs);
      expect(live({ spec, ms, gapMs, random: seeded(seed), ...how }).wrong).toBe(0);
    }),
    RUNS,
  );
});

/** What a daily schedule means, said anew and slowly: each date at that time by the clock of the zone, once. */
function slowly(name: string, hour: number, minute: number, from: number, days: number): number[] {
  const found = new Set<number>();
  const first = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(name).toPlainDate();
  for (let at = -2; at <= days + 2; at += 1) {
    const date = first.add({ days: at });
    const local = date.toPlainDateTime({ hour, minute });
    found.add(local.toZonedDateTime(name, { disambiguation: 'compatible' }).epochMilliseconds);
  }
  return [...found].filter((at) => at > from && at <= from + days * DAY_MS).toSorted((a, b) => a - b);
}

test('in any zone and year, a time of day is due as its definition says', () => {
  const hours = fc.integer({ min: 0, max: 23 });
  const minutes = fc.integer({ min: 0, max: 59 });
  fc.assert(
    fc.property(zone, start, hours, minutes, (name, from, hour, minute) => {
      const schedule = readSchedule({ type: 'cron', value: `${minute} ${hour} * * *`, zone: name, anchor: from });
      const due: number[] = [];
      for (let at = schedule.next(from); at !== undefined && at <= from + 366 * DAY_MS; at = schedule.next(at)) {
        due.push(at);
      }
      expect(due).toEqual(slowly(name, hour, minute, from, 366));
    }),
    RUNS,
  );
});

test('asking again from anywhere in between gives the same instants', () => {
  fc.assert(
    fc.property(zone, start, cron, fc.nat(), (name, anchor, value, seed) => {
      let schedule;
      try {
        schedule = readSchedule({ type: 'cron', value, zone: name, anchor });
      } catch {
        return;
      }
      const random = seeded(seed);
      const first = schedule.next(anchor);
      if (first === undefined) return;
      const second = schedule.next(first) ?? Infinity;
      for (let tries = 0; tries < 5; tries += 1) {
        const between = first + Math.floor(random() * (second - first));
        const fresh = readSchedule({ type: 'cron', value, zone: name, anchor });
        expect([fresh.next(between), schedule.next(between)]).toEqual([second, second]);
      }
    }),
    RUNS,
  );
});
