/** The WebSocket of the built server when it asks who is there. */
import { beforeAll, expect, test } from 'vitest';
import { runClawJson } from './run-claw.ts';
import { atEndOfFile, is, modelBy, openClient, type SharedServe, sharedServe } from './ws-kit.ts';

const TOKEN = 'made-up-socket-token-of-the-tests-0001';
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const onEnd = atEndOfFile();
let serve: SharedServe;

beforeAll(async () => {
  const { env } = await modelBy({ slow: { text: ['one ', 'two ', 'three '] } }, onEnd);
  serve = await sharedServe(
    {
      ...env,
      WS_AUTH_TOKEN: TOKEN,
      WS_RATE_LIMIT: '5',
      WS_MAX_CONNECTIONS: '6',
      WS_MAX_CONNECTIONS_PER_USER: '3',
      AUTH_ENABLED: 'true',
      WS_ALLOWED_ORIGINS: 'https://claw.example.com',
    },
    onEnd,
  );
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

const claw = (...args: string[]) => runClawJson(args, { home: serve.home, env: { AUTH_ENABLED: 'true' } });

/** A new user; gives what lets them in. */
async function newUser(name: string, role: string): Promise<{ id: string; key: string }> {
  const { json } = await claw('user', 'create', name, '--role', role);
  const { id, api_key: key } = json as { id: string; api_key: string };
  return { id, key };
}

test('an API key lets its user in, until they are disabled: then the next frame closes the socket', async () => {
  const { key } = await newUser('alice', 'user');
  const client = await openClient(serve.url, bearer(key));
  expect(await client.frame(is('info'))).toMatchObject({ user: { username: 'alice', role: 'user' } });
  client.send({ type: 'message', id: 1, text: 'hi' });
  await client.frame(is('stream_end', 1));
  await claw('user', 'disable', 'alice');
  client.send({ type: 'message', id: 2, text: 'hi again' });
  expect(await client.closed).toBe(4401);
  expect(client.frames.filter(is('stream_start', 2))).toEqual([]);
  await expect(openClient(serve.url, bearer(key))).rejects.toThrow(/^401 /);
});

test('who may only read cannot talk, and nobody reaches the turns of another', async () => {
  const [bob, eve] = [await newUser('bob', 'user'), await newUser('eve', 'readonly')];
  const owner = await openClient(serve.url, bearer(bob.key));
  owner.send({ type: 'message', text: 'hi' });
  const { turn_id, conversation_id, event_id } = await owner.frame(is('stream_end'));
  const other = await openClient(serve.url, bearer(eve.key));
  other.send({ type: 'message', id: 'm', text: 'hi' });
  expect(await other.frame(is('error', 'm'))).toMatchObject({ code: 'permission-denied' });
  other.send({ type: 'resume', id: 'a', turn_id });
  other.send({ type: 'resume', id: 'b', conversation_id });
  other.send({ type: 'resume', id: 'c', last_event_id: event_id });
  for (const id of ['a', 'b', 'c']) expect(await other.frame(is('error', id))).toMatchObject({ code: 'not-found' });
});

test("a user neither steers, cancels nor approves what is another's", async () => {
  const [dave, mallory] = [await newUser('dave', 'user'), await newUser('mallory', 'user')];
  const owner = await openClient(serve.url, bearer(dave.key));
  owner.send({ type: 'message', text: 'slow please' });
  const { turn_id, conversation_id } = await owner.frame(is('stream_delta'));
  const other = await openClient(serve.url, bearer(mallory.key));
  other.send({ type: 'message', id: 'm', text: 'and me', conversation_id });
  expect(await other.frame(is('error', 'm'))).toMatchObject({ code: 'not-found' });
  other.send({ type: 'cancel', id: 'c', turn_id });
  other.send({ type: 'cancel', id: 'd', conversation_id });
  for (const id of ['c', 'd']) expect(await other.frame(is('error', id))).toMatchObject({ code: 'not-found' });
  other.send({ type: 'approve', id: 'p', approval_id: turn_id, decision: 'approve' });
  expect((await other.frame(is('error', 'p')))['code']).toMatch(/^(?:not-found|permission-denied)$/);
  expect(await owner.frame(is('stream_end'))).toMatchObject({ text: 'one two three ', stop_reason: 'complete' });
});

test('a user who is no admin has no more sockets at once than the settings say', async () => {
  const { key } = await newUser('carol', 'user');
  await Promise.all([1, 2, 3].map(() => openClient(serve.url, bearer(key))));
  await expect(openClient(serve.url, bearer(key))).rejects.toThrow(/^503 /);
});

test('a ticket of the HTTP API opens one socket, once, in the subprotocol or in the first frame', async () => {
  const { key } = await newUser('trent', 'user');
  const ticketOf = async (): Promise<string> => {
    const url = `${serve.httpUrl.replace('ws:', 'http:')}/api/v1/ws/tickets`;
    const answer = await fetch(url, { method: 'POST', ...bearer(key) });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { ticket: string }).ticket;
  };
  const ticket = await ticketOf();
  const protocols = ['claw.v1', `claw.ticket.${ticket}`];
  const client = await openClient(serve.url, { protocols });
  expect(client.socket.protocol).toBe('claw.v1');
  expect(await client.frame(is('info'))).toMatchObject({ user: { username: 'trent' } });
  await expect(openClient(serve.url, { protocols })).rejects.toThrow(/^401 /);
  const second = await openClient(serve.url);
  second.send({ type: 'auth', ticket: await ticketOf() });
  await second.frame((frame) => frame['code'] === 'connected');
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
