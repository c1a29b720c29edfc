import { expect, test } from 'vitest';
import { ask } from './http-kit.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

type Vector = readonly [value: string, tz: string, from: string, due: readonly string[], type?: string];

/** From the acceptance list: exact across changes of the clock. */
const ACCEPTED: readonly Vector[] = [
  ['30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', ['2026-03-08T07:30', '2026-03-09T06:30', '2026-03-10T06:30']],
  ['30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
  ['0 9 * * *', 'Asia/Seoul', '2026-03-01T23:59:59Z', ['2026-03-02T00:00']],
  ['0 9 * * *', 'Asia/Seoul', '2026-03-02T00:00Z', ['2026-03-03T00:00']],
  ['0 9 * * 1', 'Asia/Seoul', '2026-03-02T12:00Z', ['2026-03-09T00:00']],
  ['0 9 L * *', 'Asia/Seoul', '2026-02-20T12:00Z', ['2026-02-28T00:00', '2026-03-31T00:00']],
  ['0 0 13 * 5', 'UTC', '2026-03-02T12:00Z', ['2026-03-06T00:00']],
  ['3600000', 'UTC', '2026-03-02T10:00Z', ['2026-03-02T11:00', '2026-03-02T12:00'], 'interval'],
  ['2026-02-01T15:30:00', 'Asia/Seoul', '2026-01-01T00:00Z', ['2026-02-01T06:30'], 'once'],
];

/** Instants worked out by hand from the rules of the IANA database (2026a) and crontab(5). */
const OWN: readonly Vector[] = [
  // Lord Howe moves by half an hour: 02:00 to 02:30 is skipped, 01:30 to 02:00 comes twice.
  ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T00:00Z', ['2026-10-02T15:45', '2026-10-03T15:45', '2026-10-04T15:15']],
  ['45 1 * * *', 'Australia/Lord_Howe', '2027-04-03T00:00Z', ['2027-04-03T14:45', '2027-04-04T15:15']],
  // Apia had no 30 December 2011: what was due then moves on by the day, onto what is due on the next.
  ['0 12 * * *', 'Pacific/Apia', '2011-12-29T00:00Z', ['2011-12-29T22:00', '2011-12-30T22:00', '2011-12-31T22:00']],
  ['0 12 30 * *', 'Pacific/Apia', '2011-12-01T00:00Z', ['2011-12-30T22:00', '2012-01-29T22:00']],
  ['0 0 * * *', 'Asia/Kathmandu', '2026-01-01T00:00Z', ['2026-01-01T18:15']],
  ['0 3 * * *', 'Pacific/Chatham', '2026-09-26T00:00Z', ['2026-09-26T14:15', '2026-09-27T13:15']],
  // Casablanca goes back for Ramadan and forward after it.
  ['30 2 * * *', 'Africa/Casablanca', '2026-02-14T12:00Z', ['2026-02-15T01:30', '2026-02-16T02:30']],
  ['30 2 * * *', 'Africa/Casablanca', '2026-03-21T12:00Z', ['2026-03-22T02:30', '2026-03-23T01:30']],
  // Dublin's winter time is its daylight saving, by a negative hour.
  ['30 1 * * *', 'Europe/Dublin', '2026-03-28T12:00Z', ['2026-03-29T01:30', '2026-03-30T00:30']],
  ['30 1 * * *', 'Europe/Dublin', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
  // Midnight itself is skipped.
  ['0 0 * * *', 'America/Santiago', '2026-09-05T12:00Z', ['2026-09-06T04:00', '2026-09-07T03:00']],
  // Every hour follows real time.
  ['30 * * * *', 'America/New_York', '2026-03-08T06:00Z', ['2026-03-08T06:30', '2026-03-08T07:30', '2026-03-08T08:30']],
  ['30 * * * *', 'America/New_York', '2026-11-01T05:00Z', ['2026-11-01T05:30', '2026-11-01T06:30', '2026-11-01T07:30']],
  ['0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ['0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', ['2104-02-29T00:00']],
  ['0 12 L 2 *', 'UTC', '2027-01-01T00:00Z', ['2027-02-28T12:00', '2028-02-29T12:00']],
  ['0 0 * * 5L', 'UTC', '2026-03-01T00:00Z', ['2026-03-27T00:00', '2026-04-24T00:00']],
  ['0 0 * * 1#2', 'UTC', '2026-03-01T00:00Z', ['2026-03-09T00:00', '2026-04-13T00:00']],
  ['0 0 * * 1#5', 'UTC', '2026-01-01T00:00Z', ['2026-03-30T00:00', '2026-06-29T00:00']],
  ['0 9 * JAN,JUL MON-FRI', 'UTC', '2026-01-30T12:00Z', ['2026-07-01T09:00', '2026-07-02T09:00', '2026-07-03T09:00', '2026-07-06T09:00']],
  ['10-40/15 8-18/5 * * *', 'UTC', '2026-03-02T08:26Z', ['2026-03-02T08:40', '2026-03-02T13:10', '2026-03-02T13:25']],
  ['*/7 * * * *', 'UTC', '2026-03-02T10:55Z', ['2026-03-02T10:56', '2026-03-02T11:00', '2026-03-02T11:07']],
  ['0 0 * * 0', 'UTC', '2026-03-02T00:00Z', ['2026-03-08T00:00']],
  ['0 0 * * 7', 'UTC', '2026-03-02T00:00Z', ['2026-03-08T00:00']],
  ['0 0 * * 5-7', 'UTC', '2026-03-02T00:00Z', ['2026-03-06T00:00', '2026-03-07T00:00', '2026-03-08T00:00', '2026-03-13T00:00']],
  ['0 0 * * sun', 'UTC', '2026-03-02T00:00Z', ['2026-03-08T00:00']],
  ['30 9 * * 1-5', 'UTC', '2026-03-06T10:00Z', ['2026-03-09T09:30']],
  ['@yearly', 'UTC', '2026-03-02T00:00Z', ['2027-01-01T00:00']],
  ['@monthly', 'UTC', '2026-03-02T00:00Z', ['2026-04-01T00:00']],
  ['@weekly', 'UTC', '2026-03-02T00:00Z', ['2026-03-08T00:00']],
  ['@daily', 'Asia/Seoul', '2026-03-02T00:00Z', ['2026-03-02T15:00']],
  ['@hourly', 'Asia/Kathmandu', '2026-03-02T00:00Z', ['2026-03-02T00:15']],
  ['30 0 9 * * *', 'UTC', '2026-03-02T00:00Z', ['2026-03-02T09:00:30']],
  ['*/20 * * * * *', 'UTC', '2026-03-02T10:00:25Z', ['2026-03-02T10:00:40', '2026-03-02T10:01:00']],
  ['90m', 'UTC', '2026-03-02T10:00Z', ['2026-03-02T11:30', '2026-03-02T13:00'], 'interval'],
  ['1h30m', 'America/New_York', '2026-03-08T06:00Z', ['2026-03-08T07:30', '2026-03-08T09:00'], 'interval'],
  ['2026-02-01T15:30:00Z', 'Asia/Seoul', '2026-01-01T00:00Z', ['2026-02-01T15:30'], 'once'],
  ['2026-02-01T15:30:00+09:00', 'UTC', '2026-01-01T00:00Z', ['2026-02-01T06:30'], 'once'],
  ['2026-11-01T01:30', 'America/New_York', '2026-01-01T00:00Z', ['2026-11-01T05:30'], 'once'],
]; // oxfmt-ignore

const iso = (at: string): string => `${at.length === 16 ? `${at}:00` : at}.000Z`;
const shared = sharedServe(() => ({ env: { API_RATE_LIMIT: '100000' } }));

test('A25 to A29, A31, A32: a preview tells the instants', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const preview = ([value, tz, from, due, type = 'cron']: Vector) => {
    const when = ['--schedule-type', type, `--schedule-value=${value}`, '--tz', tz];
    return runClawJson(['task', 'preview', ...when, '--from', from, '--count', `${due.length}`], { home });
  };
  const runs = [];
  for (const vector of ACCEPTED) runs.push(await preview(vector));
  expect(runs.map(({ json }) => json)).toEqual(ACCEPTED.map(([, , , due]) => due.map(iso)));
});

const named = [...ACCEPTED, ...OWN].map((vector) => ({ name: vector.slice(0, 3).join(' '), vector }));

test.each(named)('$name', async ({ vector: [value, tz, from, due, type = 'cron'] }) => {
  const asked = { schedule_type: type, schedule_value: value, tz, from: from.replace(/T(\d\d:\d\d)Z/, 'T$1:00Z') };
  const query = new URLSearchParams({ ...asked, count: `${due.length}` });
  const answer = await ask(shared(), `/api/v1/task-preview?${query.toString()}`);
  expect([answer.status, answer.json]).toEqual([200, due.map(iso)]);
});

/** What can never be due, or cannot be read. */
const WRONG: readonly (readonly [type: string, value: string, tz?: string])[] = [
  ['cron', ''],
  ['cron', '   '],
  ['cron', '61 * * * *'],
  ['cron', '60 * * * *'],
  ['cron', '* 24 * * *'],
  ['cron', '* * 0 * *'],
  ['cron', '* * 32 * *'],
  ['cron', '* * * 13 *'],
  ['cron', '* * * 0 *'],
  ['cron', '* * * * 8'],
  ['cron', '0 9 * *'],
  ['cron', '0 0 0 9 * * *'],
  ['cron', '0 0 30 2 *'],
  ['cron', '0 0 31 4,6,9,11 *'],
  ['cron', '*/0 * * * *'],
  ['cron', '5-1 * * * *'],
  ['cron', '-1 * * * *'],
  ['cron', '1.5 * * * *'],
  ['cron', '1,,2 * * * *'],
  ['cron', 'L * * * *'],
  ['cron', 'H * * * *'],
  ['cron', '0 0 * * 1#6'],
  ['cron', '0 0 * FOO *'],
  ['cron', '@reboot'],
  ['cron', '@fortnightly'],
  ['cron', '🙂 * * * *'],
  ['cron', '0 9 * * *\u0000'],
  ['cron', '0 9 * * *', 'Asia/Seoul   # note'],
  ['cron', '0 9 * * *', 'Mars/Olympus'],
  ['cron', '0 9 * * *', '+09:00'],
  ['cron', '0 9 * * *', ''],
  ['cron', '* '.repeat(5000)],
  ['interval', ''],
  ['interval', '0'],
  ['interval', '-1'],
  ['interval', '5abc'],
  ['interval', '1e6'],
  ['interval', '0x10'],
  ['interval', '1.5h'],
  ['interval', '90m1h'],
  ['interval', '99999999999d'],
  ['interval', '９０m'],
  ['once', ''],
  ['once', 'tomorrow'],
  ['once', '2020-01-01T00:00:00Z'],
  ['once', '2027-02-29T00:00:00'],
  ['once', '2027-03-14'],
  ['once', '2027-03-14T25:00:00'],
  ['once', '2027-03-14T02:30:00', 'America/New_York'],
];

test(
  'A30 to A32, B57: what can never be due is refused with a reason, and nothing is stored',
  { timeout: 60_000 },
  async () => {
    for (const [schedule_type, schedule_value, tz = 'UTC'] of WRONG) {
      const body = { prompt: 'x', schedule_type, schedule_value, tz };
      const { status, json } = await ask(shared(), '/api/v1/tasks', { body });
      expect([schedule_value, status, json]).toMatchObject([
        schedule_value,
        400,
        { detail: expect.stringMatching(/\w{3,}/) as string },
      ]);
    }
    expect((await ask(shared(), '/api/v1/tasks?all=true')).json).toEqual([]);
  },
);

const HOURLY = ['--schedule-type', 'interval', '--schedule-value', '1h'];

/** What an operator gets wrong at the terminal: the words of the answer, and the exit code. */
const MISTAKES: readonly (readonly [args: readonly string[], words: RegExp, code?: number])[] = [
  [['create', '--prompt', 'x'], /type and a value/],
  [['create', '--prompt', 'x', '--schedule-type', 'cron', '--schedule-value', '0 9 * *'], /4 fields/],
  [['create', '--prompt', 'x', '--schedule-type', 'weekly', '--schedule-value', '1'], /weekly/],
  [['create', '--prompt', 'x', '--schedule-type', 'once', '--schedule-value', '2020-01-01T00:00:00Z'], /past/],
  [['create', ...HOURLY], /prompt or a tool/],
  [['create', '--prompt', 'x', '--tool', 'weather', ...HOURLY], /prompt or a tool/],
  [['create', '--prompt', '', ...HOURLY], /empty/],
  [['create', '--prompt', 'x'.repeat(10_001), ...HOURLY], /10001 characters/],
  [['create', '--id', '🙂', '--prompt', 'x', ...HOURLY], /cannot be the id/],
  [['create', '--id', '', '--prompt', 'x', ...HOURLY], /cannot be the id/],
  [['create', '--id', '../../etc', '--prompt', 'x', ...HOURLY], /cannot be the id/],
  [['create', '--tool', 'Not-A-Tool', ...HOURLY], /no name of a tool/],
  [['create', '--tool', 'weather', '--input', '{', ...HOURLY], /JSON/],
  [['create', '--prompt', 'x', '--gate', 'rm -rf', ...HOURLY], /gate/],
  [['create', '--prompt', 'x', '--budget', 'much', ...HOURLY], /budget/],
  [['create', '--prompt', 'x', '--budget', '-1', ...HOURLY], /budget/],
  [['create', '--prompt', 'x', '--max-lateness', 'soon', ...HOURLY], /interval|lateness/],
  [['create', '--prompt', 'x', '--misfire', 'maybe', ...HOURLY], /misfire/],
  [['create', '--prompt', 'x', '--context', 'none', ...HOURLY], /context/],
  [['create', '--prompt', 'x', '--group', 'tg:-100', ...HOURLY], /no room/, 6],
  [['create', '--prompt', 'x', '--group', 'nowhere', ...HOURLY], /nowhere/],
  [['create', '--prompt', 'x', '--user', 'nobody', ...HOURLY], /nobody/, 6],
  [['show', 'nothing'], /no task/, 6],
  [['cancel', '🙂'], /no task/, 6],
  [['history', 'nothing', '--limit', '0'], /limit/],
  [['explain', 'nothing', '--at', 'now'], /no instant/],
  [['update', 'nothing', '--schedule-value', '61 * * * *'], /no task/, 6],
  [['preview', '--schedule-type', 'cron', '--schedule-value', '@daily', '--count', '-1'], /count/],
];

test('what an operator gets wrong is told with its reason, and nothing is stored', { timeout: 120_000 }, async () => {
  const home = await temporaryDirectory();
  const waiting = [...MISTAKES];
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [args, words, code = 2] = next;
      const run = await runClaw(['task', ...args], { home, timeoutMs: 40_000 });
      expect([args.slice(0, 6), run.code]).toEqual([args.slice(0, 6), code]);
      expect(run.stderr).toMatch(words);
      expect(run.stderr).not.toMatch(/\bat .*:\d+:\d+/);
    }
  };
  await Promise.all([work(), work(), work()]);
  expect((await runClawJson(['task', 'list', '--all'], { home })).json).toEqual([]);
});

test(
  'offline, the assistant makes, lists and cancels tasks; it is told what really happened',
  { timeout: 60_000 },
  async () => {
    const home = await temporaryDirectory();
    const say = async (text: string): Promise<string> => (await runClaw(['chat', '-p', text], { home })).stdout;
    const made = await say('매일 아침 9시에 약 먹으라고 알려줘');
    const [task] = (await runClawJson(['task', 'list'], { home })).json as { id: string; next_at: string }[];
    expect(task).toMatchObject({ schedule_value: '0 9 * * *', prompt: '알림: 약 먹기', state: 'active' });
    expect(made).toContain(task?.id);
    expect(await say('list my tasks')).toContain('알림: 약 먹기');
    expect(await say(`cancel task ${task?.id}`)).toContain('cancelled');
    expect(await say('cancel task nothing')).toContain('no task');
    expect((await runClawJson(['task', 'list'], { home })).json).toEqual([]);
  },
);
