/** The WebSocket of the built server with authentication off, as clients and attackers see it. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { startServe } from './serve-kit.ts';
import {
  atEndOfFile,
  type Client,
  type Frame,
  is,
  modelBy,
  openClient,
  type SharedServe,
  sharedServe,
} from './ws-kit.ts';

const long = Array.from({ length: 12 }, (_, number) => `${number} `);
const onEnd = atEndOfFile();
let serve: SharedServe;

beforeAll(async () => {
  const { env } = await modelBy(
    {
      slow: { text: long },
      leak: { calls: [{ id: 'call_1', name: 'add_two_numbers', input: { a: 1, b: 2 } }] },
      command: { calls: [{ id: 'call_2', name: 'run_command', input: { command: 'uname -s' } }] },
    },
    onEnd,
  );
  serve = await sharedServe({ ...env, WS_RATE_LIMIT: '1000', EXEC_LEVEL: 'ask' }, onEnd);
}, 30_000);

const connect = async (options: Parameters<typeof openClient>[1] = {}): Promise<Client> => {
  const client = await openClient(serve.url, options);
  await client.frame(is('info'));
  return client;
};
const streamOf = (frames: readonly Frame[]): Frame[] => frames.filter(({ seq }) => seq !== undefined);
const textOf = (frames: readonly Frame[]): string =>
  frames.flatMap((frame) => (frame.type === 'stream_delta' ? [String(frame['text'])] : [])).join('');

test('a message is answered by a stream of frames with ids, in order, and the end repeats the text whole', async () => {
  const client = await connect();
  client.send({ type: 'message', id: 'm1', text: 'hi' });
  const end = await client.frame(is('stream_end', 'm1'));
  const frames = streamOf(client.frames);
  expect(frames.map(({ type }) => type)).toEqual(['stream_start', 'stream_delta', 'stream_end']);
  expect(frames.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(end).toMatchObject({
    text: 'heard',
    stop_reason: 'complete',
    usage: { input_tokens: 120, output_tokens: 30 },
  });
  expect(new Set(frames.map(({ conversation_id: id }) => id)).size).toBe(1);
});

test('a socket that breaks in the middle loses nothing: the turn goes on, and resume gives the rest once', async () => {
  const first = await connect();
  first.send({ type: 'message', text: 'slow please' });
  await first.frame((frame) => Number(frame['seq']) >= 5);
  first.socket.terminate();
  await first.closed;
  const seen = streamOf(first.frames);
  const second = await connect();
  second.send({ type: 'resume', last_event_id: seen.at(-1)?.['event_id'] });
  await second.frame(is('stream_end'));
  const all = [...seen, ...streamOf(second.frames)];
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1));
  expect(textOf(all)).toBe(long.join(''));
});

test('resume by conversation, by turn, twice and after a stop gives the same', async () => {
  const first = await connect();
  first.send({ type: 'message', text: 'hi' });
  const end = await first.frame(is('stream_end'));
  const { conversation_id, turn_id } = end;
  for (const asked of [{ conversation_id }, { turn_id }, { turn_id, last_event_id: 2 }, { conversation_id, turn_id }]) {
    const client = await connect();
    client.send({ type: 'resume', ...asked });
    expect(await client.frame(is('stream_end'))).toEqual(end);
  }
  first.send({ type: 'resume', id: 'no', turn_id: randomUUID() });
  expect(await first.frame(is('error', 'no'))).toMatchObject({ code: 'not-found' });
});

test('the same message sent again after a break runs once', async () => {
  const id = randomUUID();
  const [one, two] = await Promise.all([connect(), connect()]);
  one.send({ type: 'message', id, text: 'hi once' });
  two.send({ type: 'message', id, text: 'hi once' });
  const [first, second] = await Promise.all([one.frame(is('stream_end', id)), two.frame(is('stream_end', id))]);
  expect(first['turn_id']).toBe(second['turn_id']);
});

test('who wants no stream gets one response', async () => {
  const client = await connect();
  client.send({ type: 'message', id: 1, text: 'hi', stream: false });
  expect(await client.frame(is('response', 1))).toMatchObject({ text: 'heard', stop_reason: 'complete' });
  expect(client.frames.filter(({ type }) => type.startsWith('stream_'))).toEqual([]);
});

test('a message to a conversation whose turn runs steers it', async () => {
  const client = await connect();
  client.send({ type: 'message', id: 'a', text: 'slow please' });
  const { conversation_id } = await client.frame(is('stream_delta', 'a'));
  client.send({ type: 'message', id: 'b', text: 'and this', conversation_id });
  expect(await client.frame(is('info', 'b'))).toMatchObject({ code: 'steering' });
  const end = await client.frame((frame) => frame.type === 'stream_end' && String(frame['text']).includes('heard'));
  expect(textOf(client.frames)).toContain('11 ');
  expect(end['conversation_id']).toBe(conversation_id);
});

test('cancel interrupts the turn, and what was said is kept', async () => {
  const client = await connect();
  client.send({ type: 'message', text: 'slow please' });
  const { turn_id } = await client.frame(is('stream_delta'));
  client.send({ type: 'cancel', id: 'c', turn_id });
  const end = await client.frame(is('stream_end'));
  expect(end).toMatchObject({ stop_reason: 'interrupted', text: expect.stringMatching(/^0 /) });
  client.send({ type: 'cancel', id: 'd', turn_id });
  expect(await client.frame(is('error', 'd'))).toMatchObject({ code: 'not-found' });
});

test('a request for approval is answered over the socket', async () => {
  const client = await connect();
  client.send({ type: 'message', text: 'run the command' });
  const asked = await client.frame(is('approval_request'));
  expect(asked).toMatchObject({ act: expect.stringContaining('uname -s') });
  const { approval_id } = asked;
  client.send({ type: 'approve', id: 'x', approval_id: randomUUID(), decision: 'approve' });
  expect(await client.frame(is('error', 'x'))).toMatchObject({ code: 'not-found' });
  client.send({ type: 'approve', id: 'y', approval_id, decision: 'deny' });
  expect(await client.frame(is('info', 'y'))).toMatchObject({ code: 'approval-decided', state: 'denied' });
  expect(await client.frame(is('stream_tool_end'))).toMatchObject({ status: 'refused' });
  await client.frame(is('stream_end'));
});

test('tool calls are told with their inputs and outputs', async () => {
  const client = await connect();
  client.send({ type: 'message', text: 'leak' });
  expect(await client.frame(is('stream_tool_start'))).toMatchObject({ name: 'add_two_numbers', input: { a: 1, b: 2 } });
  expect(await client.frame(is('stream_tool_end'))).toMatchObject({
    name: 'add_two_numbers',
    output: '3',
    status: 'ok',
  });
  await client.frame(is('stream_end'));
});

test('no frame shows a secret that claw knows, wherever the client put it', async () => {
  const client = await connect();
  const secret = serve.env['ANTHROPIC_API_KEY'] ?? '';
  client.send({ type: 'message', id: 'm', text: `my key is ${secret}`, model: secret });
  await client.frame((frame) => is('error', 'm')(frame) || is('stream_end', 'm')(frame));
  client.send({ type: secret });
  await client.frame((frame) => frame.type === 'error' && frame['id'] === undefined);
  expect(JSON.stringify(client.frames)).not.toContain(secret);
});

test.each([
  ['a page of another site', { Origin: 'http://evil.example' }],
  ['another program of this machine', { Origin: 'http://localhost:3000' }],
  ['a sandboxed page', { Origin: 'null' }],
  ['a name that was made to point here', { Host: 'evil.example' }],
  ['something forwarded', { 'X-Forwarded-For': '203.0.113.9' }],
])('%s may not connect although authentication is off', async (_who, headers) => {
  await expect(openClient(serve.url, { headers })).rejects.toThrow(/^403 /);
});

test('the HTTP server answers WebSocket at /ws by the same rules, and nowhere else', async () => {
  const client = await openClient(`${serve.httpUrl}/ws`, {
    headers: { Origin: serve.httpUrl.replace('ws:', 'http:') },
  });
  client.send({ type: 'message', id: 'h', text: 'hi' });
  expect(await client.frame(is('stream_end', 'h'))).toMatchObject({ text: 'heard' });
  const foreign = { headers: { Origin: 'http://evil.example' } };
  await expect(openClient(`${serve.httpUrl}/ws`, foreign)).rejects.toThrow(/^403 /);
  await expect(openClient(`${serve.httpUrl}/api/v1/chat`)).rejects.toThrow(/^404 /);
});

test('a token in the URL is refused and said', async () => {
  await expect(openClient(`${serve.url}/?token=abc`)).rejects.toThrow(/^400 .*never goes into the URL/);
});

test('what is not a WebSocket hears that this port speaks it', async () => {
  const answer = await fetch(serve.url.replace('ws:', 'http:'));
  expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
});

test('wrong frames are answered and do not end the socket, until there are too many', async () => {
  const client = await connect();
  client.send('nonsense');
  client.socket.send(Buffer.from([1, 2, 3]));
  client.send({ type: 'message', id: 'big', text: 'x'.repeat(10_001) });
  expect(await client.frame(is('error', 'big'))).toMatchObject({ code: 'usage-invalid', hint: expect.any(String) });
  client.send({ type: 'ping', id: 'p' });
  await client.frame(is('pong', 'p'));
  for (let sent = 0; sent < 20; sent += 1) client.send('nonsense');
  expect(await client.closed).toBe(1008);
});

test('a frame beyond 1 MiB and a flood of fragments end the socket only', async () => {
  const large = await connect();
  large.socket.send('x'.repeat(1024 * 1024 + 1));
  expect(await large.closed).toBe(1009);
  const fragments = await connect();
  for (let sent = 0; sent < 300; sent += 1) fragments.socket.send('x', { fin: false });
  expect([1008, 1009]).toContain(await fragments.closed);
  const flood = await connect();
  for (let sent = 0; sent < 2000; sent += 1) flood.send({ type: 'ping' });
  expect(await flood.closed).toBe(1008);
  (await connect()).socket.close();
});

test('whatever frames come, the server lives', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.constantFrom('[', '{"type":"resume"}', '{"type":"cancel"}'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(text, fc.uint8Array()), { minLength: 1, maxLength: 15 }), async (sent) => {
      const client = await connect();
      for (const each of sent) client.socket.send(each);
      client.send({ type: 'ping', id: 'end' });
      await client.frame(is('pong', 'end'));
      client.socket.terminate();
    }),
    { numRuns: 25 },
  );
  expect(serve.child.exitCode).toBeNull();
}, 30_000);

test('after the server was killed, resume tells what was said, and the next message goes on', async () => {
  const { env } = serve;
  const first = await startServe({ env });
  const client = await openClient(`ws://127.0.0.1:${first.state().ports.websocket}`);
  client.send({ type: 'message', text: 'slow please' });
  const { turn_id, conversation_id, event_id } = await client.frame((frame) => Number(frame['seq']) >= 6);
  await first.stop('SIGKILL');
  const second = await startServe({ home: first.home, env });
  const back = await openClient(`ws://127.0.0.1:${second.state().ports.websocket}`);
  back.send({ type: 'resume', id: 'r', conversation_id, last_event_id: event_id });
  expect(await back.frame(is('response', 'r'))).toMatchObject({ turn_id, stop_reason: 'interrupted' });
  back.send({ type: 'message', id: 'n', text: 'go on', conversation_id });
  expect(await back.frame(is('stream_end', 'n'))).toMatchObject({ conversation_id, stop_reason: 'complete' });
  expect(await second.stop()).toBe(0);
}, 30_000);

test('when the server stops, sockets hear 1001 and turns that are short come to their end', async () => {
  const client = await connect();
  client.send({ type: 'message', id: 'last', text: 'slow please' });
  await client.frame(is('stream_delta', 'last'));
  serve.child.kill('SIGTERM');
  const end = await client.frame(is('stream_end', 'last'));
  expect(end['text']).toBe(long.join(''));
  expect(await client.closed).toBe(1001);
}, 20_000);
