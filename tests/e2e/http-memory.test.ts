import { expect, test } from 'vitest';
import { ask } from './http-kit.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe(() => ({}));

test('memories are added, found, replaced, forgotten and restored over the API', async () => {
  const body = { category: 'facts', key: 'city', value: 'Busan', importance: 9 };
  const added = await ask(shared(), '/api/v1/memories', { body: JSON.stringify(body) });
  expect([added.status, added.json]).toMatchObject([200, { key: 'city', importance: 5, replaced: null }]);
  const again = await ask(shared(), '/api/v1/memories', { body: JSON.stringify({ ...body, value: 'Seoul' }) });
  expect(again.json).toMatchObject({ replaced: 'Busan', why: 'owner added it over the API' });
  const { id } = again.json as { id: string };
  expect((await ask(shared(), '/api/v1/memories?query=seoul')).json).toMatchObject([{ value: 'Seoul' }]);
  expect((await ask(shared(), `/api/v1/memories/${id}`)).json).toMatchObject({ history: [{ value: 'Busan' }] });
  expect((await ask(shared(), `/api/v1/memories/${id}`, { method: 'DELETE' })).json).toMatchObject({
    reason: 'removed',
  });
  expect((await ask(shared(), '/api/v1/memories')).json).toEqual([]);
  const restored = await ask(shared(), `/api/v1/memories/${id}/restore`, { method: 'POST' });
  expect(restored.json).toMatchObject({ state: 'active', value: 'Seoul' });
});
