import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/kernel/messages.ts';
import { createBroker, type FetchQuestion, type Grant } from '../../../src/core/sandbox/broker.ts';

const NOTHING: Grant = { net: [], files: [], exec: [], secrets: [], host: [] };

function broker(grant: Partial<Grant>) {
  const done: unknown[] = [];
  const refusals: string[] = [];
  const note =
    (name: string) =>
    async (...args: unknown[]) => {
      done.push([name, ...args]);
      return 'done';
    };
  const services = {
    fetch: note('fetch'),
    files: note('files'),
    exec: note('exec'),
    host: note('host'),
    secret: async (name: string) => `value of ${name}`,
  };
  const ask = createBroker({ ...NOTHING, ...grant }, services, (reason) => refusals.push(reason));
  const { signal } = new AbortController();
  return {
    done,
    refusals,
    ask: (service: string, method: string, args: JsonObject = {}) => ask(service, method, args, signal),
  };
}

const GET = { url: 'https://api.example.com/x', method: 'GET', headers: {}, secrets: {} };

test.each([
  ['fetch', 'fetch', { ...GET, secrets: { authorization: 'KEY' } }],
  ['files', 'read', { path: 'a' }],
  ['files', 'write', { path: 'a', text: 'x' }],
  ['exec', 'run', { program: 'ls', args: [] }],
  ['host:memory', 'search', {}],
  ['host:', 'search', {}],
  ['memory', 'search', {}],
  ['constructor', 'constructor', {}],
  ['__proto__', 'fetch', {}],
  ['files', 'remove', { path: 'a' }],
  ['fetch', 'files', GET],
])('with nothing granted, %s %s is refused and recorded, and no service is asked', async (service, method, args) => {
  const { ask, done, refusals } = broker({});
  await expect(ask(service, method, args)).rejects.toMatchObject({ code: 'sandbox-refused' });
  expect([done, refusals.length]).toEqual([[], 1]);
});

test.each([
  ['fetch', 'fetch', { url: 7 }],
  ['fetch', 'fetch', { ...GET, method: 'GET\r\nX: y' }],
  ['files', 'read', { path: ['a'] }],
  ['exec', 'run', { program: 'ls', args: 'x' }],
])('a malformed question is refused: %s %s %o', async (service, method, args) => {
  const { ask, done } = broker({ net: ['*'], files: [{ folder: 'w', mode: 'write' }], exec: ['ls'] });
  await expect(ask(service, method, args as JsonObject)).rejects.toMatchObject({ code: 'sandbox-refused' });
  expect(done).toEqual([]);
});

test('reading is not writing', async () => {
  const { ask, done } = broker({ files: [{ folder: 'notes', mode: 'read' }] });
  await ask('files', 'read', { path: 'a' });
  await expect(ask('files', 'write', { path: 'a', text: 'x' })).rejects.toThrow('not granted to write');
  expect(done).toHaveLength(1);
});

test.each([
  ['api.example.com', 'https://api.example.com/', true],
  ['api.example.com', 'https://API.Example.com./', true],
  ['api.example.com', 'https://api.example.com:8443/', false],
  ['api.example.com:8443', 'https://api.example.com:8443/', true],
  ['api.example.com', 'https://evil-api.example.com/', false],
  ['api.example.com', 'https://api.example.com.evil.example/', false],
  ['*.example.com', 'https://a.b.example.com/', true],
  ['*.example.com', 'https://example.com/', false],
  ['*.example.com', 'https://evilexample.com/', false],
  ['*', 'https://anything.example/', true],
])('the grant %s for %s: %s', async (pattern, url, isGranted) => {
  const { ask, done } = broker({ net: [pattern] });
  await ask('fetch', 'fetch', GET);
  const [[, question] = []] = done as [string, FetchQuestion][];
  expect(question?.refuse(new URL(url)) === undefined).toBe(isGranted);
});

test('a secret goes to its own host and encrypted only, on every hop', async () => {
  const { ask, done } = broker({ net: ['*'], secrets: [{ name: 'KEY', host: 'api.example.com' }] });
  await ask('fetch', 'fetch', { ...GET, secrets: { authorization: 'KEY' } });
  const [[, question] = []] = done as [string, FetchQuestion][];
  expect(question?.authorize(new URL('https://api.example.com/'))).toEqual({ authorization: 'value of KEY' });
  expect(question?.authorize(new URL('http://api.example.com/'))).toEqual({});
  expect(question?.authorize(new URL('https://other.example.com/'))).toEqual({});
});
