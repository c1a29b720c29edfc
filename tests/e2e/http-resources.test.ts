/** What an admin does on the command line, done over REST: by the owner, a user, a reader and a stranger's eyes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openStore, type Store } from '../../src/core/store/store.ts';
import { ask, type HttpAnswer } from './http-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe(() => ({}));

interface Person {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

let alice: Person;
let rita: Person;

const api = (path: string, options?: Parameters<typeof ask>[2]): Promise<HttpAnswer> =>
  ask(shared(), `/api/v1${path}`, options);

const post = (path: string, body: object = {}, who?: Person): Promise<HttpAnswer> =>
  api(path, { method: 'POST', body, ...(who === undefined ? {} : { headers: who.headers }) });

const claw = async (...args: string[]): Promise<unknown> => (await runClawJson(args, { home: shared().home })).json;

/** The newest row of the audit trail with this action. */
async function lastAct(action: string): Promise<Record<string, unknown> | undefined> {
  const { json } = await api(`/audit?action=${action}&limit=1`);
  return (json as Record<string, unknown>[])[0];
}

async function newPerson(username: string, role: string): Promise<Person> {
  const { json } = await post('/users', { username, role });
  const { id, api_key: key } = json as { id: string; api_key: string };
  return { id, headers: { authorization: `Bearer ${key}` } };
}

beforeAll(async () => {
  alice = await newPerson('alice', 'user');
  rita = await newPerson('rita', 'readonly');
});

async function inStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const { home } = shared();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: Date.now() });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

test('approvals: each sees their own, an admin sees all and answers, whoever asked does not', async () => {
  const of = (id: string, user_id: string) => {
    const act = { kind: 'exec' as const, act: 'git push', pattern: 'git', reason: 'test', detail: 'git push' };
    const open = { state: 'pending' as const, conversation_id: null, call_id: null, created_at: 1, expires_at: 9e12 };
    const undecided = { decided_by: null, decided_at: null, scope: null, used_at: null };
    return { id, user_id, act_hash: id, ...act, ...open, ...undecided };
  };
  await inStore(async ({ approvals }) => {
    await approvals.insert(of('aaaaaaaa-1', alice.id));
    await approvals.insert(of('bbbbbbbb-1', rita.id));
  });
  const seen = async (who?: Person) =>
    ((await api('/approvals', who)).json as { id: string }[]).map(({ id }) => id).toSorted();
  expect(await seen(alice)).toEqual(['aaaaaaaa-1']);
  expect(await seen(rita)).toEqual(['bbbbbbbb-1']);
  expect(await seen()).toEqual(['aaaaaaaa-1', 'bbbbbbbb-1']);
  expect((await api('/approvals')).json).toEqual(await claw('approval', 'list'));
  expect((await api('/approvals/bbbbbbbb', alice)).status).toBe(404);
  expect((await post('/approvals/bbbbbbbb/approve', {}, alice)).status).toBe(403);
  expect((await post('/approvals/aaaaaaaa/approve', {}, alice)).status).toBe(403);
  expect((await post('/approvals/bbbbbbbb/deny', {}, rita)).status).toBe(403);
  const approved = await post('/approvals/aaaaaaaa/approve', { scope: 'pattern', hours: 1 });
  expect([approved.status, approved.json]).toMatchObject([200, { state: 'approved', scope: 'pattern' }]);
  expect(await lastAct('approval.approve')).toMatchObject({ username: 'owner', via: 'loopback', from: '127.0.0.1' });
  expect((await post('/approvals/aaaaaaaa/deny')).status).toBe(409);
  const [grant] = (await api('/grants', alice)).json as [{ id: string }];
  expect((await api('/grants', rita)).json).toEqual([]);
  expect((await api(`/grants/${grant.id}`, { method: 'DELETE', ...alice })).status).toBe(403);
  const revoked = await api(`/grants/${grant.id}`, { method: 'DELETE' });
  expect([revoked.status, revoked.json]).toMatchObject([200, { revoked: true, scope: 'pattern' }]);
  expect((await post('/approvals/bbbbbbbb/deny')).json).toMatchObject({ state: 'denied' });
});

const PEEK = `export default { name: 'peek', description: 'Looks.', input: { type: 'object', properties: {} },
  permissions: { net: ['example.com'] }, run: async () => 'seen' };
`;

