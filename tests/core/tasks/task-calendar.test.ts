import { expect, test } from 'vitest';
import { calendarDays, MOST_A_DAY } from '../../../src/core/tasks/task-calendar.ts';
import { HOUR, taskWorld } from './task-kit.ts';

const iso = (at: number): string => new Date(at).toISOString().replace(':00.000Z', 'Z');

test('a month in a zone that changes its clock has a day of 23 hours, and the task keeps its time of day', async () => {
  const { service, actor, create } = await taskWorld(Date.parse('2026-03-20T00:00:00Z'));
  await create({ type: 'cron', value: '30 9 * * *', zone: 'Europe/Berlin' });
  const { days } = await service.calendar(actor, { from: '2026-03-01', to: '2026-03-31', zone: 'Europe/Berlin' });
  const change = days.find(({ date }) => date === '2026-03-29');
  expect(change && (change.endsAt - change.startsAt) / HOUR).toBe(23);
  const planned = days.filter(({ items }) => items.length > 0);
  expect(planned.map(({ date }) => date)).toEqual(days.slice(19).map(({ date }) => date));
  const at = (date: string) => planned.find((day) => day.date === date)?.items[0]?.at.map(iso);
  expect([at('2026-03-28'), at('2026-03-29')]).toEqual([['2026-03-28T08:30Z'], ['2026-03-29T07:30Z']]);
});

test('what the calendar shows is what the scheduler then runs, around a change of the clock too', async () => {
  const { service, actor, create, time, settle, ran } = await taskWorld(Date.parse('2026-10-24T00:00:00Z'));
  await create({ type: 'cron', value: '15 2,3 * * *', zone: 'Europe/Berlin', misfire: 'all' });
  const request = { from: '2026-10-24', to: '2026-10-27', zone: 'Europe/Berlin' };
  const { days } = await service.calendar(actor, request);
  const shown = days.flatMap(({ items }) => items.flatMap(({ at }) => at));
  time.now = Date.parse('2026-10-27T23:00:00Z');
  await settle();
  expect(shown).toEqual(ran);
  const after = await service.calendar(actor, request);
  expect(after.days.flatMap(({ items }) => items.map(({ state }) => state))).not.toContain('planned');
  expect(after.days.flatMap(({ items }) => items.flatMap(({ at }) => at))).toEqual(ran);
});

test('a task that is due all the time fills no day beyond its bound, and one that rests has nothing planned', async () => {
  const { service, actor, create, time } = await taskWorld();
  await create({ type: 'interval', value: '1s' });
  const look = () => service.calendar(actor, { from: '2026-03-02', to: '2026-04-30', zone: 'UTC' });
  const { days } = await look();
  expect(days.flatMap(({ items }) => items.map(({ at, isMore }) => [at.length, isMore]))).toContainEqual([
    MOST_A_DAY,
    true,
  ]);
  expect(iso(days[1]?.items[0]?.at[0] ?? 0)).toBe('2026-03-03T00:00Z');
  await service.pause(actor, 't');
  time.now += 1;
  expect((await look()).days.flatMap(({ items }) => items)).toEqual([]);
});

test('a wrong zone is refused', () => {
  expect(() => calendarDays({ from: '2026-03-01', to: '2026-03-02', zone: 'Mars/Olympus' })).toThrow(/zone/i);
});

test('a task is deleted with its ledger when it is over, and not before', async () => {
  const { service, actor, create, time, settle } = await taskWorld();
  await create();
  time.now += HOUR;
  await settle();
  await expect(service.remove(actor, 't')).rejects.toMatchObject({ code: 'conflict' });
  expect((await service.lastRuns(actor, false)).map(({ state }) => state)).toEqual(['ran']);
  await service.cancel(actor, 't');
  await service.remove(actor, 't');
  expect(await service.list(actor, true)).toEqual([]);
  await expect(service.history(actor, 't', 1)).rejects.toMatchObject({ code: 'not-found' });
});

test('budget and lateness are taken away again, and the gate and the input change', async () => {
  const { service, actor, create } = await taskWorld();
  await create({ budgetUsd: 1, maxLateness: '1h', gate: 'is_open' });
  const change = { budgetUsd: null, maxLateness: null, gate: null, toolInput: { a: 1 } };
  const changed = await service.update(actor, 't', change);
  expect(changed).toMatchObject({ budget_micro_usd: null, max_lateness_ms: null, gate: null, tool_input: '{"a":1}' });
  await expect(service.update(actor, 't', { gate: 'no name!' })).rejects.toMatchObject({ code: 'usage-invalid' });
  await expect(service.update(actor, 't', { chatId: 'tg:404' })).rejects.toMatchObject({ code: 'not-found' });
});
