import { expect, test } from 'vitest';
import { nightsAround } from '../../../src/core/retention/next-night.ts';

const HOUR = 3_600_000;
const localHour = (instant: number, zone: string): number => {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return hour + minute / 60;
};

test.each(['UTC', 'Asia/Seoul', 'America/New_York', 'Australia/Lord_Howe'])(
  'in %s a round is due once a night, about three, whatever the clocks do',
  (zone) => {
    let now = Date.UTC(2026, 0, 1);
    const nights = new Set<number>();
    while (now < Date.UTC(2027, 0, 1)) {
      const { last, next } = nightsAround(now, zone, '/home/a');
      expect(last).toBeLessThanOrEqual(now);
      expect(next).toBeGreaterThan(now);
      expect(next - last).toBeGreaterThanOrEqual(22 * HOUR);
      expect(next - last).toBeLessThanOrEqual(26 * HOUR);
      expect(Math.abs(localHour(next, zone) - 3)).toBeLessThanOrEqual(1.5);
      nights.add(next);
      now += 7 * HOUR;
    }
    expect(nights.size).toBe(366);
  },
);

test('the minute differs by home, and is always the same for one', () => {
  const at = (home: string): number => nightsAround(0, 'UTC', home).next;
  expect(at('/a')).toBe(at('/a'));
  expect(new Set(['/a', '/b', '/c', '/d', '/e'].map(at)).size).toBeGreaterThan(2);
});
