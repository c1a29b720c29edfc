import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { ask } from './http-kit.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { sharedServe, startServe } from './serve-kit.ts';

const LISTED = 'https://app.example.com';
const shared = sharedServe(() => ({
  env: { CORS_ALLOWED_ORIGINS: LISTED, CORS_MAX_AGE: '77', API_RATE_LIMIT: '1000' },
}));

/** A request whose Host header is not that of the address. */
async function askAs(host: string, path: string): Promise<number> {
  const { http: port } = shared().state().ports;
  const asking = request({ port, host: '127.0.0.1', path, headers: { host } }).end();
  const [response] = await once(asking, 'response');
  response.resume();
  return response.statusCode as number;
}

test('B25: health is ok with whole seconds, ten at once are answered, an unknown path is 404', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(shared(), '/health')));
  for (const { status, json } of answers) {
    expect([status, json]).toEqual([200, { status: 'ok', uptime_seconds: expect.any(Number) }]);
  }
  expect((await ask(shared(), '/ready')).json).toMatchObject({ status: 'ready' });
  expect((await ask(shared(), '/health', { method: 'HEAD' })).status).toBe(200);
});

test('B19: an unknown path is problem JSON that names the path, on either form of it', async () => {
  for (const path of ['/api/v1/no/such', '/api/no/such', '/nowhere']) {
    const { status, json, headers } = await ask(shared(), `${path}?q=1`);
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect(json).toMatchObject({ status: 404, instance: path, code: 'not-found', title: 'Not Found' });
    expect(JSON.stringify(json)).toContain(path);
  }
});

test('the paths of the parents mean the same', async () => {
  expect((await ask(shared(), '/api/conversations')).json).toEqual((await ask(shared(), '/api/v1/conversations')).json);
});

test('another method is 405 with those that are allowed', async () => {
  const { status, headers } = await ask(shared(), '/api/v1/conversations/abc', { method: 'PUT', body: {} });
  expect([status, headers.get('allow')]).toEqual([405, 'DELETE, GET, HEAD, PATCH']);
});

test.each([
  ['B18: no JSON', '{"message":', 400],
  ['too deep', `{"at":${'['.repeat(100)}1${']'.repeat(100)}}`, 400],
  ['a key that reaches the prototype', '{"__proto__":{"at":1}}', 400],
  ['the same key written with an escape', '{"\\u005f_proto__":{"at":1}}', 400],
  ['a text where a number belongs', '{"at":"x"}', 400],
  ['B17: more than 1 MiB', JSON.stringify({ at: 'x'.repeat(1024 * 1024) }), 413],
])('a body is refused: %s', async (_what, body, status) => {
  const answer = await ask(shared(), '/api/v1/conversations/abc/branch', { body });
  expect([answer.status, answer.json]).toMatchObject([status, { status, code: 'usage-invalid' }]);
  expect(answer.text).not.toMatch(/node_modules|\.ts|\.js|at .*\(/);
});

test('a wrong member is named', async () => {
  const { json } = await ask(shared(), '/api/v1/conversations/abc/branch', { body: { at: -1 } });
  expect(json).toMatchObject({ errors: [{ field: 'at', message: expect.any(String) }] });
  expect((await ask(shared(), '/api/v1/conversations?limit=0')).json).toMatchObject({ errors: [{ field: 'limit' }] });
});

test('another content type is 415', async () => {
  const headers = { 'content-type': 'text/plain' };
  expect((await ask(shared(), '/api/v1/conversations/abc/branch', { body: '{}', headers })).status).toBe(415);
});

test('what curl -d sends is read as JSON with a credential, and is 415 without one', async () => {
  const made = await runClawJson(['user', 'create', 'curl'], { home: shared().home });
  const { api_key: key } = made.json as { api_key: string };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = JSON.stringify({ message: 'what is 6*7?' });
  const signed = await ask(shared(), '/api/v1/chat', { body, headers: { ...form, authorization: `Bearer ${key}` } });
  expect([signed.status, signed.json]).toMatchObject([200, { response: '42' }]);
  expect((await ask(shared(), '/api/v1/chat', { body, headers: form })).status).toBe(415);
});

test('a name that DNS may point here is not served, this machine by its own names is', async () => {
  for (const host of ['evil.example.com', 'localhost.evil.example.com', '127.0.0.1.evil.example.com']) {
    expect([host, await askAs(host, '/health')]).toEqual([host, 403]);
  }
  for (const host of ['localhost', 'LOCALHOST:8080', '127.0.0.1', '[::1]:9']) {
    expect([host, await askAs(host, '/health')]).toEqual([host, 200]);
  }
});

test.each(['https://evil.example.com', 'null', 'http://localhost:1', 'https://app.example.com.evil.example.com'])(
  'B24: a page of %s gets nothing, reads included',
  async (origin) => {
    for (const path of ['/health', '/api/v1/conversations', '/api/v1/nothing']) {
      const { status, headers } = await ask(shared(), path, { headers: { origin } });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
    const preflight = { origin, 'access-control-request-method': 'POST' };
    const { status, headers } = await ask(shared(), '/api/v1/chat', { method: 'OPTIONS', headers: preflight });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null]);
  },
);

