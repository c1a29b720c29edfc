import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createBrowserService } from '../../src/core/tools/services/browser.ts';
import type { ServiceScope } from '../../src/core/tools/call-tool.ts';
import { openGuardProxy } from '../../src/core/net/guard-proxy.ts';
import { decideUrl } from '../../src/core/net/decide-url.ts';
import { resolveBySystem } from '../../src/core/net/resolve.ts';
import { runClawJson, temporaryDirectory } from './run-claw.ts';

const PAGE = `<html><head><title>Shop</title></head><body>
<a href="/next">Next</a><form action="/search"><input id="q" name="q"></form>
<button id="b" onclick="document.querySelector('#out').innerText = 'clicked'">Go</button><p id="out">still</p>
<script>fetch('INNER/steal').catch(() => {}); new Image().src = 'INNER/pixel';</script></body></html>`;

async function serve(page: (url: string) => string): Promise<{ base: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(page(request.url ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test(
  'the browser opens, reads, types, clicks and photographs a page, and a page of it reaches nothing inside',
  { timeout: 60_000 },
  async () => {
    const inner = await serve(() => 'secret');
    const { base, seen } = await serve((url) =>
      url.startsWith('/search') ? `<title>Found</title>you searched ${url}` : PAGE.replaceAll('INNER', inner.base),
    );
    const folder = await temporaryDirectory();
    const trustedOrigins = [base];
    const pictures: string[] = [];
    const browser = createBrowserService({
      folder,
      openProxy: () => openGuardProxy({ resolve: resolveBySystem, trustedOrigins }),
      refuseUrl: async (url) => {
        const { decision, reason } = await decideUrl(url, resolveBySystem, { trustedOrigins });
        return decision === 'deny' ? reason : undefined;
      },
      savePicture: async (path, png) => void pictures.push(`${path} ${png.subarray(1, 4).toString()}`),
    });
    onTestFinished(() => browser.close());
    const call = {
      callId: 'c',
      userId: 'u',
      conversationId: 'talk',
      input: {},
      signal: AbortSignal.timeout(50_000),
      timeoutMs: 50_000,
    };
    const act = (args: object) => browser.service('act', args as never, { call } as ServiceScope);

    expect(await act({ action: 'navigate', url: base })).toMatchObject({ title: 'Shop', status: 200 });
    expect(await act({ action: 'links' })).toEqual([{ text: 'Next', url: `${base}/next` }]);
    await act({ action: 'click', selector: '#b' });
    expect(await act({ action: 'text', selector: '#out' })).toMatchObject({ text: 'clicked' });
    expect(await act({ action: 'screenshot', path: 'shot.png' })).toEqual({ saved: 'shot.png' });
    expect(pictures).toEqual(['shot.png PNG']);
    await act({ action: 'type', selector: '#q', text: 'tea', submit: true });
    expect(await act({ action: 'text' })).toMatchObject({ text: expect.stringContaining('/search?q=tea') as string });
    expect(await act({ action: 'scroll' })).toMatchObject({ title: 'Found' });
    expect(seen).toContain('/search?q=tea');
    expect(inner.seen).toEqual([]);
    for (const url of [
      inner.base,
      'file:///etc/passwd',
      'javascript:1',
      'data:text/html,x',
      'http://10.0.0.1/',
      'http://192.168.0.1/',
    ]) {
      await expect(act({ action: 'navigate', url }), url).rejects.toMatchObject({ code: 'sandbox-refused' });
    }
  },
);

test('46: a wait is never longer than ten seconds', { timeout: 60_000 }, async () => {
  const folder = await temporaryDirectory();
  const never = () => Promise.reject(new Error('not asked'));
  const browser = createBrowserService({
    folder,
    openProxy: () => openGuardProxy({ resolve: resolveBySystem }),
    refuseUrl: never,
    savePicture: never,
  });
  onTestFinished(() => browser.close());
  const call = {
    callId: 'c',
    userId: 'u',
    conversationId: null,
    input: {},
    signal: AbortSignal.timeout(50_000),
    timeoutMs: 50_000,
  };
  expect(await browser.service('act', { action: 'wait', seconds: 999 }, { call } as ServiceScope)).toEqual({
    waited_seconds: 10,
  });
});

test('45: through the binary, and the process ends with nothing left', { timeout: 60_000 }, async () => {
  const { base } = await serve(() => '<title>Hi</title>hello');
  const home = await temporaryDirectory();
  const run = (input: object) =>
    runClawJson(['tool', 'run', 'browser_tool', '--input', JSON.stringify(input)], {
      home,
      env: { TRUSTED_ORIGINS: base },
      timeoutMs: 40_000,
    });
  expect((await run({ action: 'navigate', url: base })).json).toMatchObject({
    status: 'ok',
    output: { title: 'Hi', status: 200 },
  });
  const refused = await run({ action: 'navigate', url: 'http://127.0.0.1:1/' });
  expect(refused).toMatchObject({ code: 9, json: { status: 'refused' } });
  expect(readdirSync(join(home, 'run')).filter((name) => name.startsWith('browser-'))).toEqual([]);
});
