/** The WebSocket of the built server when it asks who is there. */
import { beforeAll, expect, test } from 'vitest';
import { is, modelBy, openClient, type SharedServe, sharedServe } from './ws-kit.ts';

const TOKEN = 'made-up-socket-token-of-the-tests-0001';
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
let serve: SharedServe;

beforeAll(async () => {
  const { env } = await modelBy({});
  serve = await sharedServe({
    ...env,
    WS_AUTH_TOKEN: TOKEN,
    WS_RATE_LIMIT: '5',
    WS_MAX_CONNECTIONS: '6',
    WS_ALLOWED_ORIGINS: 'https://claw.example.com',
  });
}, 30_000);

test('the token in the header lets its bearer in as the owner', async () => {
  const client = await openClient(serve.url, bearer(TOKEN));
  expect(await client.frame(is('info'))).toMatchObject({ code: 'connected', user: { role: 'admin' } });
  client.send({ type: 'message', text: 'hi' });
  expect(await client.frame(is('stream_end'))).toMatchObject({ text: 'heard' });
});

test('the token in the first frame does as well, and is not said back', async () => {
  const client = await openClient(serve.url);
  expect(await client.frame(is('info'))).toMatchObject({ code: 'authenticate' });
  client.send({ type: 'message', id: 'early', text: 'hi' });
  expect(await client.frame(is('error', 'early'))).toMatchObject({ code: 'auth-missing' });
  client.send({ type: 'auth', token: TOKEN });
  await client.frame((frame) => frame['code'] === 'connected');
  client.send({ type: 'ping', id: 1 });
  await client.frame(is('pong', 1));
  expect(JSON.stringify(client.frames)).not.toContain(TOKEN);
});

test('a wrong token is refused: in the header with 401, in a frame with 4401', async () => {
  for (const token of ['wrong', `${TOKEN}x`, TOKEN.slice(0, -1), 'claw_x', 'eyJhbGciOiJub25lIn0.e30.']) {
    await expect(openClient(serve.url, bearer(token))).rejects.toThrow(/^401 /);
  }
  await expect(openClient(serve.url, { protocols: ['claw.v1', 'claw.ticket.wrong'] })).rejects.toThrow(/^401 /);
  const client = await openClient(serve.url);
  client.send({ type: 'auth', token: 'wrong' });
  expect(await client.frame(is('error'))).toMatchObject({ code: 'auth-rejected' });
  expect(await client.closed).toBe(4401);
});

test('who says nothing for five seconds is closed with 4401', async () => {
  const client = await openClient(serve.url);
  expect(await client.closed).toBe(4401);
}, 15_000);

test('the right token does not help a page of another site', async () => {
  const headers = (origin: string) => ({ headers: { ...bearer(TOKEN).headers, Origin: origin } });
  await expect(openClient(serve.url, headers('http://evil.example'))).rejects.toThrow(/^403 /);
  await expect(openClient(serve.url, headers('null'))).rejects.toThrow(/^403 /);
  const client = await openClient(serve.url, headers('https://claw.example.com'));
  await client.frame(is('info'));
});

test('there are no more sockets at once than the settings say', async () => {
  const clients = await Promise.all(Array.from({ length: 6 }, () => openClient(serve.url, bearer(TOKEN))));
  await expect(openClient(serve.url, bearer(TOKEN))).rejects.toThrow(/^503 /);
  clients[0]?.socket.close();
  await clients[0]?.closed;
  await (await openClient(serve.url, bearer(TOKEN))).frame(is('info'));
});

test('messages beyond the rate of a minute are refused, over all sockets of a user', async () => {
  const clients = await Promise.all([1, 2].map(() => openClient(serve.url, bearer(TOKEN))));
  for (let sent = 0; sent < 6; sent += 1) clients[sent % 2]?.send({ type: 'message', id: sent, text: 'hi' });
  const refused = await Promise.any(
    clients.map((client) => client.frame((frame) => frame.type === 'error' && frame['code'] === 'limit-reached')),
  );
  expect(refused['hint']).toBeTypeOf('string');
  clients[0]?.send({ type: 'ping', id: 'still' });
  await clients[0]?.frame(is('pong', 'still'));
});