test('B24: a listed origin is echoed with Vary, its preflight is 204 with methods and age', async () => {
  const read = await ask(shared(), '/api/v1/conversations', { headers: { origin: LISTED } });
  expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, LISTED]);
  expect(read.headers.get('vary')).toContain('Origin');
  const headers = { origin: LISTED, 'access-control-request-method': 'DELETE' };
  const preflight = await ask(shared(), '/api/v1/conversations/abc', { method: 'OPTIONS', headers });
  expect([preflight.status, preflight.headers.get('access-control-max-age')]).toEqual([204, '77']);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE');
  expect(preflight.headers.get('vary')).toContain('Origin');
});

test('a request that a browser marks as of another site is refused without an Origin too', async () => {
  for (const site of ['cross-site', 'same-site']) {
    expect((await ask(shared(), '/api/v1/conversations', { headers: { 'sec-fetch-site': site } })).status).toBe(403);
  }
  expect((await ask(shared(), '/health', { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
});

test('answers forbid what a browser might do with them', async () => {
  const { headers } = await ask(shared(), '/api/v1/conversations');
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test('a credential that is shown is checked although authentication is off', async () => {
  for (const authorization of ['Bearer wrong', 'Bearer ', 'Basic b3duZXI6eA==', 'wrong']) {
    const { status, headers } = await ask(shared(), '/api/v1/conversations', { headers: { authorization } });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="claw"']);
  }
});

test('B16: a token of the settings is asked for once it is set', async () => {
  const token = 'dashboard-token-of-this-test-0001';
  const serve = await startServe({ env: { DASHBOARD_TOKEN: token } });
  const status = async (authorization?: string): Promise<number> =>
    (await ask(serve, '/api/v1/conversations', { headers: authorization === undefined ? {} : { authorization } }))
      .status;
  expect(await status()).toBe(401);
  expect(await status('Bearer dashboard-token-of-this-test-0002')).toBe(401);
  expect(await status(token)).toBe(401);
  expect(await status(`Bearer ${token}`)).toBe(200);
  expect((await ask(serve, '/health')).status).toBe(200);
});

test('B16: an empty token of the settings lets nobody in', async () => {
  const serve = await startServe({ env: { DASHBOARD_TOKEN: '', AUTH_ENABLED: 'true' } });
  for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: 'Bearer x' }]) {
    expect((await ask(serve, '/api/v1/conversations', { headers })).status).toBe(401);
  }
});

test.each([{}, { AUTH_ENABLED: 'true' }, { JWT_SECRET: 'x'.repeat(32) }])(
  'a public address is refused without strong authentication: %j',
  async (env) => {
    const { code, stderr } = await runClaw(['serve', '--host', '0.0.0.0', '--port', '0'], {
      env: { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0', ...env },
    });
    expect([code, stderr]).toEqual([3, expect.stringContaining('AUTH_ENABLED=true')]);
  },
);

test('with it a public address is served to those who sign in', async () => {
  const serve = await startServe({
    args: ['--host', '0.0.0.0', '--port', '0'],
    env: { AUTH_ENABLED: 'true', JWT_SECRET: 'x'.repeat(32) },
  });
  expect((await ask(serve, '/api/v1/conversations')).status).toBe(401);
  expect((await ask(serve, '/health')).status).toBe(200);
});

test('a signing secret that is kept sealed counts like one of the settings', async () => {
  const home = await temporaryDirectory();
  expect((await runClaw(['secret', 'set', 'JWT_SECRET'], { home, input: 'x'.repeat(32) })).code).toBe(0);
  const env = { AUTH_ENABLED: 'true', DASHBOARD_HOST: '0.0.0.0' };
  expect((await runClawJson(['serve', '--check'], { home, env })).json).toContainEqual({
    name: 'http',
    starts: true,
    reason: null,
  });
});

test('a request that is never finished does not stay, and hurts nobody', async () => {
  const { http: port } = shared().state().ports;
  for (const raw of ['nonsense\r\n\r\n', 'GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n']) {
    const socket = connect(port, '127.0.0.1');
    socket.end(raw);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 4\d\d /);
  }
  expect((await ask(shared(), '/health')).status).toBe(200);
});

test('B22: the request after the last that fits is 429 with Retry-After; it is counted per user, and /health is free', async () => {
  const serve = await startServe({ env: { API_RATE_LIMIT: '3' } });
  const list = () => ask(serve, '/api/v1/conversations');
  for (const left of ['2', '1', '0']) {
    const { status, headers } = await list();
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, left]);
  }
  const { status, headers, json } = await list();
  expect([status, json]).toMatchObject([429, { code: 'limit-reached', status: 429 }]);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await ask(serve, '/health')).status).toBe(200);
  // The dashboard reads more at once, and changes no more than others.
  const ofPage = { 'sec-fetch-site': 'same-origin' };
  const read = await ask(serve, '/api/v1/conversations', { headers: ofPage });
  expect([read.status, read.headers.get('x-ratelimit-limit')]).toEqual([200, '30']);
  const change = { headers: ofPage, body: { conversation: 'x' } };
  const changes = Array.from({ length: 4 }, () => ask(serve, '/api/v1/conversations/bulk', change));
  expect((await Promise.all(changes)).map((each) => each.status)).toContain(429);
});
