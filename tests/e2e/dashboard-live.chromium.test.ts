/** The dashboard as it stands open while others work: what they do appears by itself, and so does the server after it was gone. */
import { join } from 'node:path';
import type { Page, WebSocket } from 'playwright-core';
import { expect, test } from 'vitest';
import { openStore } from '../../src/core/store/store.ts';
import { openPage, seriousFindings, sharedBrowser } from './browser-kit.ts';
import { ask, urlOf } from './http-kit.ts';
import { runClaw, runClawJson } from './run-claw.ts';
import { sharedServe, startServe } from './serve-kit.ts';

const browser = sharedBrowser();
const serve = sharedServe();
const SLOW = { timeout: 60_000 };

test('what a command, a client of the API and another tab do appears without a reload', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/tasks');
  await page.getByRole('heading', { name: 'Tasks', level: 1 }).waitFor();
  const one = ['--id', 'by-command', '--prompt', 'hello', '--schedule-type', 'interval', '--schedule-value', '1h'];
  await runClaw(['task', 'create', ...one], { home: serve().home });
  await page.getByText('by-command').first().waitFor();
  await ask(serve(), '/api/v1/tasks/by-command/pause', { method: 'POST', body: {} });
  await page.getByRole('button', { name: 'Go on' }).first().waitFor();
  await page.goto(`${new URL(page.url()).origin}/dashboard/chat`);
  await page.getByLabel('Write a message').waitFor();
  await ask(serve(), '/api/v1/chat', { body: { message: 'written by a client' } });
  await page.getByRole('link', { name: 'written by a client' }).first().waitFor();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel('Write a message').fill('written in another tab');
  await other.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('link', { name: 'written in another tab' }).first().waitFor();
  expect(complaints).toEqual([]);
});

