import { expect, test } from 'vitest';
import { requirePermission } from '../../../src/core/access/permissions.ts';
import type { App } from '../../../src/core/create-app.ts';
import { openApiDocument } from '../../../src/serve/http/openapi.ts';
import { fullPath, type RouteDeps } from '../../../src/serve/http/route.ts';
import { allRoutes } from '../../../src/serve/http/routes.ts';

// Nothing is asked of it: the rows are data until a request comes.
const deps = {
  app: {} as App,
  streams: {} as RouteDeps['streams'],
  uploads: {} as RouteDeps['uploads'],
  version: '1.2.3',
  metricsText: async () => '',
  metricsHistory: () => ({ every_seconds: 10, points: [] }),
};
const routes = allRoutes(deps, () => ({ isReady: true, report: {} }));
const admin = {
  user: { id: 'a', username: 'a', role: 'admin', state: 'active', created_at: 0 },
  scopes: null,
} as const;

test('every route names an action of the permission table, or says that it is public', () => {
  const open = routes.filter(({ action }) => action === 'public').map(fullPath);
  const signIn = [
    'devices',
    'devices/session',
    'link',
    'login',
    'logout',
    'refresh',
    'session',
    'set-up',
    'set-up/state',
  ].map((name) => `/api/v1/auth/${name}`);
  const pages = ['/', '/assets/:file', '/dashboard', '/dashboard/:view', '/dashboard/:view/:id'];
  const others = ['/api/v1/docs', '/api/v1/openapi.json', '/health', '/ready'];
  expect(open.toSorted()).toEqual([...signIn, ...pages, ...others].toSorted());
  for (const { action } of routes) if (action !== 'public') requirePermission(admin, action);
});

test('no two routes answer the same', () => {
  const names = routes.map((route) => `${route.method} ${fullPath(route)}`);
  expect(new Set(names).size).toBe(names.length);
});

test('every route is in the document, with its parameters, body and answer', () => {
  const document = openApiDocument(routes, '1.2.3') as {
    paths: Record<string, Record<string, { summary: string; parameters: { name: string; in: string }[] }>>;
  };
  for (const route of routes) {
    const path = fullPath(route).replaceAll(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[route.method.toLowerCase()];
    expect([path, operation?.summary]).toEqual([path, route.summary]);
    const named = operation?.parameters.filter((each) => each.in === 'path').map(({ name }) => name);
    expect([path, named]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)]);
    if (route.result === undefined) expect([path, route.produces]).toEqual([path, expect.any(String)]);
  }
});