test('tools: whoever may runs them inside the walls, and only an admin decides about them', async () => {
  mkdirSync(join(shared().home, 'tools'), { recursive: true });
  writeFileSync(join(shared().home, 'tools', 'peek.ts'), PEEK);
  expect((await api('/tools', rita)).json).toEqual(await claw('tool', 'list'));
  expect((await api('/tools/peek', rita)).json).toEqual(await claw('tool', 'info', 'peek'));
  expect((await api('/tools/peek/versions', rita)).json).toMatchObject([{ version: '1', state: 'pending' }]);
  expect((await post('/tools/peek/run', {}, rita)).status).toBe(403);
  expect((await post('/tools/peek/run', {}, alice)).json).toMatchObject({ status: 'refused' });
  expect((await post('/tools/peek/approve', {}, alice)).status).toBe(403);
  expect((await post('/tools/peek/approve')).json).toMatchObject({ name: 'peek', state: 'active' });
  expect(await lastAct('tool.approve')).toMatchObject({ username: 'owner', via: 'loopback', from: '127.0.0.1' });
  expect((await post('/tools/peek/run', {}, alice)).json).toMatchObject({ status: 'ok', output: 'seen', error: null });
  expect((await post('/tools/peek/disable')).json).toMatchObject({ state: 'disabled' });
  expect((await post('/tools/peek/enable')).json).toMatchObject({ state: 'active' });
  expect((await post('/tools/nothing/run', {}, alice)).status).toBe(404);
  const checked = await post('/tools/check', { source: 'eval("1")' }, alice);
  expect([checked.status, checked.json]).toMatchObject([200, { ok: false, findings: [{ line: 1 }] }]);
});

/** What the owner may and neither a user nor a reader: each path with its method and a body that would do. */
async function refusedToOthers(asks: readonly (readonly [string, string, object?])[]): Promise<void> {
  for (const who of [alice, rita]) {
    for (const [method, path, body] of asks) {
      const { status } = await api(path, { method, headers: who.headers, ...(body === undefined ? {} : { body }) });
      expect([method, path, status]).toEqual([method, path, 403]);
    }
  }
}

test('rooms are registered, changed, tried and removed by an admin, as on the command line', async () => {
  const room = { jid: 'dc:123', name: 'Home', folder: 'home', trigger: '@J' };
  await refusedToOthers([
    ['GET', '/groups'],
    ['POST', '/groups', room],
    ['POST', '/groups/inject', { jid: 'dc:123', sender: '42', text: 'hi' }],
    ['DELETE', '/groups/dc:123'],
  ]);
  const added = await post('/groups', room);
  expect([added.status, added.json]).toMatchObject([201, { jid: 'dc:123', requires_trigger: true, is_main: false }]);
  expect(await lastAct('group.register')).toMatchObject({ username: 'owner', via: 'loopback', from: '127.0.0.1' });
  expect((await post('/groups', room)).status).toBe(409);
  const changed = await api('/groups/dc:123', { method: 'PATCH', body: { requires_trigger: false } });
  expect(changed.json).toMatchObject({ requires_trigger: false });
  expect((await api('/groups')).json).toEqual(await claw('group', 'list'));
  expect((await post('/groups/bootstrap-main', { jid: 'tg:7' })).json).toMatchObject({ is_main: true, folder: 'main' });
  const question = { text: '@J hi', name: 'J' };
  expect((await post('/groups/test', question)).json).toEqual(
    await claw('group', 'test', '--text', '@J hi', '--name', 'J'),
  );
  const sent = { jid: 'dc:123', sender: '42', text: 'hi', id: 'one' };
  expect((await post('/groups/inject', sent)).status).toBe(202);
  expect((await post('/groups/inject', sent)).status).toBe(409);
  const removed = await api('/groups/dc:123', { method: 'DELETE' });
  expect([removed.status, removed.json]).toMatchObject([200, { removed: true }]);
  expect((await api('/groups/dc:123')).status).toBe(404);
});

test('channels and pairing codes are an admin’s', async () => {
  const denied = { code: 'K7QM-3WXD' };
  await refusedToOthers([
    ['GET', '/channels'],
    ['POST', '/channels/test', {}],
    ['GET', '/pairings'],
    ['POST', '/pairings/approve', denied],
    ['POST', '/pairings/deny', denied],
  ]);
  expect((await api('/channels')).json).toMatchObject((await claw('channel', 'status')) as object[]);
  expect((await post('/channels/test')).status).toBe(409);
  expect((await api('/pairings')).json).toEqual([]);
  expect((await post('/pairings/approve', denied)).status).toBe(404);
});

test('models are listed for all and chosen by an admin', async () => {
  await refusedToOthers([
    ['PUT', '/models/current', { model: 'offline/offline' }],
    ['POST', '/models/test'],
  ]);
  expect((await api('/models?provider=openai', rita)).json).toEqual(
    await claw('model', 'list', '--provider', 'openai'),
  );
  expect((await api('/models/current', { method: 'PUT', body: { model: 'nobody/none' } })).status).toBe(404);
  const chosen = await api('/models/current', { method: 'PUT', body: { model: 'offline/offline' } });
  expect(chosen.json).toEqual({ provider: 'offline', model: 'offline' });
  expect(await lastAct('model.set')).toMatchObject({ target: 'offline/offline', via: 'loopback' });
  expect((await api('/models/current', rita)).json).toMatchObject({ provider: 'offline', current: true });
  expect((await post('/models/test')).status).toBe(409);
});