test('the palette finds and opens by the keyboard alone, in English and by Korean first consonants', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/overview');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await ask(serve(), '/api/v1/chat', { body: { message: 'what elephants remember' } });
  // Nothing that is typed while it is loaded is lost, or taken for a shortcut.
  await page.keyboard.type('go t');
  const field = page.locator('.palette').getByRole('combobox');
  await field.waitFor();
  await expect.poll(() => field.inputValue()).toBe('go t');
  await field.fill('');
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.type('mem');
  await page.getByRole('option', { name: 'Memory', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/dashboard\/memory$/);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.waitForURL(/dashboard\/settings$/);
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  await page.getByRole('searchbox').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('g m?');
  expect(await page.getByRole('searchbox').first().inputValue()).toBe('g m?');
  expect(page.url()).toMatch(/settings$/);
  await page.keyboard.press('Control+k');
  await field.waitFor();
  await page.keyboard.type('remember eleph');
  await page.getByRole('option', { name: 'what elephants remember' }).first().waitFor();
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await field.waitFor();
  await page.keyboard.type('new task');
  await page.getByRole('option', { name: 'New task', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'New task' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'New task' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await field.waitFor();
  await page.keyboard.type('daily call');
  await page.getByRole('option', { name: /^MAX_DAILY_CALLS/, selected: true }).waitFor();
  for (let back = 0; back < 12; back += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('verify');
  await page.getByRole('option', { name: /Verify the audit trail/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(/^The chain is whole/).waitFor();
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await field.waitFor();
  await page.keyboard.type('한국');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '예약 작업', level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await field.waitFor();
  await page.keyboard.type('ㄷㄱ');
  await page.getByRole('option', { name: '도구', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/dashboard\/tools$/);
  expect(complaints).toEqual([]);
});

test('what waits for an approval is counted beside its page and in the title, for admins', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/overview');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  expect(await page.title()).toBe('Overview – claw');
  await watched(page, '/api/v1/approvals');
  await askForApproval(serve().home);
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('(1) Overview – claw');
  await page.getByText('1 approval waits').waitFor({ state: 'attached' });
});

test('a server that was gone is found again by itself, and the page shows what happened meanwhile', SLOW, async () => {
  const first = await startServe();
  const { home } = first;
  const port = String(first.state().ports.http);
  const { page } = await openPage(browser(), first, '/dashboard/tasks');
  await watched(page, '/api/v1/tasks');
  await first.stop('SIGKILL');
  await page.getByText('The server cannot be reached.', { exact: false }).waitFor();
  await page.getByText('No connection', { exact: true }).waitFor();
  const task = [
    '--id',
    'made-while-gone',
    '--prompt',
    'hello',
    '--schedule-type',
    'interval',
    '--schedule-value',
    '1h',
  ];
  await runClaw(['task', 'create', ...task], { home });
  const second = await startServe({ home, env: { DASHBOARD_PORT: port } });
  await page.getByText('made-while-gone').first().waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText('The server cannot be reached.', { exact: false }).waitFor({ state: 'detached' });
  expect(await second.stop()).toBe(0);
});

test('a pause is seen before the server answers, and taken back with its reason when it is refused', SLOW, async () => {
  const task = ['--id', 'hasty', '--prompt', 'hello', '--schedule-type', 'interval', '--schedule-value', '1h'];
  await runClaw(['task', 'create', ...task], { home: serve().home });
  const { page } = await openPage(browser(), serve(), '/dashboard/tasks/hasty');
  const isLate = Promise.withResolvers<void>();
  await page.route('**/api/v1/tasks/hasty/pause', async (route) => {
    await isLate.promise;
    const problem = { title: 'Forbidden', status: 403, detail: 'not by you', code: 'permission-denied' };
    await route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  isLate.resolve();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('alert').filter({ hasText: 'not by you' }).waitFor();
  const { json } = await ask(serve(), '/api/v1/tasks/hasty');
  expect(json).toMatchObject({ state: 'active' });
});

test('who may only read finds in the palette what they may read', SLOW, async () => {
  const locked = await startServe({ env: { AUTH_ENABLED: 'true', LOGIN_RATE_LIMIT: '1000' } });
  const made = await runClawJson(['user', 'create', 'rita', '--role', 'readonly'], { home: locked.home });
  const { page, complaints } = await openPage(browser(), locked, '/dashboard/overview');
  await page.getByLabel('API key', { exact: true }).check();
  await page.getByLabel('API key or token of the dashboard').fill((made.json as { api_key: string }).api_key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Sign out' }).waitFor();
  const offered = await page.getByRole('option').allTextContents();
  expect(offered.filter((each) => /New|Add files|Verify|doctor|Users|Audit|Settings|Backups/.test(each))).toEqual([]);
  await page.keyboard.type('MAX_DAILY');
  await page.getByText('Nothing fits').waitFor();
  expect(page.url()).toMatch(/overview$/);
  expect(complaints.filter((each) => !each.includes('401'))).toEqual([]);
  expect(await locked.stop()).toBe(0);
});

test('a hidden tab asks nothing, and for what it missed when it is seen again', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/approvals');
  const sockets: WebSocket[] = [];
  page.on('websocket', (socket) => sockets.push(socket));
  await page.goto(urlOf(serve(), '/dashboard/tasks'));
  await watched(page, '/api/v1/tasks');
  await show(page, false);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const told = sockets.at(-1)?.waitForEvent('framereceived', ({ payload }) => String(payload).includes('"changed"'));
  const task = ['--id', 'unseen', '--prompt', 'hello', '--schedule-type', 'interval', '--schedule-value', '1h'];
  await runClaw(['task', 'create', ...task], { home: serve().home });
  await told;
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 300))');
  expect(asked).toEqual([]);
  await show(page, true);
  await page.getByText('unseen').first().waitFor();
});

/** Resolves when the page has asked a second time, which is the last time it does without being told. */
async function watched(page: Page, path: string): Promise<void> {
  await page.getByText('Live', { exact: true }).waitFor();
  await page.waitForResponse((answer) => answer.url().includes(path));
}

/** As the browser tells of a tab that is hidden or seen again. */
async function show(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${!isSeen} });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${isSeen ? 'visible' : 'hidden'}' });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  `);
}

/** An act that waits, written by this process. */
async function askForApproval(home: string): Promise<void> {
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: Date.now() });
  const [owner] = await store.users.list({ all: true, limit: 1 });
  const act = { kind: 'exec', act: 'git push', pattern: 'git', reason: 'test', detail: 'git push' } as const;
  const open = { state: 'pending', conversation_id: null, call_id: null, created_at: 1, expires_at: 9e12 } as const;
  const undecided = { decided_by: null, decided_at: null, scope: null, used_at: null };
  const row = { id: 'aaaaaaaa-1', act_hash: 'aa', user_id: owner?.id ?? '', ...act, ...open, ...undecided };
  await store.approvals.insert(row);
  await store.close();
}
