import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT, runClawJson } from './run-claw.ts';

interface Run {
  status: string;
  output: string;
  error?: string;
}

const fixture = (name: string): string => readFileSync(join(ROOT, 'tests', 'fixtures', name), 'utf8');

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly body: string;
}

/** A server that gives `answer` to everything. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ base: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ url: request.url ?? '', method: request.method ?? '', body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const say =
  (type: string, body: string | Buffer) =>
  (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': type });
    response.end(body);
  };

async function run(
  name: string,
  input: object,
  env: Record<string, string> = {},
): Promise<Run & { code: number | null }> {
  const { json, code } = await runClawJson(['tool', 'run', name, '--input', JSON.stringify(input)], { env });
  return { ...(json as Run), code };
}

test('web_search reads the page of DuckDuckGo: real targets, no advertisement, no markup', async () => {
  const { base, seen } = await serve(say('text/html; charset=utf-8', fixture('search/duckduckgo.html')));
  const { output, status } = await run('web_search', { query: 'a b&c' }, { SEARCH_BASE_URL: base });
  expect(status).toBe('ok');
  expect(output).toBe(
    "1. First & best\n   https://example.com/a?b=1&c=2\n   The first hit's text.\n2. 두 번째\n   https://example.org/한\n   한국어 결과",
  );
  expect(seen[0]?.url).toBe('/html/?q=a%20b%26c');
});

test.each([
  ['brave', 'search/brave.json', '/res/v1/web/search?q=q&count=8'],
  ['tavily', 'search/tavily.json', '/search'],
  ['searxng', 'search/searxng.json', '/search?q=q&format=json'],
])('web_search by %s', async (provider, file, url) => {
  const { base, seen } = await serve(say('application/json', fixture(file)));
  const env = { SEARCH_PROVIDER: provider, SEARCH_BASE_URL: base, SEARCH_API_KEY: 'made-up-key-0123456789' };
  const { output, status, error } = await run('web_search', { query: 'q' }, env);
  expect({ status, error }).toEqual({ status: 'ok', error: null });
  expect(output).toContain('First hit\n   https://example.com/a\n   Text & more\n2. Second');
  expect(seen[0]?.url).toBe(url);
});

test('weather tells now and the next days', async () => {
  const { base, seen } = await serve(say('application/json', fixture('weather.json')));
  const { output } = await run('weather', { place: '서울' }, { WEATHER_BASE_URL: base });
  expect(output).toBe(
    'Seoul, South Korea: Partly cloudy, 22 °C (feels like 21), humidity 56 %, wind 9 km/h\n' +
      '2026-05-01: 13 to 24 °C, Light rain, rain up to 40 %\n2026-05-02: 11 to 20 °C, no description, rain up to 0 %',
  );
  expect(seen[0]?.url).toBe('/%EC%84%9C%EC%9A%B8?format=j1');
});

test('45: web_fetch refuses other schemes and everything that is not the public internet, before any request', async () => {
  const { base, seen } = await serve(say('text/plain', 'inside'));
  const urls = [
    `${base}/`,
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://[::ffff:127.0.0.1]/',
  ];
  for (const url of urls) expect(await run('web_fetch', { url }), url).toMatchObject({ status: 'refused', code: 9 });
  expect(seen).toEqual([]);
});

test('web_fetch gives the article of a page as Markdown, and other text as it is', async () => {
  const article = `<p>${'A sentence of the article that says something. '.repeat(20)}</p>`;
  const html = `<html><head><title>News</title></head><body><nav><a href="/x">Menu</a></nav><article><h1>Head</h1>${article}<p>See <a href="/more">more</a>.</p><script>steal()</script></article></body></html>`;
  const page = await serve(say('text/html', html));
  const read = await run('web_fetch', { url: `${page.base}/a` }, { TRUSTED_ORIGINS: page.base });
  expect(read).toMatchObject({ status: 'ok' });
  expect(read.output).toContain('A sentence of the article');
  expect(read.output).toContain(`[more](${page.base}/more)`);
  expect(read.output).not.toMatch(/steal|<p>/);
  const plain = await serve(say('text/plain', 'just text'));
  expect((await run('web_fetch', { url: plain.base }, { TRUSTED_ORIGINS: plain.base })).output).toContain('just text');
  const image = await serve(say('image/png', 'x'));
  expect(await run('web_fetch', { url: image.base }, { TRUSTED_ORIGINS: image.base })).toMatchObject({
    status: 'error',
  });
});

test('a page in another charset is read by it', async () => {
  const eucKr = Buffer.from('bec8b3e7c7cfbcbcbfe4', 'hex');
  const { base } = await serve(say('text/plain; charset=euc-kr', eucKr));
  expect((await run('web_fetch', { url: base }, { TRUSTED_ORIGINS: base })).output).toContain('안녕하세요');
});
