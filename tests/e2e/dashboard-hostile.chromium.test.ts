/** The dashboard against what a model, a file, a name or another site may bring. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openApp } from '../../src/core/create-app.ts';
import { newId } from '../../src/core/kernel/ids.ts';
import { openPage, sharedBrowser } from './browser-kit.ts';
import { ask, urlOf } from './http-kit.ts';
import { sharedServe } from './serve-kit.ts';
import { modelBy } from './ws-kit.ts';

/** Ways that text became code on other pages. */
const EVIL = [
  '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
  '[press](javascript:document.title="owned") ![track](http://203.0.113.7/pixel.png)',
  '<svg onload="document.title=\'owned\'"></svg> <iframe src="http://203.0.113.7/"></iframe>',
  '[data](data:text/html,<script>1</script>) <style>body{display:none}</style> <a href="//203.0.113.7">x</a>',
].join('\n\n');

const browser = sharedBrowser();
const serve = sharedServe(async (onEnd) => {
  const { env } = await modelBy(
    {
      evil: { text: [EVIL] },
      command: { calls: [{ id: 'call_2', name: 'run_command', input: { command: 'uname -s' } }] },
      slow: { text: Array.from({ length: 40 }, (_, number) => `word${number} `) },
    },
    (clean) =>
      onEnd(async () => {
        await clean();
      }),
  );
  return { env: { ...env, EXEC_LEVEL: 'ask', API_RATE_LIMIT: '10000' } };
});
const SLOW = { timeout: 60_000 };

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Write a message').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

test('what a model writes never becomes markup, code or a request', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/chat');
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') foreign.push(request.url());
  });
  await say(page, 'evil <b>bold?</b>');
  await page.getByText('Picture at http://203.0.113.7/pixel.png (not loaded)').waitFor();
  await page.reload();
  await page.getByText('Picture at http://203.0.113.7/pixel.png (not loaded)').waitFor();
  expect(await page.title()).toBe('Chat – claw');
  expect(await page.locator('.markdown :is(script, iframe, style, svg, img, b)').count()).toBe(0);
  expect(await page.locator('#content a[href^="javascript"], #content a[href^="data"]').count()).toBe(0);
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test('names of people, documents, memories and rooms are text', SLOW, async () => {
  const name = '<img src=x onerror=alert(1)>';
  const bodies = [
    ['/api/v1/knowledge', { title: name, content: `${name} harbour` }],
    ['/api/v1/memories', { category: 'facts', key: name, value: name }],
    ['/api/v1/groups', { jid: 'tg:-100777', name, folder: 'evil' }],
  ] as const;
  for (const [path, body] of bodies) expect((await ask(serve(), path, { body })).status).toBeLessThan(300);
  for (const path of ['knowledge', 'memory', 'channels']) {
    const { page, complaints } = await openPage(browser(), serve(), `/dashboard/${path}`);
    await page.getByText(name).filter({ visible: true }).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  }
});

test('an act that wants a yes is shown as claw parsed it, and runs once it is allowed', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/chat');
  await say(page, 'command');
  const question = page.getByRole('group', { name: 'wants your yes' });
  await question.locator('pre').getByText('uname').waitFor();
  await question.getByRole('button', { name: 'Allow once' }).click();
  await page.locator('article.assistant[aria-busy="false"]').waitFor();
  const [row] = (await ask(serve(), '/api/v1/approvals?all=true')).json as { state: string }[];
  expect(row?.state).toBe('used');
});

test('a page of another site gets nothing: no frame, no request, no socket', SLOW, async () => {
  const target = urlOf(serve(), '');
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<title>site</title><iframe src="${target}/"></iframe>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void site.close());
  const context = await browser().newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`);
  const attempts = await page.evaluate(`(async () => {
    const told = {};
    const body = JSON.stringify({ message: 'hi' });
    for (const [name, init] of Object.entries({
      read: {}, post: { method: 'POST', headers: { 'content-type': 'application/json' }, body },
      simple: { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body },
    })) told[name] = await fetch('${target}/api/v1/chat', init).then((r) => r.type === 'opaque' ? 'opaque' : r.status, () => 'refused');
    told.socket = await new Promise((resolve) => {
      const socket = new WebSocket('${target.replace('http', 'ws')}/ws');
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('refused');
    });
    return told;
  })()`);
  expect(attempts).toEqual({ read: 'refused', post: 'refused', simple: 'refused', socket: 'refused' });
  expect(await page.frameLocator('iframe').locator('#root').count()).toBe(0);
  expect((await ask(serve(), '/api/v1/search?query=hi')).json).toEqual([]);
});

test('a server that is gone and comes back is told, and the page goes on', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/memory');
  await page.getByRole('heading', { name: 'Memory' }).waitFor();
  await page.context().setOffline(true);
  await page.getByRole('searchbox', { name: 'Search' }).fill('boat');
  await page.getByText('The server cannot be reached').waitFor();
  await page.context().setOffline(false);
  await page.getByRole('searchbox', { name: 'Search' }).fill('boats');
  await page.getByText('No memory fits.').waitFor();
  await expect.poll(() => page.getByText('The server cannot be reached').count()).toBe(0);
});

const MANY = 10_000;

/** A conversation of the owner with that many messages, written beside the running server. */
async function longConversation(): Promise<string> {
  const app = await openApp({ home: serve().home, overrides: {} });
  const store = await app.store();
  const id = newId();
  const { id: owner_id } = await app.user();
  const now = app.clock.now();
  const row = { id, owner_id, title: 'long', origin: 'terminal', parent_id: null, parent_seq: null };
  await store.conversations.insert({ ...row, created_at: now, updated_at: now });
  await store.transaction(async ({ conversations }) => {
    for (let number = 1; number <= MANY; number += 1) {
      const text = `message number ${number} of the long conversation${' and on'.repeat(number % 40)}`;
      const parts = JSON.stringify([{ type: 'text', text, provenance: 'owner' }]);
      const role = number % 2 === 1 ? 'user' : 'assistant';
      await conversations.append({ conversation_id: id, turn_id: id, role, parts, state: 'complete', created_at: now });
    }
  });
  await app.close();
  return id;
}

test('a conversation of ten thousand messages opens at its end, and only what is seen is drawn', SLOW, async () => {
  const id = await longConversation();
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/chat');
  await page.getByRole('link', { name: 'long' }).click();
  await page.getByText(`message number ${MANY} of`).waitFor();
  expect(page.url()).toContain(id);
  expect(await page.locator('.row').count()).toBeLessThan(60);
  await page.evaluate(`document.querySelector('.thread').scrollTo(0, 0)`);
  await page.getByText('message number 1 of').waitFor();
  expect(await page.locator('.row').count()).toBeLessThan(60);
  expect(complaints).toEqual([]);
});
