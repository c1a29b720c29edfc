/** The doctor and the security audit over REST, beside a server that runs. */
import { beforeAll, expect, test } from 'vitest';
import { ask } from './http-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe();
let reader: Readonly<Record<string, string>>;

interface Found {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
}

beforeAll(async () => {
  const { json } = await ask(shared(), '/api/v1/users', { body: { username: 'rita', role: 'user' } });
  reader = { authorization: `Bearer ${(json as { api_key: string }).api_key}` };
});

test('an admin is told how the installation is, and that this very server runs', async () => {
  const [{ status, json }, again] = await Promise.all([
    ask(shared(), '/api/v1/doctor'),
    ask(shared(), '/api/v1/doctor'),
  ]);
  expect(status).toBe(200);
  expect(again.json).toEqual(json);
  const of = (check: string) => (json as Found[]).find((each) => each.check === check);
  expect(of('server')).toMatchObject({
    status: 'ok',
    detail: expect.stringContaining(`process ${shared().child.pid}`),
  });
  expect(of('server-version')).toMatchObject({ status: 'ok' });
  expect(of('server-memory')).toMatchObject({ status: 'ok', detail: '--max-old-space-size=256' });
  expect(of('stale-files')).toMatchObject({ status: 'ok' });
  const { json: told } = await runClawJson(['doctor', '--only', 'ports'], { home: shared().home });
  expect(told).toMatchObject([{ status: 'ok', detail: expect.stringContaining('http ') }]);
});

test('an admin is told how safe it is, and that the server is reached from this machine alone', async () => {
  const { status, json } = await ask(shared(), '/api/v1/security/audit');
  expect(status).toBe(200);
  const { score, findings } = json as { score: number; findings: { id: string }[] };
  expect(score).toBeGreaterThanOrEqual(0);
  expect(findings.map(({ id }) => id).filter((id) => id.startsWith('bind.') || id.startsWith('unknown.'))).toEqual([]);
});

test('nobody else is told', async () => {
  for (const path of ['/doctor', '/security/audit']) {
    const { status } = await ask(shared(), `/api/v1${path}`, { headers: reader });
    expect(status).toBe(403);
  }
});
