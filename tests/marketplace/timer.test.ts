import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTool } from './package-kit.ts';

const timer = openTool('timer');
const seconds = async (duration: string): Promise<number> =>
  (await timer<{ seconds: number }>({ action: 'convert', duration })).seconds;

test.each([
  ['90', 90],
  ['1h 30m', 5400],
  ['1h30m5s', 5405],
  ['90 seconds', 90],
  ['2 hours, 5 minutes and 1 second', 7501],
  ['1.5h', 5400],
  ['1:30:00', 5400],
  ['05:30', 330],
  ['PT1H30M', 5400],
  ['P1DT12H', 129_600],
  ['P2W', 1_209_600],
  ['2시간 5분', 7500],
  ['1주일', 604_800],
  ['250ms', 0.25],
  ['0s', 0],
])('%s is %d seconds', async (text, expected) => {
  await expect(seconds(text)).resolves.toBe(expected);
});

test.each([
  ['soon', /no duration/],
  ['1 month', /no unit of time; months and years/],
  ['1h 2h', /says h twice/],
  ['1h x', /no duration/],
  ['-5m', /no duration/],
  ['P', /no duration/],
  ['PT', /no duration/],
  ['1:99', /no duration/],
  ['99999999999 weeks', /longer than a calendar/],
])('%s is refused', async (text, reason) => {
  await expect(seconds(text)).rejects.toThrow(reason);
});

test('words say the same time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(10_000_000), async (total) => {
      const { words } = await timer<{ words: string }>({ action: 'convert', duration: String(total) });
      await expect(seconds(words)).resolves.toBe(total);
    }),
    { numRuns: 13 },
  );
});

test('the time between two instants is that of the calendar, with offsets, leap days and years', async () => {
  const day = fc.date({ min: new Date('1600-01-01'), max: new Date('2400-01-01'), noInvalidDate: true });
  await fc.assert(
    fc.asyncProperty(day, day, async (a, b) => {
      const answer = await timer<{ seconds: number; is_backwards: boolean }>({
        action: 'between',
        from: a.toISOString(),
        to: b.toISOString(),
      });
      expect(answer).toMatchObject({ seconds: Math.abs(b.getTime() - a.getTime()) / 1000, is_backwards: b < a });
    }),
    { numRuns: 13 },
  );
  const between = (from: string, to: string) => timer({ action: 'between', from, to });
  await expect(between('2024-02-28', '2024-03-01')).resolves.toMatchObject({ words: '2d' });
  await expect(between('2026-01-01T00:00:00+09:00', '2025-12-31T15:00Z')).resolves.toMatchObject({ seconds: 0 });
  await expect(between('0001-01-01', '0001-01-02')).resolves.toMatchObject({ words: '1d' });
});

test.each([
  ['2026-02-29', /not in any calendar/],
  ['2026-13-01', /not in any calendar/],
  ['2026-01-01T24:00:00Z', /not in any calendar/],
  ['2026-01-01T10:00:00', /with its offset from UTC/],
  ['2026-01-01T10:00:00+15:00', /no offset from UTC/],
  ['tomorrow', /no instant such as/],
])('the instant %s is refused', async (to, reason) => {
  await expect(timer({ action: 'countdown', to })).rejects.toThrow(reason);
});

test('a timer that was started is checked by what it said', async () => {
  const started = await timer<{ started_at: string; ends_at: string }>({ action: 'start', duration: '1h' });
  expect(Date.parse(started.ends_at) - Date.parse(started.started_at)).toBe(3_600_000);
  expect(Math.abs(Date.parse(started.started_at) - Date.now())).toBeLessThan(60_000);
  const check = (from: string) => timer({ action: 'check', from, duration: '1h' });
  await expect(check(started.started_at)).resolves.toMatchObject({ is_over: false });
  await expect(check('2020-01-01T00:00:00Z')).resolves.toMatchObject({ is_over: true, remaining: { seconds: 0 } });
  await expect(timer({ action: 'check' })).rejects.toThrow(/needs from/);
});

test('a countdown says when it is over', async () => {
  await expect(timer({ action: 'countdown', to: '2020-01-01' })).resolves.toMatchObject({ is_over: true });
  await expect(timer({ action: 'countdown', to: '9999-12-31' })).resolves.toMatchObject({ is_over: false });
});
