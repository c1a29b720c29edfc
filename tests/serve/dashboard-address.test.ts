import { expect, test } from 'vitest';
import { dashboardOrigin, linkAddress } from '../../src/serve/dashboard-address.ts';
import type { ServerState } from '../../src/serve/server-state.ts';

const stateOf = (http_host: string | undefined, ports: Record<string, number>): ServerState =>
  ({ ports, http_host }) as unknown as ServerState;

test.each([
  [undefined, 'http://127.0.0.1:8080'],
  ['127.0.0.1', 'http://127.0.0.1:8080'],
  ['0.0.0.0', 'http://127.0.0.1:8080'],
  ['::', 'http://127.0.0.1:8080'],
  ['::1', 'http://[::1]:8080'],
  ['192.0.2.7', 'http://192.0.2.7:8080'],
  ['localhost', 'http://localhost:8080'],
])('a server that listens at %s is reached at %s', (host, origin) => {
  expect(dashboardOrigin(stateOf(host, { http: 8080 }))).toBe(origin);
});

test('there is no address while no HTTP is answered', () => {
  expect(dashboardOrigin(stateOf('127.0.0.1', {}))).toBeUndefined();
});

test('what a link holds stands behind the #, which no browser sends', () => {
  for (const kind of ['set-up', 'sign-in'] as const) {
    const url = new URL(linkAddress('http://127.0.0.1:8080', kind, 'abc'));
    expect([url.search, url.hash, url.pathname.includes('abc')]).toEqual(['', '#abc', false]);
  }
});
