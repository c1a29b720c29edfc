/** Documents of strangers through the built binary: pages only from where the guard allows, files made to burst refused with a reason, nothing left behind. */
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { docx, pdf, pdfBomb, zip } from '../core/knowledge/read/sample-files.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

test('a page is fetched from a trusted place, without its images, and updated when it changes', async () => {
  const asked: string[] = [];
  let words = 'The harvest is in October.';
  const origin = await serve((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/moved') return void response.writeHead(302, { location: '/guide' }).end();
    if (request.url === '/missing') return void response.writeHead(404).end('no');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<html><head><title>Guide</title><link rel=stylesheet href=/style.css></head><body><h1>Farm</h1><img src="/pixel.png"><iframe src="/frame"></iframe><p>${words}</p></body></html>`,
    );
  });
  const home = await temporaryDirectory();
  const env = { TRUSTED_ORIGINS: origin };
  const add = (path: string) => runClaw(['knowledge', 'add', `${origin}${path}`], { home, env, timeoutMs: 30_000 });
  expect((await add('/moved')).stdout).toContain('Added: Guide');
  expect((await add('/moved')).stdout).toContain('Unchanged');
  words = 'The harvest is in November.';
  expect((await add('/moved')).stdout).toContain('Updated');
  const { json } = await runClawJson(['knowledge', 'search', 'when is the harvest'], { home });
  expect(json).toMatchObject([{ title: 'Guide', place: '## Farm', provenance: 'web' }]);
  expect(JSON.stringify(json)).toContain('November');
  expect(new Set(asked)).toEqual(new Set(['/moved', '/guide']));
  expect(await add('/missing')).toMatchObject({ code: 8, stderr: expect.stringContaining('404') as string });
});

test('addresses of this machine and network are refused, also behind a redirect', { timeout: 60_000 }, async () => {
  let inner = 0;
  const internal = await serve((_, response) => {
    inner += 1;
    response.end('an internal secret');
  });
  const origin = await serve((_, response) => void response.writeHead(302, { location: `${internal}/admin` }).end());
  const home = await temporaryDirectory();
  const urls = [
    `${origin}/redirects`,
    `${internal}/admin`,
    'http://localhost/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:10.0.0.1]/',
    'http://0x7f000001/',
  ];
  for (const url of urls) {
    const run = await runClaw(['knowledge', 'add', url], { home, env: { TRUSTED_ORIGINS: origin } });
    expect([url, run.code]).toEqual([url, 9]);
    expect(run.stdout).toBe('');
  }
  expect(inner).toBe(0);
  expect((await runClawJson(['knowledge', 'list'], { home })).json).toEqual([]);
});

test('files made to burst are refused with a reason, and nothing is left of them', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const folder = await temporaryDirectory();
  const temporary = await temporaryDirectory();
  writeFileSync(join(folder, 'bomb.docx'), zip({ 'word/document.xml': Buffer.alloc(70 * 1024 * 1024) }));
  writeFileSync(join(folder, 'bomb.pdf'), pdfBomb());
  writeFileSync(join(folder, 'deep.json'), '['.repeat(100_000) + ']'.repeat(100_000));
  writeFileSync(join(folder, 'good.docx'), docx(['# Rent', 'It is due monthly.']));
  writeFileSync(join(folder, 'good.pdf'), pdf(['The warranty lasts three years.']));
  const { json } = await runClawJson(['knowledge', 'add', folder], {
    home,
    env: { TMPDIR: temporary },
    timeoutMs: 55_000,
  });
  expect(json).toMatchObject({ added: 2 });
  const { failed } = json as { failed: { source: string; reason: string }[] };
  const reasons = Object.fromEntries(failed.map(({ source, reason }) => [source.slice(folder.length + 1), reason]));
  expect(reasons).toEqual({
    'bomb.docx': expect.stringContaining('it unpacks to more than 64 MB') as string,
    'bomb.pdf': expect.stringContaining('more memory or time') as string,
    'deep.json': expect.stringContaining('nested more than 200 deep') as string,
  });
  expect(readdirSync(temporary)).toEqual([]);
  expect((await runClawJson(['knowledge', 'reindex', '--check'], { home })).json).toMatchObject({
    ok: true,
    unfinished: 0,
  });
});

test('doctor says in what wall documents are read', async () => {
  const { json } = await runClawJson(['doctor'], { timeoutMs: 30_000 });
  const wall = (json as { check: string; detail?: string; message?: string }[]).find(
    ({ check }) => check === 'wall-documents',
  );
  expect(JSON.stringify(wall)).toContain('PDF, DOCX and HTML are read in a Node process with no permissions');
});
