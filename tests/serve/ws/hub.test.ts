import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { Actor } from '../../../src/core/access/actor.ts';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import type { Connection } from '../../../src/serve/ws/connection.ts';
import { Hub } from '../../../src/serve/ws/hub.ts';
import type { ClientFrame } from '../../../src/serve/ws/protocol.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { quietLog } from '../../fakes/quiet-log.ts';

const user = { id: 'u1', username: 'alice', role: 'user', state: 'active', created_at: 0 } as Actor['user'];
const ACTOR: Actor = { user, via: 'api-key', credentialId: 'k1', scopes: null, from: '127.0.0.1' };
const LOOK_MS = 30_000;

/** A hub on a free port whose time stands still; `handle` gets the frames. */
async function hubKit(handle: (from: Connection, frame: ClientFrame) => Promise<void> | void = () => {}) {
  const clock = manualClock();
  let isRevoked = false;
  const connections: Connection[] = [];
  const hub = new Hub({
    clock,
    log: quietLog,
    sessions: {
      isOpen: () => false,
      open: async () => ACTOR,
      renew: async (actor) => {
        if (isRevoked) throw new ClawError('auth-rejected', 'The credential was refused.');
        return actor;
      },
    },
    limits: () => ({ maxConnections: 10, maxOfUser: 10, messagesPerMinute: 100 }),
    connection: {
      clock: systemClock,
      maskJson: (value) => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '****')) as never,
    },
    count: () => {},
    handle: async (from, _actor, frame) => {
      connections.push(from);
      await handle(from, frame);
    },
  });
  const server = createServer();
  hub.attach(server, () => ({ paths: ['/'], isLocal: true, hosts: [], ownPorts: [], allowedOrigins: [] }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = async (options: ClientOptions = {}): Promise<WebSocket> => {
    const socket = new WebSocket(url, { ...options, headers: { authorization: 'Bearer x' } });
    onTestFinished(() => socket.terminate());
    await once(socket, 'message');
    return socket;
  };
  return { hub, clock, open, connections, revoke: () => (isRevoked = true) };
}

const codeOf = async (socket: WebSocket): Promise<number> => ((await once(socket, 'close')) as [number])[0];

test('a socket that answers no ping is ended at the second look, one that does lives', async () => {
  const { clock, open, hub } = await hubKit();
  const dead = await open({ autoPong: false });
  const alive = await open();
  const ended = codeOf(dead);
  const pinged = once(alive, 'ping');
  await clock.advance(LOOK_MS);
  await pinged;
  // The pong has to be back before the next look.
  alive.send('{"type":"ping"}');
  await once(alive, 'message');
  await clock.advance(LOOK_MS);
  expect(await ended).toBe(1006);
  expect(alive.readyState).toBe(WebSocket.OPEN);
  expect(hub.size).toBe(1);
});

test('a socket that only listens is closed when its user may not any more', async () => {
  const { clock, open, revoke } = await hubKit();
  const socket = await open();
  const ended = codeOf(socket);
  revoke();
  await clock.advance(LOOK_MS);
  expect(await ended).toBe(4401);
});

test('a client that does not read is given up with what waits for it bounded', async () => {
  const text = 'x'.repeat(64 * 1024);
  const { open, hub } = await hubKit((from) => {
    for (let sent = 0; sent < 400; sent += 1) from.send({ type: 'info', code: 'flood', message: text });
  });
  const socket = await open();
  const ended = codeOf(socket);
  socket.send('{"type":"cancel"}');
  socket.pause();
  await expect.poll(() => hub.size, { timeout: 8000 }).toBe(0);
  socket.resume();
  expect([1013, 1006]).toContain(await ended);
});

test('an event waits for a client that is slow, and all of them come', async () => {
  const { open } = await hubKit(async (from) => {
    for (let sent = 0; sent < 200; sent += 1) {
      await from.sendPaced({ type: 'info', code: String(sent), message: 'x'.repeat(64 * 1024) });
    }
  });
  const socket = await open();
  const codes: string[] = [];
  const all = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    codes.push((JSON.parse((data as Buffer).toString('utf8')) as { code: string }).code);
    if (codes.length === 200) all.resolve();
  });
  socket.send('{"type":"cancel"}');
  socket.pause();
  setImmediate(() => socket.resume());
  await all.promise;
  expect(codes).toEqual(Array.from({ length: 200 }, (_, number) => String(number)));
});

test('secrets are masked in whatever a frame says, its own members are left alone', async () => {
  const { open } = await hubKit((from) => {
    from.send({ type: 'info', id: 'hunter2', code: 'hunter2', message: 'hunter2', input: { hunter2: ['hunter2'] } });
    from.fail(new ClawError('not-found', 'no hunter2', { hint: 'hunter2' }));
  });
  const socket = await open();
  const frames: string[] = [];
  const both = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    frames.push((data as Buffer).toString('utf8'));
    if (frames.length === 2) both.resolve();
  });
  socket.send('{"type":"cancel"}');
  await both.promise;
  expect(frames.map((frame) => JSON.parse(frame) as unknown)).toEqual([
    { type: 'info', id: 'hunter2', code: 'hunter2', message: '****', input: { '****': ['****'] } },
    { type: 'error', code: 'not-found', message: 'no ****', hint: '****' },
  ]);
});

test('a failure that nobody foresaw tells nothing of itself', async () => {
  const { open } = await hubKit(() => {
    throw new TypeError('cannot read /home/someone/.claw/claw.db');
  });
  const socket = await open();
  socket.send('{"type":"cancel","id":1}');
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(data.toString('utf8'))).toMatchObject({ type: 'error', id: 1, code: 'internal-error', hint: null });
  expect(data.toString('utf8')).not.toContain('someone');
});

test('closing says 1001 to all and lets nobody in', async () => {
  const { open, hub } = await hubKit();
  const sockets = await Promise.all([open(), open()]);
  const codes = Promise.all(sockets.map(codeOf));
  const closing = hub.close();
  expect(await codes).toEqual([1001, 1001]);
  await expect(open()).rejects.toThrow('503');
  void closing;
});
