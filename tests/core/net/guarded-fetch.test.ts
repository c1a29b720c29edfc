import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGuardedFetch } from '../../../src/core/net/guarded-fetch.ts';
import { fetcher, type Handler, toLoopback, type WebServers, webServers } from './web-server.ts';

let servers: WebServers;
let seen: WebServers['seen'];
let serve: WebServers['serve'];

beforeEach(() => {
  servers = webServers();
  ({ seen, serve } = servers);
});
afterEach(() => servers.close());

describe('a request', () => {
  it('reaches the pinned address with the Host of the URL and gives status, headers and body', async () => {
    const port = await serve((_request, response) => response.writeHead(201, { 'X-Test': 'yes' }).end('hello'));
    const answer = await fetcher([port])({ url: `http://site.example:${port}/path?q=1` });
    expect(answer).toMatchObject({ status: 201, redirects: 0, url: `http://site.example:${port}/path?q=1` });
    expect(answer.headers['x-test']).toBe('yes');
    expect(answer.body.toString()).toBe('hello');
    expect(seen[0]?.headers.host).toBe(`site.example:${port}`);
  });

  it('resolves a name once, so that a second answer can change nothing', async () => {
    const port = await serve((_request, response) => response.end('first'));
    let asked = 0;
    const resolve = async (): Promise<string[]> => (asked++ === 0 ? ['127.0.0.1'] : ['192.0.2.1']);
    const answer = await fetcher([port], { resolve })({ url: `http://site.example:${port}/` });
    expect(answer.body.toString()).toBe('first');
    expect(asked).toBe(1);
  });

  it('sends method, headers and body, and secrets only where authorize says so', async () => {
    const port = await serve((_request, response) => response.end());
    await fetcher([port])({
      url: `http://site.example:${port}/`,
      method: 'post',
      headers: { 'Content-Type': 'text/plain' },
      body: 'päckchen',
      authorize: (url) => ({ authorization: `Bearer for ${url.hostname}` }),
    });
    expect(seen[0]).toMatchObject({ method: 'POST', body: 'päckchen' });
    expect(seen[0]?.headers).toMatchObject({ 'content-type': 'text/plain', authorization: 'Bearer for site.example' });
  });

  it('asks TLS for the name of the URL, not for the address', async () => {
    let hello = '';
    const server = createTcpServer((socket) =>
      socket
        .on('error', () => {})
        .once('data', (bytes) => {
          hello = bytes.toString('latin1');
          socket.destroy();
        }),
    );
    const port = await servers.listen(server);
    const origin = `https://site.example:${port}`;
    const fetch = createGuardedFetch({ resolve: toLoopback, trustedOrigins: [origin] });
    await expect(fetch({ url: origin, timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'upstream-failed' });
    expect(hello).toContain('site.example');
  });

  it('reaches a trusted IPv6 literal', async () => {
    const server = createServer((_request, response) => response.end('six'));
    const origin = `http://[::1]:${await servers.listen(server, '::1')}`;
    const fetch = createGuardedFetch({ resolve: toLoopback, trustedOrigins: [origin] });
    expect((await fetch({ url: origin, timeoutMs: 5_000 })).body.toString()).toBe('six');
  });

  it('uses no proxy of the environment', async () => {
    const port = await serve((_request, response) => response.end('direct'));
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = 'http://127.0.0.1:1';
    try {
      expect((await fetcher([port])({ url: `http://site.example:${port}/` })).body.toString()).toBe('direct');
    } finally {
      delete process.env['HTTP_PROXY'];
      delete process.env['http_proxy'];
    }
  });

  it.each([
    ['CONNECT', {}, undefined],
    ['GET /evil HTTP/1.1', {}, undefined],
    ['GET', { host: 'other.example' }, undefined],
    ['GET', { 'Transfer-Encoding': 'chunked' }, undefined],
    ['GET', { 'Content-Length': '5' }, undefined],
    ['GET', { 'proxy-authorization': 'x' }, undefined],
    ['GET', { 'x y': '1' }, undefined],
    ['GET', { x: 'a\r\nevil: 1' }, undefined],
    ['GET', { x: 'a'.repeat(20_000) }, undefined],
    ['GET', {}, 'body'],
    ['POST', {}, 'x'.repeat(6_000_000)],
  ])('refuses the method %s with headers %o and its body', async (method, headers, body) => {
    const port = await serve((_request, response) => response.end());
    const more = body === undefined ? {} : { body };
    const sent = fetcher([port])({ url: `http://site.example:${port}/`, method, headers, ...more });
    await expect(sent).rejects.toMatchObject({ code: 'usage-invalid' });
    expect(seen).toEqual([]);
  });
});

describe('the wall', () => {
  it('refuses before connecting when an address is not public, and says why', async () => {
    const port = await serve((_request, response) => response.end());
    const fetch = createGuardedFetch({ resolve: toLoopback });
    for (const url of [`http://127.0.0.1:${port}/`, `http://rebound.example:${port}/`, `http://localhost:${port}/`]) {
      await expect(fetch({ url, timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'sandbox-refused' });
    }
    expect(seen).toEqual([]);
  });

  it('refuses when one of several addresses is not public', async () => {
    const port = await serve((_request, response) => response.end());
    const fetch = createGuardedFetch({ resolve: async () => ['93.184.216.34', '127.0.0.1'] });
    await expect(fetch({ url: `http://two.example:${port}/`, timeoutMs: 5_000 })).rejects.toThrow('loopback');
    expect(seen).toEqual([]);
  });

  it('trusts an origin by scheme, host and port, nothing near it', async () => {
    const port = await serve((_request, response) => response.end());
    const fetch = createGuardedFetch({ resolve: toLoopback, trustedOrigins: [`http://site.example:${port + 1}`] });
    for (const url of [
      `http://site.example:${port}/`,
      `http://a.site.example:${port + 1}/`,
      `https://site.example:${port + 1}/`,
    ]) {
      await expect(fetch({ url, timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'sandbox-refused' });
    }
    expect(seen).toEqual([]);
  });

  it('asks the caller about each hop', async () => {
    const port = await serve((request, response) =>
      request.url === '/'
        ? response.writeHead(302, { location: `http://other.example:${port}/x` }).end()
        : response.end(),
    );
    const refuse = (url: URL) => (url.hostname === 'site.example' ? undefined : 'not granted');
    const sent = fetcher([port])({ url: `http://site.example:${port}/`, refuse });
    await expect(sent).rejects.toMatchObject({ code: 'sandbox-refused', message: 'not granted' });
    expect(seen.length).toBe(1);
  });

  it('refuses the own addresses of the machine', async () => {
    const fetch = createGuardedFetch({ resolve: async () => ['93.184.216.34'], ownAddresses: () => ['93.184.216.34'] });
    await expect(fetch({ url: 'http://me.example/', timeoutMs: 5_000 })).rejects.toThrow('this machine');
  });
});

describe('a redirect', () => {
  it.each([
    ['http://127.0.0.1:8080/', 'loopback'],
    ['//[::1]/', 'loopback'],
    ['file:///etc/passwd', 'scheme'],
    ['http://user:pass@site.example/', 'user name'],
    ['http://169.254.169.254/latest/meta-data/', 'link-local'],
    ['http://0x7f000001/', 'loopback'],
    ['gopher://site.example/', 'scheme'],
  ])('to %s is refused', async (location, why) => {
    const port = await serve((_request, response) => response.writeHead(302, { location }).end());
    const sent = fetcher([port])({ url: `http://site.example:${port}/` });
    await expect(sent).rejects.toMatchObject({ code: 'sandbox-refused', message: expect.stringContaining(why) });
  });

  it('is followed five times and not six', async () => {
    const port = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const fetch = fetcher([port]);
    expect(await fetch({ url: `http://site.example:${port}/5` })).toMatchObject({ redirects: 5, status: 200 });
    await expect(fetch({ url: `http://site.example:${port}/6` })).rejects.toThrow('5 redirects');
  });

  it('to another origin carries no credential, and authorize is asked anew', async () => {
    const port = await serve((request, response) =>
      request.url === '/'
        ? response.writeHead(307, { location: `http://other.example:${port}/x` }).end()
        : response.end(),
    );
    await fetcher([port])({
      url: `http://site.example:${port}/`,
      headers: {
        Authorization: 'Bearer a',
        Cookie: 'b=c',
        'X-Api-Key': 'd',
        'User-Agent': 'claw',
        Accept: 'text/html',
      },
      authorize: (url): Record<string, string> => (url.hostname === 'site.example' ? { 'x-secret': 'e' } : {}),
    });
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer a',
      cookie: 'b=c',
      'x-api-key': 'd',
      'x-secret': 'e',
    });
    expect(seen[1]?.headers).toMatchObject({ 'user-agent': 'claw', accept: 'text/html' });
    for (const name of ['authorization', 'cookie', 'x-api-key', 'x-secret'])
      expect(seen[1]?.headers).not.toHaveProperty(name);
  });

  it('within the origin keeps the headers', async () => {
    const port = await serve((request, response) =>
      request.url === '/' ? response.writeHead(301, { location: '/x' }).end() : response.end(),
    );
    await fetcher([port])({ url: `http://site.example:${port}/`, headers: { authorization: 'Bearer a' } });
    expect(seen[1]?.headers.authorization).toBe('Bearer a');
  });

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', 'data'],
    [308, 'PUT', 'PUT', 'data'],
    [301, 'PUT', 'PUT', 'data'],
  ])('with %i turns %s into %s', async (status, method, after, body) => {
    const port = await serve((request, response) =>
      request.url === '/' ? response.writeHead(status, { location: '/x' }).end() : response.end(),
    );
    await fetcher([port])({ url: `http://site.example:${port}/`, method, body: 'data' });
    expect(seen[1]).toMatchObject({ method: after, body });
  });
});

