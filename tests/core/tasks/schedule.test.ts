import { describe, expect, it } from 'vitest';
import { readSchedule, type ScheduleType } from '../../../src/core/tasks/schedule.ts';
import { upcoming } from '../../../src/core/tasks/upcoming.ts';

function due(type: ScheduleType, value: string, zone: string, from: string, count = 2): string[] {
  const anchor = Date.parse(from);
  const schedule = readSchedule({ type, value, zone, anchor });
  return upcoming(schedule, anchor, count).map((at) => new Date(at).toISOString().replace(/:00\.000Z$/, 'Z'));
}
const cron = (value: string, zone: string, from: string, count?: number): string[] =>
  due('cron', value, zone, from, count);

describe('a cron schedule', () => {
  it.each([
    ['0 9 * * *', 'Asia/Seoul', '2026-03-01T23:59:59Z', ['2026-03-02T00:00Z', '2026-03-03T00:00Z']],
    ['0 9 * * *', 'Asia/Seoul', '2026-03-02T00:00:00Z', ['2026-03-03T00:00Z', '2026-03-04T00:00Z']],
    ['0 9 * * 1', 'Asia/Seoul', '2026-03-02T12:00:00Z', ['2026-03-09T00:00Z', '2026-03-16T00:00Z']],
    ['0 9 * * 0', 'UTC', '2026-03-02T12:00:00Z', ['2026-03-08T09:00Z', '2026-03-15T09:00Z']],
    ['0 9 * * 7', 'UTC', '2026-03-02T12:00:00Z', ['2026-03-08T09:00Z', '2026-03-15T09:00Z']],
    ['0 9 * * 0,7', 'UTC', '2026-03-02T12:00:00Z', ['2026-03-08T09:00Z', '2026-03-15T09:00Z']],
    ['0 9 L * *', 'Asia/Seoul', '2026-02-20T12:00:00Z', ['2026-02-28T00:00Z', '2026-03-31T00:00Z']],
    ['0 0 13 * 5', 'UTC', '2026-03-02T12:00:00Z', ['2026-03-06T00:00Z', '2026-03-13T00:00Z']],
    ['0 9 * * mon#2', 'UTC', '2026-03-02T12:00:00Z', ['2026-03-09T09:00Z', '2026-04-13T09:00Z']],
    ['0 9 * * 5L', 'UTC', '2026-03-02T12:00:00Z', ['2026-03-27T09:00Z', '2026-04-24T09:00Z']],
    ['30 9 * * 1-5', 'UTC', '2026-03-06T12:00:00Z', ['2026-03-09T09:30Z', '2026-03-10T09:30Z']],
    ['*/15 8,10 * jan *', 'UTC', '2026-01-01T08:40:00Z', ['2026-01-01T08:45Z', '2026-01-01T10:00Z']],
    ['30 0 9 * * *', 'UTC', '2026-01-01T08:40:00Z', ['2026-01-01T09:00:30.000Z', '2026-01-02T09:00:30.000Z']],
    ['@daily', 'UTC', '2026-01-01T08:40:00Z', ['2026-01-02T00:00Z', '2026-01-03T00:00Z']],
    ['0 0 29 2 *', 'UTC', '2096-03-01T00:00:00Z', ['2104-02-29T00:00Z', '2108-02-29T00:00Z']],
  ])('%s in %s from %s', (value, zone, from, expected) => {
    expect(cron(value, zone, from)).toEqual(expected);
  });

  it.each([
    ['', 'it has 0 fields'],
    ['0 9 * *', 'it has 4 fields'],
    ['1 2 3 4 5 6 7', 'it has 7 fields'],
    ['61 * * * *', '61'],
    ['60 * * * *', '60'],
    ['0 24 * * *', '24'],
    ['0 0 0 * *', '0'],
    ['0 0 32 * *', '32'],
    ['0 0 1 13 *', '13'],
    ['0 0 * * 8', '8'],
    ['0 0 30 2 *', 'day of month'],
    ['0 0 31 4,6 *', ''],
    ['H * * * *', 'H'],
    ['@reboot', 'macro'],
  ])('%j is refused', (value, why) => {
    expect(() => cron(value, 'UTC', '2026-01-01T00:00:00Z')).toThrow(why);
  });

  it.each(['Asia/Seoul   # note', '', 'Nowhere/Town', '+09:00', 'Asia/Seoul '])('zone %j is refused', (zone) => {
    expect(() => cron('0 9 * * *', zone, '2026-01-01T00:00:00Z')).toThrow('time zone');
  });
});