test('settings are shown without secrets, set, taken back and checked; secrets are names only', async () => {
  const value = 'made-up-value-of-a-secret-0002';
  await refusedToOthers([
    ['GET', '/config'],
    ['GET', '/config/problems'],
    ['PUT', '/config/settings/MAX_TOKENS', { value: 4000 }],
    ['POST', '/config/undo'],
    ['GET', '/secrets'],
    ['PUT', '/secrets/OPENAI_API_KEY', { value }],
    ['DELETE', '/secrets/OPENAI_API_KEY'],
  ]);
  const put = (path: string, body: object) => api(path, { method: 'PUT', body });
  expect((await put('/config/settings/max_tokens', { value: 4000 })).json).toMatchObject({
    name: 'MAX_TOKENS',
    value: 4000,
  });
  expect((await api('/config/settings/MAX_TOKENS')).json).toEqual(await claw('config', 'get', 'MAX_TOKENS'));
  expect((await put('/config/settings/MAX_TOKENS', { value: 'many' })).status).toBe(400);
  expect((await put('/config/settings/OPENAI_API_KEY', { value })).status).toBe(400);
  expect((await put('/config/settings/backup-command', { value: 'touch' })).status).toBe(403);
  expect(await lastAct('config.set')).toMatchObject({ target: 'MAX_TOKENS', username: 'owner', via: 'loopback' });
  expect((await api('/config/history')).json).toMatchObject((await claw('config', 'history')) as object[]);
  expect((await post('/config/undo')).json).toMatchObject({ changed: ['MAX_TOKENS'] });
  expect((await api('/config/settings/MAX_TOKENS', { method: 'DELETE' })).json).toMatchObject({ changed: false });
  expect((await api('/config/problems')).json).toMatchObject({ valid: true, problems: [] });
  expect((await api('/config/schema')).json).toEqual(await claw('config', 'schema'));

  const kept = await put('/secrets/OPENAI_API_KEY', { value, hosts: ['API.example.com'] });
  expect([kept.status, kept.json]).toMatchObject([200, { name: 'OPENAI_API_KEY', hosts: ['api.example.com'] }]);
  expect(await lastAct('secret.set')).toMatchObject({ target: 'OPENAI_API_KEY', via: 'loopback' });
  const shown = await Promise.all(
    ['/secrets', '/config', '/config/settings/OPENAI_API_KEY', '/audit'].map((path) => api(path)),
  );
  expect(shown.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(shown.map(({ text }) => text).join()).not.toContain(value);
  expect((await api('/secrets')).json).toEqual(await claw('secret', 'list'));
  expect((await api('/secrets/OPENAI_API_KEY', { method: 'DELETE' })).json).toMatchObject({ removed: true });
  expect((await api('/secrets/OPENAI_API_KEY', { method: 'DELETE' })).status).toBe(404);
});

test('conversations: story, search, tags, compaction and export are the caller’s own', async () => {
  const { json } = await post('/chat', { message: 'the train to Busan', model: 'offline' }, alice);
  const { conversation_id: id } = json as { conversation_id: string };
  const own = `/conversations/${id}`;
  const show = ['conversation', 'show', id, '--user', 'alice'];
  const shown = (await claw(...show)) as object;
  expect((await api(`${own}/story`, alice)).json).toEqual({ ...shown, has_earlier: false });
  expect((await api('/search?query=busan', alice)).json).toMatchObject([{ conversation_id: id, role: 'user' }]);
  const put = (who: Person) => api(`${own}/tags/Travel`, { method: 'PUT', headers: who.headers });
  expect((await put(alice)).json).toEqual({ added: true, tags: ['travel'] });
  expect((await api(`/search?query=busan&tag=travel&from=2020-01-01`, alice)).json).toHaveLength(1);
  expect((await api('/search?query=busan&from=soon', alice)).status).toBe(400);
  expect((await api('/tags', alice)).json).toEqual([{ tag: 'travel', conversations: 1 }]);
  expect((await api(`${own}/export?format=json`, alice)).json).toEqual(await claw(...show));
  expect((await api(`${own}/export`, alice)).text).toContain('the train to Busan');
  expect(await lastAct('conversation.export')).toMatchObject({ target: id, username: 'alice', via: 'api-key' });
  expect((await post(`${own}/compact`, { keep: 0 }, alice)).json).toMatchObject({ compacted: true });
  expect((await post(`${own}/compact/undo`, {}, alice)).json).toMatchObject({ undone: true });

  // The owner of the home is an admin, and no reader of what others say.
  for (const path of [`${own}/story`, `${own}/tags`, `${own}/export`]) {
    expect([path, (await api(path)).status, (await api(path, rita)).status]).toEqual([path, 404, 404]);
  }
  expect((await api('/search?query=busan')).json).toEqual([]);
  expect((await put(rita)).status).toBe(403);
  expect((await post(`${own}/compact`)).status).toBe(404);
  const untagged = await api(`${own}/tags/travel`, { method: 'DELETE', headers: alice.headers });
  expect(untagged.json).toEqual({ removed: true, tags: [] });
});

test('what could not be delivered is an admin’s to see and to send again', async () => {
  await refusedToOthers([
    ['GET', '/dead-letters'],
    ['POST', '/dead-letters/019aa0f3-0000-7000-8000-000000000000/resend'],
  ]);
  expect((await api('/dead-letters')).json).toEqual(await claw('conversation', 'failed'));
  expect((await post('/dead-letters/019aa0f3-0000-7000-8000-000000000000/resend')).status).toBe(404);
});
