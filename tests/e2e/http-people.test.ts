/** What an admin does about how others come in, over REST: passwords, sessions, chat platforms, and the names of those who changed something. */
import { expect, test } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import { ask, type HttpAnswer } from './http-kit.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe(() => ({ env: { LOGIN_RATE_LIMIT: '1000' } }));
const api = (path: string, options?: Parameters<typeof ask>[2]): Promise<HttpAnswer> =>
  ask(shared(), `/api/v1${path}`, options);
const PASSWORD = 'made up for this test';

async function newPerson(username: string): Promise<{ id: string; headers: Record<string, string> }> {
  const { json } = await api('/users', { body: { username, role: 'user' } });
  const { id, api_key: key } = json as { id: string; api_key: string };
  return { id, headers: { authorization: `Bearer ${key}` } };
}

const signIn = (username: string, password: string): Promise<HttpAnswer> =>
  api('/auth/session', { body: { username, password } });

test('an admin sets the password of another, sees where they are signed in, and signs them out', async () => {
  const { id, headers } = await newPerson('alice');
  const body = { password: PASSWORD };
  expect((await api(`/users/${id}/password`, { method: 'PUT', body, headers })).status).toBe(403);
  expect((await api(`/users/${id}/password`, { method: 'PUT', body: { password: 'short' } })).status).toBe(400);
  expect((await api(`/users/${id}/password`, { method: 'PUT', body })).json).toEqual({ id, username: 'alice' });
  const opened = [await signIn('alice', PASSWORD), await signIn('alice', PASSWORD)];
  expect(opened.map(({ status }) => status)).toEqual([200, 200]);
  const cookie = String(opened[0]?.headers.get('set-cookie')).split(';')[0] ?? '';
  const sessions = (await api(`/users/${id}/sessions`)).json as { id: string; from: string }[];
  expect(sessions).toMatchObject([{ from: '127.0.0.1' }, { from: '127.0.0.1' }]);
  expect((await api(`/users/${id}/sessions`, { headers })).status).toBe(403);
  expect((await api(`/users/${id}/sessions/${sessions[0]?.id}`, { method: 'DELETE' })).status).toBe(200);
  expect((await api(`/users/${id}/sessions/${sessions[0]?.id}`, { method: 'DELETE' })).status).toBe(404);
  expect((await api(`/users/${id}/sessions`, { method: 'DELETE' })).status).toBe(200);
  expect((await api(`/users/${id}/sessions`)).json).toEqual([]);
  expect((await api('/auth/me', { headers: { cookie } })).json).not.toMatchObject({ username: 'alice' });
  const acts = (await api('/audit?action=user.*&limit=2')).json as { action: string; target: string }[];
  expect(acts.map(({ action, target }) => [action, target])).toEqual([
    ['user.sign-out', id],
    ['user.password', id],
  ]);
});

test('who somebody is on chat platforms is seen and taken back', async () => {
  const { id, headers } = await newPerson('bora');
  const app = await openApp({ home: shared().home, overrides: {} });
  const { people } = await app.store();
  await people.see({ channel: 'telegram', personId: '42', name: 'Bora \u202e' }, app.clock.now());
  await people.link('telegram', '42', { userId: id, state: 'allowed' });
  await app.close();
  expect((await api(`/users/${id}/identities`)).json).toMatchObject([{ channel: 'telegram', person_id: '42' }]);
  const path = `/users/${id}/identities/telegram/42`;
  expect((await api(path, { method: 'DELETE', headers })).status).toBe(403);
  expect((await api(path, { method: 'DELETE' })).status).toBe(200);
  expect((await api(path, { method: 'DELETE' })).status).toBe(404);
  expect((await api(`/users/${id}/identities`)).json).toEqual([]);
});

test('the history of the settings tells who changed what from what', async () => {
  await api('/config/settings/ASSISTANT_NAME', { method: 'PUT', body: { value: 'Jarvis' } });
  await api('/config/settings/ASSISTANT_NAME', { method: 'PUT', body: { value: 'Ada' } });
  const [last] = (await api('/config/history')).json as object[];
  expect(last).toMatchObject({
    by: 'owner',
    changed: ['ASSISTANT_NAME'],
    changes: [{ name: 'ASSISTANT_NAME', from: 'Jarvis', to: 'Ada' }],
  });
});

test('a channel says what it needs and whether that is there, never its value', async () => {
  const value = '12345:made-up-token-of-nobody';
  const before = (await api('/channels')).json as { name: string; secrets: object[] }[];
  expect(before.find(({ name }) => name === 'slack')?.secrets).toEqual([
    { name: 'SLACK_BOT_TOKEN', is_set: false, stored: false },
    { name: 'SLACK_APP_TOKEN', is_set: false, stored: false },
  ]);
  await api('/secrets/SLACK_APP_TOKEN', { method: 'PUT', body: { value } });
  const { text } = await api('/channels');
  expect(JSON.parse(text)).toMatchObject([{}, {}, { secrets: [{ is_set: false }, { is_set: true, stored: true }] }]);
  expect(text).not.toContain(value);
});