describe('when the clock changes', () => {
  it.each([
    // A skipped time moves on by the gap; a doubled one comes once, at its first.
    ['30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', ['2026-03-08T07:30Z', '2026-03-09T06:30Z']],
    ['30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00:00Z', ['2026-10-03T15:45Z', '2026-10-04T15:15Z']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
    ['0 0 * * *', 'America/Santiago', '2026-09-05T12:00:00Z', ['2026-09-06T04:00Z', '2026-09-07T03:00Z']],
    // A whole day that never was: its time falls into the next.
    ['0 9 30 12 *', 'Pacific/Apia', '2011-12-01T00:00:00Z', ['2011-12-30T19:00Z', '2012-12-29T19:00Z']],
    ['0 9 * * *', 'Pacific/Apia', '2011-12-29T12:00:00Z', ['2011-12-29T19:00Z', '2011-12-30T19:00Z']],
  ])('%s in %s from %s', (value, zone, from, expected) => {
    expect(cron(value, zone, from)).toEqual(expected);
  });

  it('a range of hours neither loses a run nor doubles one', () => {
    expect(cron('*/30 1-3 * * *', 'America/New_York', '2026-03-08T05:00:00Z', 5)).toEqual([
      '2026-03-08T06:00Z',
      '2026-03-08T06:30Z',
      '2026-03-08T07:00Z',
      '2026-03-08T07:30Z',
      '2026-03-09T05:00Z',
    ]);
    expect(cron('0 1-3 * * *', 'America/New_York', '2026-11-01T04:00:00Z', 4)).toEqual([
      '2026-11-01T05:00Z',
      '2026-11-01T07:00Z',
      '2026-11-01T08:00Z',
      '2026-11-02T06:00Z',
    ]);
  });

  it('a schedule of every hour follows real time', () => {
    const hour = 3_600_000;
    for (const from of ['2026-03-07T00:00:00Z', '2026-10-31T00:00:00Z']) {
      const start = Date.parse(from);
      const schedule = readSchedule({ type: 'cron', value: '*/15 * * * *', zone: 'America/New_York', anchor: start });
      const found = upcoming(schedule, start, 4 * 72);
      expect(found).toEqual(found.map((_, at) => start + ((at + 1) * hour) / 4));
    }
  });
});

describe('an interval', () => {
  it.each([
    ['3600000', '2026-03-02T11:00Z', '2026-03-02T12:00Z'],
    ['90m', '2026-03-02T11:30Z', '2026-03-02T13:00Z'],
    ['1h30m', '2026-03-02T11:30Z', '2026-03-02T13:00Z'],
  ])('%s counts from its anchor', (value, ...expected) => {
    expect(due('interval', value, 'UTC', '2026-03-02T10:00:00Z')).toEqual(expected);
  });

  it('stays anchored, whenever it is asked', () => {
    const anchor = Date.parse('2026-03-02T10:00:00Z');
    const schedule = readSchedule({ type: 'interval', value: '1h', zone: 'UTC', anchor });
    expect(schedule.next(anchor + 5.2 * 3_600_000)).toBe(anchor + 6 * 3_600_000);
    expect(schedule.next(anchor + 6 * 3_600_000)).toBe(anchor + 7 * 3_600_000);
    expect(schedule.next(anchor - 9 * 3_600_000)).toBe(anchor + 3_600_000);
  });

  it.each(['0', '-1', '5abc', '1e6', '', '0m', '1m1h', '1.5h'])('%j is refused', (value) => {
    expect(() => due('interval', value, 'UTC', '2026-03-02T10:00:00Z')).toThrow('interval');
  });
});

describe('once', () => {
  it.each([
    ['2026-02-01T15:30:00', '2026-02-01T06:30Z'],
    ['2026-02-01T15:30:00Z', '2026-02-01T15:30Z'],
    ['2026-02-01T15:30:00+09:00', '2026-02-01T06:30Z'],
  ])('%s', (value, expected) => {
    expect(due('once', value, 'Asia/Seoul', '2026-01-01T00:00:00Z')).toEqual([expected]);
  });

  it('a time that comes twice is its first', () => {
    const found = due('once', '2026-11-01T01:30:00', 'America/New_York', '2026-01-01T00:00:00Z');
    expect(found).toEqual(['2026-11-01T05:30Z']);
  });

  it.each(['tomorrow', '2026-02-30T15:30:00', '2026-02-01', '2026-02-01T25:00:00'])('%j is refused', (value) => {
    expect(() => due('once', value, 'UTC', '2026-01-01T00:00:00Z')).toThrow('not a date and time');
  });
});
