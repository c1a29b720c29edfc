import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

test('a turn that ends is told to the webhook of its user by the running server, signed; the secret is shown once and kept sealed', async () => {
  const home = await temporaryDirectory();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      server.emit('told', Buffer.concat(chunks).toString('utf8'), request.headers['x-claw-signature']);
      response.end('thanks');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { TRUSTED_ORIGINS: origin, DASHBOARD_PORT: '0' };
  expect((await runClaw(['webhook', 'create', `${origin}/hook`], { home })).code).toBe(2);
  const made = await runClawJson(['webhook', 'create', `${origin}/hook`], { home, env });
  const { id, secret } = made.json as { id: string; secret: string };
  expect(secret).toMatch(/^whsec_/);
  const listed = await runClaw(['webhook', 'list', '--json'], { home, env });
  expect(listed.stdout).toContain(id);
  for (const file of ['claw.db', 'secrets.sealed']) {
    expect(readFileSync(join(home, file)).includes(secret), file).toBe(false);
  }
  const tried = once(server, 'told');
  expect(await runClawJson(['webhook', 'test', id], { home, env })).toMatchObject({
    code: 0,
    json: { state: 'delivered', status: 200, response: 'thanks' },
  });
  await tried;
  const told = once(server, 'told');
  const serving = await startServe({ home, env });
  await runClaw(['chat', '-p', '2 + 2', '--model', 'offline'], { home, env });
  const [body, signature] = (await told) as [string, string];
  expect(signature).toBe(createHmac('sha256', secret).update(body).digest('hex'));
  expect(JSON.parse(body)).toMatchObject({ type: 'turn.completed', data: { stop_reason: 'complete' } });
  const { http } = serving.state().ports as unknown as { http: number };
  const ask = async (path: string, init: RequestInit = {}): Promise<[number, unknown]> => {
    const response = await fetch(`http://127.0.0.1:${http}/api/v1${path}`, init);
    return [response.status, await response.json()];
  };
  const post = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(await ask('/webhooks')).toMatchObject([200, [{ id, state: 'active' }]]);
  expect(await ask('/webhooks', post({ url: 'http://example.com/' }))).toMatchObject([400, {}]);
  expect(await ask(`/webhooks/${id}/deliveries`)).toMatchObject([200, [{ event: 'turn.completed' }, {}]]);
  expect(await ask('/audit?action=webhook.*')).toMatchObject([200, [{ action: 'webhook.create', target: id }]]);
  expect(await ask('/audit/verify', post({}))).toMatchObject([200, { ok: true }]);
  expect(await serving.stop()).toBe(0);
  expect((await runClaw(['webhook', 'delete', id], { home, env })).code).toBe(0);
  expect((await runClaw(['webhook', 'delete', id], { home, env })).code).toBe(6);
  const acts = (await runClawJson(['audit', 'list', '--action', 'webhook.*'], { home, env })).json as {
    action: string;
  }[];
  expect(acts.map(({ action }) => action)).toEqual(['webhook.delete', 'webhook.create']);
}, 40_000);
