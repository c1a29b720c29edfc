/** What the API tells and does about how claw runs: backups, audit, log, metrics, costs, health. */
import { beforeAll, expect, test } from 'vitest';
import { ask, urlOf } from './http-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe();
const SLOW = { timeout: 60_000 };
let reader: Readonly<Record<string, string>>;

beforeAll(async () => {
  const { json } = await ask(shared(), '/api/v1/users', { body: { username: 'rita', role: 'user' } });
  reader = { authorization: `Bearer ${(json as { api_key: string }).api_key}` };
});

interface Backup {
  readonly file: string;
  readonly encrypted: boolean;
  readonly verified_at: string | null;
}

test('a backup is proved by its name, told as proved, and leaves the machine only encrypted', SLOW, async () => {
  await ask(shared(), '/api/v1/backups', { method: 'POST' });
  const list = async () => (await ask(shared(), '/api/v1/backups')).json as Backup[];
  const [plain] = await list();
  const name = plain?.file.split('/').at(-1) ?? '';
  expect(plain).toMatchObject({ encrypted: false, verified_at: null });
  const proof = await ask(shared(), `/api/v1/backups/${name}/verify`, { method: 'POST' });
  expect(proof.json).toMatchObject({ ok: true, file: plain?.file });
  expect((await list())[0]?.verified_at).toEqual(expect.any(String));
  expect(await ask(shared(), `/api/v1/backups/${name}/file`)).toMatchObject({ status: 403 });
  expect(await ask(shared(), `/api/v1/backups/..%2Fclaw.db/file`)).toMatchObject({ status: 404 });
  expect(await ask(shared(), `/api/v1/backups/none/verify`, { method: 'POST' })).toMatchObject({ status: 404 });

  await ask(shared(), '/api/v1/secrets/BACKUP_PASSPHRASE', { method: 'PUT', body: { value: 'a made-up pass-phrase' } });
  expect((await ask(shared(), '/api/v1/backup-plan')).json).toMatchObject({ encrypts: true, keep: 7 });
  await ask(shared(), '/api/v1/backups', { method: 'POST' });
  const sealed = (await list()).find(({ encrypted }) => encrypted);
  const path = `/api/v1/backups/${sealed?.file.split('/').at(-1)}/file`;
  const file = await fetch(urlOf(shared(), path));
  expect(file.headers.get('content-disposition')).toContain('attachment');
  expect((await file.bytes()).length).toBe(Number(file.headers.get('content-length')));
  expect(await ask(shared(), path, { headers: reader })).toMatchObject({ status: 403 });
  const { json: acts } = await ask(shared(), '/api/v1/audit?action=backup.download');
  expect(acts).toMatchObject([{ target: sealed?.file, outcome: 'ok' }]);

  const prune = { body: { keep: 1, dry_run: true } };
  expect((await ask(shared(), '/api/v1/backups/prune', prune)).json).toEqual({ removed: [plain?.file] });
  expect(await list()).toHaveLength(2);
});

test(
  'the audit is searched by outcome, target and text, and exported with its formulas made harmless',
  SLOW,
  async () => {
    await ask(shared(), '/api/v1/audit', { headers: reader });
    const denied = (await ask(shared(), '/api/v1/audit?outcome=denied&user=rita')).json;
    expect(denied).toMatchObject([{ username: 'rita', outcome: 'denied', detail: { act: 'audit.read' } }, {}]);
    await ask(shared(), '/api/v1/users', { body: { username: 'max_50', role: 'readonly' } });
    const found = async (text: string) => (await ask(shared(), `/api/v1/audit?${text}`)).json as { action: string }[];
    expect((await found('text=MAX_50')).map(({ action }) => action)).toContain('user.create');
    // A sign of the query language means itself.
    expect(await found('text=max%2550')).toEqual([]);
    expect((await ask(shared(), '/api/v1/audit/actions')).json).toEqual(
      expect.arrayContaining(['user.create', 'secret.set']),
    );
    const file = await ask(shared(), '/api/v1/audit/export?action=user.*');
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(file.text.split('\r\n')[0]).toContain('seq,at,user_id');
    expect(file.text).not.toContain('secret.set');
    expect(await ask(shared(), '/api/v1/audit/export', { headers: reader })).toMatchObject({ status: 403 });
  },
);

