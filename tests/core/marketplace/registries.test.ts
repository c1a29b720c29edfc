import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { newKey, testRegistry } from '../../fakes/test-registry.ts';
import { OWNER, type Shop, shop } from './shop-kit.ts';

const HOUR = 3_600_000;

async function served(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

/** Serves the shop's registry as a web server does, with entity tags; counts what it sent whole. */
function shelf(store: Shop): { sent: string[]; listener: RequestListener } {
  const sent: string[] = [];
  const listener: RequestListener = (request, response) => {
    const path = join(store.source.folder, decodeURIComponent(request.url ?? ''));
    try {
      const bytes = readFileSync(path);
      const etag = `"${bytes.length}-${store.source.sequence()}"`;
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
      sent.push(request.url ?? '');
      response.writeHead(200, { etag }).end(bytes);
    } catch {
      response.writeHead(404).end('no');
    }
  };
  return { sent, listener };
}

describe('a registry that cannot be used has nothing and a remark, and the others go on', () => {
  test('missing, damaged, not signed, of another key, older than before', async () => {
    const store = await shop();
    await store.source.publish({ name: 'good_one' });
    const bad = join(store.home, 'bad');
    const look = async (): Promise<{ names: string[]; remark: string }> => {
      const { found, remarks } = await store.open({ locations: [bad, store.source.folder] }).search('');
      expect(remarks.length).toBeLessThan(2);
      return {
        names: found.map(({ entry, from }) => `${entry.name} ${from.location === bad ? 'bad' : ''}`.trim()),
        remark: remarks[0] ?? '',
      };
    };
    const expectLeftOut = async (words: string): Promise<void> => {
      const { names, remark } = await look();
      expect(names).toEqual(['good_one']);
      expect(remark).toContain(`The registry ${bad} is left out: `);
      expect(remark).toContain(words);
    };
    await expectLeftOut('cannot be read');
    const other = await testRegistry(bad);
    await other.publish({ name: 'other_one' });
    expect(await look()).toEqual({ names: ['good_one', 'other_one bad'], remark: '' });
    const list = readFileSync(join(bad, 'registry.json'), 'utf8');
    for (const [file, text, words] of [
      ['registry.json', '{"format": 1, "pack', 'registry.json is no JSON'],
      ['registry.json', '', 'registry.json is no JSON'],
      ['registry.json', list.replace('other_one', 'other_two'), 'registry.json'],
      ['registry.json.sig', '{}', 'registry.json.sig is not well formed'],
      ['registry.json.sig', undefined, 'registry.json.sig'],
    ] as const) {
      const path = join(bad, file);
      const before = readFileSync(path);
      if (text === undefined) rmSync(path);
      else writeFileSync(path, text);
      await expectLeftOut(words);
      writeFileSync(path, before);
    }
    await other.sign(1);
    await expectLeftOut('its list is older than one seen before (number 1, after 3)');
    const forged = join(store.home, 'forged');
    await testRegistry(forged, newKey());
    cpSync(forged, bad, { recursive: true });
    await expectLeftOut('it is signed by another key than before');
    await store.open().forgetRegistry(bad, OWNER);
    expect(await look()).toEqual({ names: ['good_one'], remark: '' });
  });
});

describe('a registry on the web', () => {
  test('is fetched once while it stays the same, kept for when it is silent, and installed from', async () => {
    const store = await shop();
    await store.source.publish({ name: 'good_one' });
    const { sent, listener } = shelf(store);
    const { url, close } = await served(listener);
    let now = Date.now();
    const clock = { ...systemClock, now: () => now };
    const marketplace = store.open({ locations: [url], trustedOrigins: [new URL(url).origin], clock });
    expect((await marketplace.search('')).found).toHaveLength(1);
    expect((await marketplace.search('')).found).toHaveLength(1);
    expect(sent).toEqual(['/registry.json', '/registry.json.sig']);
    await store.install('good_one', marketplace);
    expect(await store.run('good_one', { n: 3 })).toMatchObject({ output: 6 });
    await close();
    now += 5 * HOUR;
    const { found, remarks } = await marketplace.search('');
    expect(found).toHaveLength(1);
    expect(remarks).toEqual([expect.stringMatching(/does not answer .* this is its list of 5 h ago\.$/)]);
  });

  test('that keeps serving an old list is told to be old, and is used all the same', async () => {
    const store = await shop();
    await store.source.publish({ name: 'good_one' });
    const { url } = await served(shelf(store).listener);
    const written = Date.parse('2026-01-02T03:04:05Z');
    let days = 10;
    const clock = { ...systemClock, now: () => written + days * 24 * HOUR };
    const marketplace = store.open({ locations: [url], trustedOrigins: [new URL(url).origin], clock });
    expect((await marketplace.search('')).remarks).toEqual([]);
    days = 91;
    const { found, remarks } = await marketplace.search('');
    expect(found).toHaveLength(1);
    expect(remarks).toEqual([
      expect.stringMatching(/serves a list of 91 days ago; what was revoked since is not known/),
    ]);
  });

  test('that is not https is asked only where the operator trusts it', async () => {
    const store = await shop();
    const { listener } = shelf(store);
    const { url } = await served(listener);
    expect((await store.open({ locations: [url] }).search('')).remarks[0]).toMatch(
      /is left out: .*(?:127\.0\.0\.1|port)/,
    );
    const place = store.plan(`${url}packages/good_one/1.0.0/`);
    await expect(place).rejects.toMatchObject({ code: 'sandbox-refused' });
  });

  test.each<[string, RequestListener, string]>([
    [
      'a web page',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'is a web page',
    ],
    [
      'too much',
      (_, response) => void response.writeHead(200).end(Buffer.alloc(5 * 1024 * 1024, 32)),
      'is larger than',
    ],
    ['nothing, for ever', () => {}, 'no complete answer within'],
    ['a failure', (_, response) => void response.writeHead(500).end('no'), 'answered 500'],
    ['that nothing changed', (_, response) => void response.writeHead(304).end(), 'answered 304'],
    [
      'a way to an address inside',
      (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
      'left out: ',
    ],
    [
      'a way to itself',
      (request, response) => void response.writeHead(302, { location: request.url ?? '/' }).end(),
      'redirects',
    ],
  ])('answers %s: a remark, and nothing is kept', async (_, listener, words) => {
    const store = await shop();
    const { url } = await served(listener);
    const options = { locations: [url], trustedOrigins: [new URL(url).origin], timeoutMs: 1000 };
    const { found, remarks } = await store.open(options).search('');
    expect(found).toEqual([]);
    expect(remarks[0]).toContain(words);
    expect(readdirSync(store.home)).not.toContain('cache');
  });
});
