import { expect, test } from 'vitest';
import type { App } from '../../src/core/create-app.ts';
import { fullPath, type Route, type RouteDeps } from '../../src/serve/http/route.ts';
import { allRoutes } from '../../src/serve/http/routes.ts';
import { ask } from './http-kit.ts';
import { type Asker, headersOf, makeAskers, verdictOf } from './rights-kit.ts';
import { temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';
import { openClient } from './ws-kit.ts';

// The rows are data until a request comes.
const deps = {
  app: {} as App,
  streams: {} as RouteDeps['streams'],
  uploads: {} as RouteDeps['uploads'],
  version: '1.2.3',
  metricsText: async () => '',
  metricsHistory: () => ({ every_seconds: 10, points: [] }),
};
const routes = allRoutes(deps, () => ({ isReady: true, report: {} }));

let askers: readonly Asker[] = [];
const shared = sharedServe(async (onEnd) => {
  const home = await temporaryDirectory(onEnd);
  askers = await makeAskers(home);
  return { home, env: { AUTH_ENABLED: 'true', API_RATE_LIMIT: '100000', LOGIN_RATE_LIMIT: '1000' } };
});

const NO_ID = '01900000-0000-7000-8000-000000000001';

/** Names nothing that is there, but the asker where a route is about one's own keys. */
function pathFor(route: Route, { id }: Asker): string {
  const isOwn = route.path.startsWith('/users/:id/');
  return fullPath(route)
    .replace(':id', isOwn ? id : NO_ID)
    .replaceAll(/:\w+/g, NO_ID);
}

/** The right is asked before the body is looked at: one that is no object does nothing when it is let through. */
async function outcome(route: Route, asker: Asker): Promise<'allowed' | 401 | 403> {
  const body = route.body === undefined && route.consumes === undefined ? {} : { body: '[]' };
  const headers = headersOf(asker);
  const { status } = await ask(shared(), pathFor(route, asker), { method: route.method, headers, ...body });
  expect(status, `${route.method} ${fullPath(route)}`).not.toBe(429);
  return status === 401 || status === 403 ? status : 'allowed';
}

test('the routes of this test are those of the server', async () => {
  const { json } = await ask(shared(), '/api/v1/openapi.json');
  const { paths } = json as { paths: Record<string, Record<string, unknown>> };
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const known = routes.map((route) => `${route.method} ${fullPath(route).replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(known).toEqual(expect.arrayContaining(served));
  // The document does not describe itself.
  expect(known.length - served.length).toBeLessThanOrEqual(2);
});

test('every route lets in whom the permission table lets in, and nobody else', { timeout: 60_000 }, async () => {
  expect(askers.map(({ name }) => name)).toHaveLength(8);
  for (const asker of askers) {
    const wanted = routes.map((route) => [route.method, fullPath(route), verdictOf(asker, route.action)]);
    const got = await Promise.all(
      routes.map(async (route) => [route.method, fullPath(route), await outcome(route, asker)]),
    );
    expect({ asker: asker.name, got }).toEqual({ asker: asker.name, got: wanted });
  }
});

test('memories of a room are for admins alone, whatever their key is good for', { timeout: 30_000 }, async () => {
  for (const asker of askers) {
    const { status } = await ask(shared(), '/api/v1/memories?room=none', { headers: headersOf(asker) });
    const verdict = verdictOf(asker, 'memory.read');
    const isAdmin = verdictOf(asker, 'group.read') === 'allowed';
    expect([asker.name, status]).toEqual([asker.name, verdict !== 'allowed' ? verdict : isAdmin ? 404 : 403]);
  }
});

const FRAMES = [
  [{ type: 'message', text: 'hello', model: 'nobody/none' }, 'chat.send'],
  [{ type: 'cancel', turn_id: NO_ID }, 'chat.send'],
  [{ type: 'approve', approval_id: NO_ID, decision: 'approve' }, 'approval.decide'],
  [{ type: 'resume', turn_id: NO_ID }, 'conversation.read'],
] as const;

test('every frame of a WebSocket is held to the same table', { timeout: 30_000 }, async () => {
  const url = `ws://127.0.0.1:${shared().state().ports.websocket}`;
  for (const asker of askers) {
    if (asker.key === undefined) continue;
    const opening = openClient(url, { headers: headersOf(asker) });
    if (asker.actor === undefined) {
      await expect(opening, asker.name).rejects.toThrow('401');
      continue;
    }
    const client = await opening;
    for (const [at, [frame, action]] of FRAMES.entries()) {
      const id = `${asker.name}-${at}`;
      client.send({ ...frame, id });
      const answer = await client.frame((each) => each['id'] === id);
      const isDenied = answer['code'] === 'permission-denied';
      expect([asker.name, frame.type, isDenied]).toEqual([asker.name, frame.type, verdictOf(asker, action) === 403]);
    }
    client.socket.close();
  }
});
