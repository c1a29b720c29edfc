/** What the audit trail of a running server says of those who were turned away. */
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask } from './http-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe(() => ({ env: { AUTH_ENABLED: 'true', API_RATE_LIMIT: '1000', LOGIN_RATE_LIMIT: '1000' } }));
const run = (...args: string[]) => runClawJson(args, { home: shared().home });

interface Row {
  readonly action: string;
  readonly outcome: string;
  readonly username: string | null;
  readonly detail: { readonly act?: string };
}

const denials = async (): Promise<Row[]> =>
  ((await run('audit', 'list', '--limit', '1000')).json as Row[]).filter(({ outcome }) => outcome === 'denied');

const bearer = async (name: string, role: string): Promise<Record<string, string>> => {
  const { json } = await run('user', 'create', name, '--role', role);
  return { authorization: `Bearer ${(json as { api_key: string }).api_key}` };
};

test('each refusal over HTTP is one row; a request without a credential is none', async () => {
  const headers = await bearer('reader', 'readonly');
  const before = (await denials()).length;
  expect((await ask(shared(), '/api/v1/chat', { headers, body: { message: 'hi' } })).status).toBe(403);
  expect((await ask(shared(), '/api/v1/users', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect((await ask(shared(), '/api/v1/auth/session', { body: { api_key: 'claw_wrong' } })).status).toBe(401);
  expect((await ask(shared(), '/api/v1/users')).status).toBe(401);
  const rows = (await denials()).slice(0, -before || undefined);
  expect(rows.map(({ action, detail }) => [action, detail.act]).toReversed()).toEqual([
    ['access.deny', 'chat.send'],
    ['access.deny', 'user.read'],
    ['session.open', undefined],
  ]);
});

test('who asks without end fills the trail with a few rows only', async () => {
  const headers = await bearer('eager', 'readonly');
  const before = (await denials()).length;
  for (let count = 0; count < 40; count += 1) await ask(shared(), '/api/v1/users', { headers });
  expect((await denials()).length - before).toBe(20);
});

test('a refusal over the WebSocket is one row', async () => {
  const headers = await bearer('listener', 'readonly');
  const before = (await denials()).length;
  const socket = new WebSocket(`ws://127.0.0.1:${shared().state().ports.websocket}`, { headers });
  await new Promise((resolve) => socket.once('open', resolve));
  const answered = new Promise<string>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      if (text.includes('permission-denied')) resolve(text);
    });
  });
  socket.send(JSON.stringify({ type: 'message', id: 'm1', text: 'hi' }));
  await answered;
  socket.close();
  const rows = (await denials()).slice(0, -before || undefined);
  expect(rows).toMatchObject([{ action: 'access.deny', detail: { act: 'message' } }]);
});