describe('a server that does not play along', () => {
  it.each<[string, Handler]>([
    ['never answers', () => {}],
    [
      'drips its body',
      (_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('.'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'drips its redirects',
      (request, response) => {
        setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 150);
      },
    ],
  ])('%s is left at the deadline', async (_what, handler) => {
    const port = await serve(handler);
    const started = performance.now();
    const sent = fetcher([port])({ url: `http://site.example:${port}/`, timeoutMs: 400 });
    await expect(sent).rejects.toMatchObject({ code: 'upstream-failed', message: 'no complete answer within 400 ms' });
    expect(performance.now() - started).toBeLessThan(900);
  });

  it('sends endless headers and is cut off', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 200 OK\r\n');
      const write = (): void => {
        while (!socket.destroyed && socket.write(`x-${'a'.repeat(1_000)}: b\r\n`));
        socket.once('drain', write);
      };
      write();
    });
    const port = await servers.listen(server);
    await expect(fetcher([port])({ url: `http://site.example:${port}/` })).rejects.toMatchObject({
      code: 'upstream-failed',
    });
  });

  it('does not answer the name, and the deadline holds', async () => {
    const fetch = createGuardedFetch({ resolve: () => new Promise(() => {}) });
    await expect(fetch({ url: 'http://slow.example/', timeoutMs: 100 })).rejects.toMatchObject({
      code: 'upstream-failed',
    });
  });

  it('is left when the caller cancels', async () => {
    const controller = new AbortController();
    const port = await serve(() => controller.abort());
    const sent = fetcher([port])({ url: `http://site.example:${port}/`, signal: controller.signal });
    await expect(sent).rejects.toMatchObject({ code: 'cancelled' });
  });
});
