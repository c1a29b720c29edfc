import { expect, test } from 'vitest';
import { ask } from './http-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe();
const daily = { schedule_type: 'cron', schedule_value: '0 9 * * *', tz: 'Asia/Seoul' };

test('tasks are made, changed, paused, run, explained and cancelled over the API', async () => {
  const path = '/api/v1/tasks';
  const made = await ask(shared(), path, { body: { ...daily, id: 'sum', prompt: 'what is 2 plus 3' } });
  expect([made.status, made.json]).toMatchObject([201, { id: 'sum', state: 'active', tz: 'Asia/Seoul' }]);
  const act = async (verb: string) => (await ask(shared(), `${path}/sum/${verb}`, { method: 'POST' })).json;
  expect(await act('pause')).toMatchObject({ state: 'paused' });
  expect(await act('resume')).toMatchObject({ state: 'active' });
  const change = { method: 'PATCH', body: { prompt: 'what is 3 plus 4', context: 'isolated' } };
  expect((await ask(shared(), `${path}/sum`, change)).json).toMatchObject({ prompt: 'what is 3 plus 4' });
  expect(await act('run')).toMatchObject({ state: 'ran', output: '7', manual: true });
  expect((await ask(shared(), `${path}/sum/history`)).json).toMatchObject([{ state: 'ran', output: '7' }]);
  const explained = await ask(shared(), `${path}/sum/explain`);
  expect(explained.json).toMatchObject({ id: 'sum', state: 'active', run: { output: '7' } });
  const listed = await runClawJson(['task', 'list'], { home: shared().home });
  expect((await ask(shared(), path)).json).toEqual(listed.json);
  expect(await act('cancel')).toMatchObject({ state: 'cancelled' });
  expect((await ask(shared(), path)).json).toEqual([]);
  expect((await ask(shared(), `${path}?all=true`)).json).toMatchObject([{ id: 'sum' }]);
});

test('a schedule is previewed; a wrong one is refused and stores nothing', async () => {
  const query = new URLSearchParams({ ...daily, from: '2026-03-02T00:00:00Z', count: '2' });
  const due = ['2026-03-03T00:00:00.000Z', '2026-03-04T00:00:00.000Z'];
  expect((await ask(shared(), `/api/v1/task-preview?${query.toString()}`)).json).toEqual(due);
  const wrong = await ask(shared(), '/api/v1/tasks', { body: { ...daily, schedule_value: '61 * * * *', prompt: 'x' } });
  expect(wrong.status).toBe(400);
  expect((await ask(shared(), '/api/v1/tasks/nothing')).status).toBe(404);
});

test('days that no clock reckons with are a wrong query, not a failure of the server', async () => {
  const far = new URLSearchParams({ ...daily, from: '9999-12-31T23:00:00Z' });
  for (const path of [`task-preview?${far.toString()}`, 'task-calendar?from=9999-12-30&to=9999-12-31']) {
    const { status, json } = await ask(shared(), `/api/v1/${path}`);
    expect([status, json]).toMatchObject([400, { code: 'usage-invalid' }]);
  }
});
