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
  expect((await post('/approvals/bbbbbbbb/approve', {}, alice)).status).toBe(404);
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
