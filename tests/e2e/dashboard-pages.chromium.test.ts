/** Every page of the dashboard does its job in a real browser, against a running server. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { pdf } from '../core/knowledge/read/sample-files.ts';
import { openPage, seriousFindings, settled, sharedBrowser } from './browser-kit.ts';
import { ask } from './http-kit.ts';
import { temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const browser = sharedBrowser();
const serve = sharedServe();
const SLOW = { timeout: 90_000 };

const PAGES = {
  overview: 'Overview',
  chat: 'Chat',
  conversations: 'Conversations',
  approvals: 'Approvals',
  tools: 'Tools',
  tasks: 'Tasks',
  memory: 'Memory',
  knowledge: 'Knowledge',
  users: 'Users and keys',
  channels: 'Groups and channels',
  costs: 'Costs',
  audit: 'Audit',
  backups: 'Backups',
  settings: 'Settings',
  accounts: 'Accounts',
  webhooks: 'Webhooks',
  metrics: 'Metrics',
  logs: 'Logs',
};

test('every page opens, complains of nothing, and everybody can use it', { timeout: 120_000 }, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/');
  for (const [path, heading] of Object.entries(PAGES)) {
    await page.goto(new URL(`/dashboard/${path}`, page.url()).href);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor({ state: 'attached' });
    await settled(page);
    const found = { alerts: await page.getByRole('alert').allTextContents(), serious: await seriousFindings(page) };
    expect({ path, ...found, complaints }).toEqual({ path, alerts: [], serious: [], complaints: [] });
  }
});

/** Fills the fields of the dialog that is open and sends it; resolves when it is closed. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) {
    const input = dialog.getByLabel(label, { exact: true });
    if ((await input.getAttribute('data-kind')) === 'select') await input.selectOption(value);
    else await input.fill(value);
  }
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

test('a person is made, and her key is shown once', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/users');
  await page.getByRole('button', { name: 'New person' }).click();
  await fill(page, { Name: 'alice', Role: 'user' });
  const key = await page.getByText(/^claw_/).textContent();
  await page.getByRole('link', { name: 'alice' }).waitFor();
  const me = await ask(serve(), '/api/v1/auth/me', { headers: { authorization: `Bearer ${key}` } });
  expect(me.json).toMatchObject({ username: 'alice', role: 'user' });
  await page.reload();
  await page.getByRole('link', { name: 'alice' }).waitFor();
  expect(await page.content()).not.toContain(String(key));
});

test('a task shows its next times while it is typed, is made, paused and cancelled', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/tasks');
  await page.getByRole('button', { name: 'New task' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('When (cron, 90m, or ISO date)').fill('61 * * * *');
  await dialog.getByText(/This did not work/).waitFor();
  await fill(page, { 'When (cron, 90m, or ISO date)': '0 9 * * *', 'What to do': 'Say hello', Id: 'hello' });
  const row = page.getByRole('row', { name: /hello/ });
  await row.getByRole('button', { name: 'Pause' }).click();
  await row.getByText('paused').waitFor();
  expect((await ask(serve(), '/api/v1/tasks/hello')).json).toMatchObject({ state: 'paused' });
  await row.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await row.waitFor({ state: 'hidden' });
});

test('a PDF is uploaded, and its text is found with its place', SLOW, async () => {
  const file = join(await temporaryDirectory(), 'harbour.pdf');
  writeFileSync(file, pdf(['Of harbours.', 'The lighthouse was painted white.']));
  const { page } = await openPage(browser(), serve(), '/dashboard/knowledge');
  await page.getByLabel('Add files').setInputFiles(file);
  await page.getByText('1 of 1 added').waitFor();
  await page.getByLabel('Search the documents').fill('lighthouse');
  await page.getByText('The lighthouse was painted white.').waitFor();
  expect(await page.getByText('page 2').count()).toBe(1);
});

test('a setting is changed, refused when it is wrong, and undone', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/settings');
  await page.getByLabel('Find a setting').fill('ASSISTANT_NAME');
  const row = page.getByRole('row', { name: /^ASSISTANT_NAME / });
  await row.getByRole('button', { name: 'Change' }).click();
  await fill(page, { ASSISTANT_NAME: 'Jarvis' });
  await row.getByText('Jarvis').waitFor();
  await page.getByRole('button', { name: 'Undo the last change' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await row.getByText('Claw').waitFor();
  await page.getByLabel('Find a setting').fill('BOT_RATE_LIMIT');
  await page
    .getByRole('row', { name: /^BOT_RATE_LIMIT / })
    .getByRole('button', { name: 'Change' })
    .click();
  await page.getByRole('dialog').getByLabel('BOT_RATE_LIMIT').fill('many');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  expect(await page.getByRole('dialog').getByRole('alert').first().textContent()).toContain('BOT_RATE_LIMIT');
});

test('a memory is added with its reason, found, and forgotten', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/memory');
  await page.getByRole('button', { name: 'Remember something' }).click();
  await fill(page, { Category: 'facts', Key: 'boat', Value: 'The boat is called Heron.' });
  const row = page.getByRole('row', { name: /Heron/ });
  await row.waitFor();
  await page.getByRole('searchbox', { name: 'Search' }).fill('boat');
  await row.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await row.waitFor({ state: 'hidden' });
  expect((await ask(serve(), '/api/v1/memories')).json).toEqual([]);
});

test('the chain of the audit is proved on its page', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/audit');
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  expect(await page.getByText(/The chain is whole/).textContent()).toMatch(/\d+ rows/);
});

test('a tool of the marketplace is installed after its plan was shown, used, and uninstalled', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/tools');
  const row = page.getByRole('row', { name: /^unit_converter .*Install/ });
  await row.getByRole('button', { name: 'Install' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('What it may do').waitFor();
  await dialog.getByRole('button', { name: 'Install' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: 'unit_converter' }).waitFor();
  const uninstall = page.getByRole('button', { name: 'Uninstall' });
  const used = await ask(serve(), '/api/v1/tools/unit_converter/run', {
    body: { input: { value: 1, from: 'km', to: 'm' } },
  });
  expect(used.json).toMatchObject({ status: 'ok' });
  await uninstall.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await uninstall.waitFor({ state: 'hidden' });
});

test('the log is shown, and filtered', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/logs');
  await page.getByText('the HTTP API is answered').waitFor();
  await page.getByRole('searchbox', { name: 'Search' }).fill('no line has this in it');
  await page.getByText('Nothing here yet.').waitFor();
  expect(await page.locator('.log').count()).toBe(0);
});
