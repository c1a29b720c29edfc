import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { checkUpgrade, credentialOf, chooseProtocol, type UpgradeRules } from '../../../src/serve/ws/check-upgrade.ts';

const RULES: UpgradeRules = {
  paths: ['/', '/ws'],
  isLocal: true,
  hosts: ['claw.example.com'],
  ownPorts: [8765, 8080],
  allowedOrigins: ['https://claw.example.com', '*', 'null'],
};

/** A request as node hands it over: names in lower case, the raw ones beside them. */
function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): IncomingMessage {
  const rawHeaders = [...Object.entries(headers).flat(), ...more];
  return { url, headers, rawHeaders } as unknown as IncomingMessage;
}

const host = '127.0.0.1:8765';
const statusOf = (headers: Readonly<Record<string, string>>, rules = RULES): number =>
  checkUpgrade(request('/', headers), rules)?.status ?? 101;

describe('Host', () => {
  test.each([host, 'localhost', 'LOCALHOST:8765', '[::1]:8765', '127.9.9.9', 'claw.example.com'])('%s may', (value) => {
    expect(statusOf({ host: value })).toBe(101);
  });
  test.each([
    'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '127.0.0.1:8765.evil.example', '0.0.0.0', '192.168.1.5:8765',
    '127.1', '2130706433', '0x7f.1', '', 'localhost:', '[::1', '[::ffff:1.2.3.4]', 'local host', 'localhost,evil.example', 'localhost.', 'user@localhost', 'localhost/evil',
  ])('%j may not', (value) => {
    expect(statusOf({ host: value })).toBe(403);
  }); // oxfmt-ignore
  test('none may not, and two may not', () => {
    expect(statusOf({})).toBe(403);
    expect(checkUpgrade(request('/', { host }, ['Host', 'evil.example']), RULES)?.status).toBe(400);
  });
  test('a server for other machines takes any address, and still no strange name', () => {
    const rules = { ...RULES, isLocal: false };
    expect([statusOf({ host: '192.168.1.5:8765' }, rules), statusOf({ host: 'evil.example' }, rules)]).toEqual([
      101, 403,
    ]);
  });
});

describe('Origin', () => {
  test.each([
    'http://localhost:8080', 'http://127.0.0.1:8765', 'http://[::1]:8080', 'https://claw.example.com',
  ])('%s may', (origin) => {
    expect(statusOf({ host, origin })).toBe(101);
  }); // oxfmt-ignore
  test.each([
    'null', '', '*', 'http://evil.example', 'http://evil.example:8080', 'https://claw.example.com.evil.example', 'http://claw.example.com',
    'https://claw.example.com:444', 'https://claw.example.com/', 'https://claw.example.com, http://evil.example', 'HTTPS://CLAW.EXAMPLE.COM',
    'http://localhost:3000', 'https://localhost:8080', 'http://localhost', 'file://', 'chrome-extension://abcdef', 'ws://localhost:8080',
    'http://localhost:8080@evil.example', 'http://127.0.0.1.evil.example:8080', 'http://192.168.1.5:8080', 'data:text/html,x',
  ])('%j may not', (origin) => {
    expect(statusOf({ host, origin })).toBe(403);
  }); // oxfmt-ignore
  test('another machine with the same port is no page of claw, the address that was asked is', () => {
    const rules = { ...RULES, isLocal: false };
    const asked = '10.0.0.5:8765';
    expect(statusOf({ host: asked, origin: 'http://10.0.0.6:8080' }, rules)).toBe(403);
    expect(statusOf({ host: asked, origin: 'http://10.0.0.5:8080' }, rules)).toBe(101);
  });
  test('two may not', () => {
    const twice = request('/', { host, origin: 'http://localhost:8080' }, ['Origin', 'http://evil.example']);
    expect(checkUpgrade(twice, RULES)?.status).toBe(400);
  });
});

test.each(['token', 'access_token', 'ticket', 'API-KEY', 'apikey', 'Authorization', 'key', 'auth'])(
  'a URL with %s= is refused and said',
  (name) => {
    expect(checkUpgrade(request(`/?x=1&${name}=abc`, { host }), RULES)).toMatchObject({
      status: 400,
      code: 'auth-rejected',
      message: expect.stringContaining('never goes into the URL'),
    });
  },
);

test.each(['/nothing', '/ws/', '/WS', '/%77s', '/ws;x'])('there is nothing at %s', (url) => {
  expect(checkUpgrade(request(url, { host }), RULES)?.status).toBe(404);
});

test.each(['//evil.example/ws', 'http://evil.example/ws', '//', 'ws'])('%s is no path', (url) => {
  expect(checkUpgrade(request(url, { host }), RULES)?.status).toBe(400);
});

test('a credential is read from the header or the subprotocol', () => {
  expect(credentialOf(request('/', { authorization: 'bearer abc.def-_~+/=' }))).toEqual({
    kind: 'bearer',
    value: 'abc.def-_~+/=',
  });
  expect(credentialOf(request('/', { authorization: 'Basic abc' }))).toMatchObject({ status: 401 });
  expect(credentialOf(request('/', { 'sec-websocket-protocol': 'claw.v1, claw.ticket.t1' }))).toEqual({
    kind: 'ticket',
    value: 't1',
  });
  expect(credentialOf(request('/', {}))).toBeUndefined();
});

test('the ticket is not said back when there is another subprotocol', () => {
  expect(chooseProtocol(new Set(['claw.ticket.t1', 'claw.v1']))).toBe('claw.v1');
  expect(chooseProtocol(new Set(['claw.ticket.t1']))).toBe('claw.ticket.t1');
  expect(chooseProtocol(new Set(['other']))).toBe(false);
});
