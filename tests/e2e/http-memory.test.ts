import { expect, test } from 'vitest';
import { ask } from './http-kit.ts';
import { runClaw, runClawJson } from './run-claw.ts';
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

test('memories of a room are read and changed under its folder, and are nobody’s own', async () => {
  const { home } = shared();
  const jid = ['--jid', 'tg:-100123', '--name', 'Team', '--folder', 'team'];
  expect((await runClaw(['group', 'register', ...jid], { home })).code).toBe(0);
  const body = { category: 'facts', key: 'door_code', value: 'plum' };
  const added = await ask(shared(), '/api/v1/memories?room=team', { body });
  expect(added.json).toMatchObject({ key: 'door_code' });
  expect((await ask(shared(), '/api/v1/memories?room=team&query=plum')).json).toMatchObject([{ value: 'plum' }]);
  expect((await ask(shared(), '/api/v1/memories?query=plum')).json).toEqual([]);
  const { id } = added.json as { id: string };
  expect((await ask(shared(), `/api/v1/memories/${id}`)).status).toBe(404);
  expect((await ask(shared(), `/api/v1/memories/${id}?room=team`)).json).toMatchObject({ id, history: [] });
  expect((await ask(shared(), '/api/v1/memories?room=elsewhere')).status).toBe(404);
  const removed = await ask(shared(), `/api/v1/memories/${id}?room=team`, { method: 'DELETE' });
  expect(removed.json).toMatchObject({ state: 'archived' });
  const restored = await ask(shared(), `/api/v1/memories/${id}/restore?room=team`, { method: 'POST' });
  expect(restored.json).toMatchObject({ state: 'active' });
  expect((await runClawJson(['memory', 'list', '--room', 'team'], { home })).json).toMatchObject([{ id }]);
});