test('the log is filtered by level, and shown around an instant', SLOW, async () => {
  const lines = async (query: string) =>
    ((await ask(shared(), `/api/v1/logs?${query}`)).json as { lines: string[] }).lines;
  const all = await lines('limit=2000');
  expect(all.some((line) => line.includes('server is ready'))).toBe(true);
  expect((await lines('level=error')).some((line) => line.includes('server is ready'))).toBe(false);
  const [first = ''] = all;
  const at = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(first)?.[0] ?? '';
  expect((await lines(`around=${at}&limit=2`))[0]).toBe(first);
});

test('the counts of the last minutes are kept, for admins', SLOW, async () => {
  await expect
    .poll(async () => (await ask(shared(), '/api/v1/metrics/history?minutes=5')).json, {
      timeout: 25_000,
      interval: 500,
    })
    .toMatchObject({ every_seconds: 10, points: [{ memory_bytes: expect.any(Number), requests: expect.any(Number) }] });
  expect(await ask(shared(), '/api/v1/metrics/history', { headers: reader })).toMatchObject({ status: 403 });
  expect((await ask(shared(), '/metrics')).text).toContain('claw_event_loop_delay_seconds{quantile="0.99"}');
});

test('costs are split by day and compared with the days before, everybody their own', SLOW, async () => {
  await ask(shared(), '/api/v1/chat', { body: { message: 'hello' } });
  const daily = (await ask(shared(), '/api/v1/costs/daily?by=model&days=7')).json;
  const total = (await ask(shared(), '/api/v1/costs/total?days=7')).json;
  expect(total).toMatchObject({ now: { total: { calls: 1 } }, before: { total: { calls: 0 } } });
  const day = (total as { now: { last_day: string } }).now.last_day;
  expect(daily).toMatchObject([{ day, calls: 1, model: expect.any(String) }]);
  const [row] = (await ask(shared(), '/api/v1/costs?by=conversation')).json as { conversation: string }[];
  expect(await ask(shared(), `/api/v1/conversations/${row?.conversation}`)).toMatchObject({ status: 200 });
  expect((await ask(shared(), '/api/v1/costs/daily', { headers: reader })).json).toEqual([]);
});

test('what can be mended is, with a copy and an undo, in the name of who asked', SLOW, async () => {
  await ask(shared(), '/api/v1/config/settings/CRASH_BACKOFF', { method: 'PUT', body: { value: 'false' } });
  const trial = (await ask(shared(), '/api/v1/security/harden', { body: { dry_run: true } })).json;
  expect(trial).toMatchObject({ dry_run: true, snapshot: null, undo: null });
  expect(trial).toMatchObject({
    changes: expect.arrayContaining([expect.objectContaining({ name: 'CRASH_BACKOFF' })]),
  });
  const done = (await ask(shared(), '/api/v1/security/harden', { body: {} })).json as { changes: unknown[] };
  expect(done).toMatchObject({ snapshot: expect.any(String), undo: expect.stringContaining('claw config undo') });
  expect(done.changes).toEqual((trial as { changes: unknown[] }).changes);
  const fixed = (await ask(shared(), '/api/v1/doctor/fix', { body: {} })).json;
  expect(fixed).toMatchObject({ checks: expect.arrayContaining([expect.objectContaining({ check: 'server' })]) });
  const acts = (await ask(shared(), '/api/v1/audit?action=doctor.fix')).json;
  expect(acts).toMatchObject([{ via: expect.any(String), outcome: 'ok' }]);
  for (const path of ['/doctor/fix', '/security/harden'])
    expect(await ask(shared(), `/api/v1${path}`, { body: {}, headers: reader })).toMatchObject({ status: 403 });
  const { json: told } = await runClawJson(['doctor', '--only', 'server'], { home: shared().home });
  expect(told).toMatchObject([{ status: 'ok' }]);
  // What was found out a moment ago is told again to whoever may have it.
  const kept = async () => ask(shared(), '/api/v1/doctor?max_age_seconds=600');
  expect((await kept()).json).toEqual((await kept()).json);
});
