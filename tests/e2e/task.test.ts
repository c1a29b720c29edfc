import { expect, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

const preview = (home: string, value: string, tz: string, from: string, count = 1, type = 'cron') =>
  runClawJson(
    [
      'task',
      'preview',
      '--schedule-type',
      type,
      `--schedule-value=${value}`,
      '--tz',
      tz,
      '--from',
      from,
      '--count',
      `${count}`,
    ],
    { home },
  );

test('a preview tells the instants, exact across changes of the clock', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const cases: [value: string, tz: string, from: string, due: string[], type?: string][] = [
    [
      '30 2 * * *',
      'America/New_York',
      '2026-03-07T12:00:00Z',
      ['2026-03-08T07:30', '2026-03-09T06:30', '2026-03-10T06:30'],
    ],
    ['30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
    ['0 9 * * *', 'Asia/Seoul', '2026-03-01T23:59:59Z', ['2026-03-02T00:00']],
    ['0 9 * * *', 'Asia/Seoul', '2026-03-02T00:00:00Z', ['2026-03-03T00:00']],
    ['0 9 * * 1', 'Asia/Seoul', '2026-03-02T12:00:00Z', ['2026-03-09T00:00']],
    ['0 9 L * *', 'Asia/Seoul', '2026-02-20T12:00:00Z', ['2026-02-28T00:00', '2026-03-31T00:00']],
    ['0 0 13 * 5', 'UTC', '2026-03-02T12:00:00Z', ['2026-03-06T00:00']],
    ['3600000', 'UTC', '2026-03-02T10:00:00Z', ['2026-03-02T11:00', '2026-03-02T12:00'], 'interval'],
    ['2026-02-01T15:30:00', 'Asia/Seoul', '2026-01-01T00:00:00Z', ['2026-02-01T06:30'], 'once'],
  ];
  const runs = await Promise.all(
    cases.map(([value, tz, from, due, type]) => preview(home, value, tz, from, due.length, type)),
  );
  expect(runs.map(({ json }) => json)).toEqual(cases.map(([, , , due]) => due.map((at) => `${at}:00.000Z`)));
});

test('what can never be due is refused with a reason, and nothing is stored', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const create = (type: string, value: string, tz = 'UTC') =>
    runClaw(['task', 'create', '--prompt', 'x', '--schedule-type', type, `--schedule-value=${value}`, '--tz', tz], {
      home,
    });
  const wrong: [string, string, string?][] = [
    ['cron', ''],
    ['cron', '61 * * * *'],
    ['cron', '0 9 * *'],
    ['cron', '0 0 30 2 *'],
    ['cron', '0 9 * * *', 'Asia/Seoul   # note'],
    ['interval', '1e6'],
    ['interval', '-1'],
    ['once', '2020-01-01T00:00:00Z'],
    ['once', '2027-03-14T02:30:00', 'America/New_York'],
  ];
  for (const [type, value, tz] of wrong) {
    const { code } = await create(type, value, tz);
    expect([value, code]).toEqual([value, 2]);
  }
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
