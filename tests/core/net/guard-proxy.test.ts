import { request as httpRequest } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GuardProxy, type GuardProxyDeps, openGuardProxy } from '../../../src/core/net/guard-proxy.ts';
import { toLoopback, type WebServers, webServers } from './web-server.ts';

let servers: WebServers;
let proxy: GuardProxy | undefined;

beforeEach(() => {
  servers = webServers();
});
afterEach(async () => {
  servers.close();
  await proxy?.close();
  proxy = undefined;
});

async function open(trustedOrigins: readonly string[], more: Partial<GuardProxyDeps> = {}): Promise<number> {
  proxy = await openGuardProxy({ resolve: toLoopback, trustedOrigins, ...more });
  return Number(new URL(proxy.url).port);
}

async function through(
  port: number,
  target: string,
  method = 'GET',
  body = '',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path: target, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What comes back on a socket for `text` until it closes or `until` is seen. */
async function raw(port: number, text: string, until?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      seen += chunk.toString();
      if (until !== undefined && seen.includes(until)) socket.destroy();
    });
    socket.on('close', () => resolve(seen));
    socket.on('error', reject);
  });
}

describe('the guard as a proxy', () => {
  it('forwards a request to the checked address, without its own headers', async () => {
    const target = await servers.serve((request, response) => response.writeHead(207).end(`you asked ${request.url}`));
    const port = await open([`http://site.example:${target}`]);
    const answer = await through(port, `http://site.example:${target}/a?b`, 'POST', 'body');
    expect(answer).toEqual({ status: 207, text: 'you asked /a?b' });
    expect(servers.seen[0]).toMatchObject({ method: 'POST', body: 'body' });
    expect(servers.seen[0]?.headers.host).toBe(`site.example:${target}`);
    expect(Object.keys(servers.seen[0]?.headers ?? {}).filter((name) => name.startsWith('proxy'))).toEqual([]);
  });

  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://inside.example:PORT/',
    'http://u:p@a.example/',
    'file:///etc/passwd',
    '/x',
    'https://a.example/',
  ])('refuses %s with the reason and connects nowhere', async (url) => {
    const target = await servers.serve((_request, response) => response.end('secret'));
    const port = await open([]);
    const answer = await through(port, url.replace('PORT', String(target)));
    expect(answer.status).toBe(403);
    expect(answer.text.length).toBeGreaterThan(5);
    expect(servers.seen).toEqual([]);
  });

  it('tunnels to a checked address and carries both ways', async () => {
    const echo = createTcpServer((socket) =>
      socket.on('error', () => {}).on('data', (chunk) => socket.write(`<${chunk.toString()}>`)),
    );
    const target = await servers.listen(echo);
    const port = await open([`https://site.example:${target}`]);
    const seen = await raw(port, `CONNECT site.example:${target} HTTP/1.1\r\nHost: x\r\n\r\nhello`, '<hello>');
    expect(seen).toContain('200 Connection established');
    expect(seen).toContain('<hello>');
  });

  it.each([
    '127.0.0.1:PORT',
    '[::1]:PORT',
    'localhost:PORT',
    'inside.example:PORT',
    'a.example:22',
    'u@a.example:443',
    'a.example',
    '@127.0.0.1:PORT',
    '',
  ])('refuses a tunnel to %s', async (authority) => {
    let connections = 0;
    const target = await servers.listen(
      createTcpServer((socket) => {
        connections += 1;
        socket.destroy();
      }),
    );
    const port = await open([]);
    const seen = await raw(port, `CONNECT ${authority.replace('PORT', String(target))} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(seen).not.toContain('200');
    expect(connections).toBe(0);
  });

  it('asks whether the host was granted', async () => {
    const target = await servers.serve((_request, response) => response.end());
    const port = await open([`http://site.example:${target}`], { refuse: () => 'not granted' });
    expect(await through(port, `http://site.example:${target}/`)).toEqual({ status: 403, text: 'not granted\n' });
    expect(servers.seen).toEqual([]);
  });

  it('says 502 when the site does not answer', async () => {
    const target = await servers.listen(createTcpServer((socket) => socket.destroy()));
    const port = await open([`http://site.example:${target}`]);
    expect((await through(port, `http://site.example:${target}/`)).status).toBe(502);
  });

  it('closes with its tunnels', async () => {
    const target = await servers.listen(createTcpServer((socket) => socket.on('error', () => {}).write('hello')));
    const port = await open([`https://site.example:${target}`]);
    const socket = connect(port, '127.0.0.1', () => socket.write(`CONNECT site.example:${target} HTTP/1.1\r\n\r\n`));
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('data', resolve));
    await proxy?.close();
    proxy = undefined;
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});
