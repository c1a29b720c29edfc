import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createListener, type ListenPlan } from '../../../src/serve/ws/listen.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { quietLog } from '../../fakes/quiet-log.ts';

const PLAN: ListenPlan = { host: '127.0.0.1', port: 0, allowsRemote: false, hasAuth: false, maxConnections: 4 };

function listenerWith(first: Partial<ListenPlan>) {
  let plan = { ...PLAN, ...first };
  const clock = manualClock();
  const said: string[] = [];
  const ports: (number | undefined)[] = [];
  const told = Promise.withResolvers<void>();
  const tell = (_fields: unknown, message: string): void => void said.push(message);
  const listener = createListener({
    plan: () => plan,
    attach: () => {},
    onPort: (port) => {
      ports.push(port);
      if (port !== undefined) told.resolve();
    },
    clock,
    log: { ...quietLog, info: tell, warn: tell, error: tell },
  });
  onTestFinished(() => listener.close());
  const change = (next: Partial<ListenPlan>): Promise<void> => {
    plan = { ...plan, ...next };
    return listener.follow();
  };
  return { listener, clock, said, ports, change, listens: told.promise };
}

test('a port that is taken is told and tried again until it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { listener, clock, said, ports, listens } = listenerWith({ port });
  await listener.follow();
  expect(said).toEqual(['websocket does not listen; tried again soon']);
  other.close();
  await once(other, 'close');
  await clock.advance(10_000);
  await listens;
  expect(ports).toEqual([port]);
});

test('another port of the settings is moved to, the same is left alone', async () => {
  const { listener, ports, change } = listenerWith({});
  await listener.follow();
  await change({ maxConnections: 9 });
  expect(ports).toHaveLength(1);
  await change({ host: 'localhost' });
  expect(ports).toEqual([expect.any(Number), undefined, expect.any(Number)]);
});

test.each([
  [{ host: '0.0.0.0' }, false],
  [{ host: '::' }, false],
  [{ host: '0.0.0.0', allowsRemote: true }, false],
  [{ host: '0.0.0.0', hasAuth: true }, false],
  [{ host: '0.0.0.0', allowsRemote: true, hasAuth: true }, true],
  [{ host: '127.0.0.1', allowsRemote: true }, true],
])('with %j it listens: %s', async (plan, listens) => {
  const { listener, ports, said } = listenerWith(plan);
  await listener.follow();
  expect([ports.length === 1, said[0]]).toEqual([
    listens,
    listens ? 'websocket listens' : 'websocket is not opened to other machines without authentication',
  ]);
});

test('when authentication is switched off, a port for other machines is let go', async () => {
  const { listener, ports, change } = listenerWith({ host: '0.0.0.0', allowsRemote: true, hasAuth: true });
  await listener.follow();
  await change({ hasAuth: false });
  expect(ports).toEqual([expect.any(Number), undefined]);
});
