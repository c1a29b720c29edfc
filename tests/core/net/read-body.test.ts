import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetcher, type WebServers, webServers } from './web-server.ts';

let servers: WebServers;
let serve: WebServers['serve'];

beforeEach(() => {
  servers = webServers();
  ({ serve } = servers);
});
afterEach(() => servers.close());

describe('a body', () => {
  const text = 'Grüße '.repeat(1_000);
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ])('encoded as %s is decoded', async (coding, bytes) => {
    const port = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(bytes),
    );
    expect((await fetcher([port])({ url: `http://site.example:${port}/` })).body.toString()).toBe(text);
  });

  const zeros = Buffer.alloc(64 * 1024 * 1024);
  it.each([
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['br', brotliCompressSync(zeros)],
    ['zstd', zstdCompressSync(zeros)],
    ['gzip, gzip', gzipSync(gzipSync(zeros))],
  ])('that is a %s bomb is cut at the cap', async (coding, bytes) => {
    const port = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(bytes),
    );
    const before = process.memoryUsage().rss;
    await expect(fetcher([port])({ url: `http://site.example:${port}/` })).rejects.toMatchObject({
      code: 'limit-reached',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  });

  it('of exactly the cap passes, one byte more does not', async () => {
    const port = await serve((request, response) => response.end(Buffer.alloc(Number(request.url?.slice(1)))));
    const fetch = fetcher([port]);
    const at = (size: number) => fetch({ url: `http://site.example:${port}/${size}`, maxBytes: 1_000 });
    expect((await at(1_000)).body.length).toBe(1_000);
    await expect(at(1_001)).rejects.toMatchObject({ code: 'limit-reached' });
  });

  it('without an end is cut at the cap', async () => {
    const port = await serve((_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        response.once('drain', write);
      };
      write();
    });
    await expect(fetcher([port])({ url: `http://site.example:${port}/` })).rejects.toMatchObject({
      code: 'limit-reached',
    });
  });

  it.each([
    ['gzip', 'no gzip at all'],
    ['compress', 'x'],
    ['gzip, gzip, gzip', 'x'],
  ])('encoded as %s and broken or unknown is an upstream failure', async (coding, bytes) => {
    const port = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': coding }).end(bytes),
    );
    await expect(fetcher([port])({ url: `http://site.example:${port}/` })).rejects.toMatchObject({
      code: 'upstream-failed',
    });
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('may be missing for %s with %i', async (method, status) => {
    const port = await serve((_request, response) => response.writeHead(status, { 'content-encoding': 'gzip' }).end());
    expect((await fetcher([port])({ url: `http://site.example:${port}/`, method })).body.length).toBe(0);
  });
});
